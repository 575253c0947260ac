"""The derivation equals `sympy.diff` of the loss as one composed expression, for networks of every feed-forward kind.

The composed expression grows beyond use quickly, so networks are small: up to two hidden layers of up to two units.
"""

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.agreement.test_symbolic_networks import composed, layered, numbers_of
from tests.symbolic.test_matrix_of_blocks import EXPERIMENTS
from vgdesk.spec.library import example
from vgdesk.study.verify import KINK_REACH
from vgdesk.symbolic.gradients import BatchGradient
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.network import named
from vgdesk.symbolic.shared import given_numbers, unfold

PUBLISHED = ("insurance", "insurance-sparse", "mazur", "classic-chain")
DIGITS = 40


def require_composed(experiment, seed, names=None):
    """Compares dL/d(name), every name unless some are told, relative to the largest of them."""
    parameters, inputs, targets = numbers_of(experiment, seed)
    loss = composed(unfold(experiment, len(inputs)))
    at = {named(n): sp.Float(str(v), DIGITS) for n, v in given_numbers(experiment, parameters, inputs, targets).items()}
    gradient = BatchGradient(experiment, parameters, inputs, targets)
    derived = {name: float(value) for name, value in gradient.by_name().items()}
    size = max(map(abs, derived.values()))
    for name in names or [entry.name for entry in learned_numbers(experiment.network)]:
        expected = float(sp.diff(loss, named(name)).doit().xreplace(at).evalf(30))
        assert derived[name] == pytest.approx(expected, rel=1e-10, abs=1e-12 * size), name


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_networks_are_what_sympy_makes_of_the_whole(name):
    require_composed(example(name), 7)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_layers_with_one_option_and_cells_are_what_sympy_makes_of_the_whole(name):
    require_composed(EXPERIMENTS[name], 7)


@settings(max_examples=12, deadline=None)
@given(experiment=layered(), seed=st.integers(0, 1000), position=st.integers(0, 300))
def test_layers_with_any_options_are_what_sympy_makes_of_the_whole(experiment, seed, position):
    numbers = numbers_of(experiment, seed)
    assume(not BatchGradient(experiment, *numbers).is_at_kink(KINK_REACH))
    assume(len(numbers[1]) <= 2 and max(experiment.network.widths) <= 2)
    entries = learned_numbers(experiment.network)
    require_composed(experiment, seed, [entries[position % len(entries)].name])
