"""The sum over paths, the ledger, the matrices and the generated programs against the kernels' back-propagation."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.test_symbolic_networks import CELLS, layered, numbers_of, sequential, small_sequence
from tests.builders import network_experiment
from tests.patience import SECONDS
from vgdesk.records.parameters import named_arrays
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import gradient_program, matrices
from vgdesk.study.derive import derive
from vgdesk.symbolic.layers import couples_examples
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.shared import is_plain
from vgdesk.symbolic.views import GradientViews
from vgdesk.training.gradient import gradient


def require_agreement(experiment, numbers, position):
    """The paths' sum, carried forward, is what the kernels carry backward."""
    parameters, inputs, targets = numbers
    entries = learned_numbers(experiment.network)
    entry = entries[position % len(entries)]
    chosen = slice(None) if couples_examples(experiment) else slice(0, 1)
    found = named_arrays(experiment.network, gradient(experiment, parameters, inputs[chosen], targets[chosen]))
    view = GradientViews(experiment, entry.name, *numbers).paths(200)
    expected = float(found[entry.array][entry.position])
    size = sum(abs(path.value) for path in view.paths)
    # 1e-10 of what is added up: terms that cancel leave only that much of float64
    assert view.value == pytest.approx(expected, rel=1e-10, abs=1e-10 * size)
    assert sum(path.value for path in view.paths) + view.rest == pytest.approx(view.value, rel=1e-10, abs=1e-12 * size)


@settings(max_examples=25)
@given(experiment=layered(), seed=st.integers(0, 2**20), position=st.integers(0, 300))
def test_paths_through_layers_add_up_to_the_kernels_gradient(experiment, seed, position):
    require_agreement(experiment, numbers_of(experiment, seed), position)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_paths_through_time_add_up_to_the_kernels_gradient(cell):
    @settings(max_examples=6)
    @given(experiment=sequential(cell), seed=st.integers(0, 2**20), position=st.integers(0, 300))
    def agree(experiment, seed, position):
        require_agreement(experiment, numbers_of(experiment, seed), position)

    agree()


@settings(max_examples=20)
@given(
    widths=st.lists(st.integers(1, 3), min_size=3, max_size=5),
    activation=st.sampled_from([name for name in ACTIVATIONS if name != "prelu"]),
    seed=st.integers(0, 2**20),
)
def test_matrix_deltas_are_the_kernels_bias_gradients(widths, activation, seed):
    generator = np.random.default_rng(seed)
    x, t = generator.normal(size=(1, widths[0])), generator.normal(size=(1, widths[-1]))
    experiment = network_experiment(widths, [activation] * (len(widths) - 1), x.tolist(), t.tolist(), seed=seed)
    assert is_plain(experiment)
    parameters = numbers_of(experiment, seed)[0]
    expected = named_arrays(experiment.network, gradient(experiment, parameters, x, t))
    for step in matrices(experiment, "w1", parameters=parameters).steps:
        assert step.delta == pytest.approx(expected[f"b{step.layer}"], rel=1e-10, abs=1e-280)


@pytest.mark.parametrize("cell", CELLS[:2], ids=str)
def test_matrix_deltas_through_time_add_up_to_the_bias_gradient(cell):
    experiment = small_sequence(cell)
    view = matrices(experiment, "b1")
    assert sum(step.delta[0] for step in view.steps) == pytest.approx(derive(experiment, "b1").value, rel=1e-13)


def _printed(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.stderr == ""
    return float(done.stdout)


@pytest.mark.parametrize("language", ["numpy", "sympy"])
@pytest.mark.parametrize(("name", "wrt"), [("insurance", "w1"), ("mazur", "b2"), ("xor", "w5")])
def test_a_generated_program_prints_the_gradient(name, wrt, language):
    printed = _printed(gradient_program(example(name), wrt, language))
    assert printed == pytest.approx(derive(example(name), wrt).value, rel=1e-12)


@pytest.mark.parametrize("language", ["numpy", "sympy"])
def test_a_generated_program_knows_every_activation(language):
    names = [name for name in ACTIVATIONS if name != "prelu"]
    width = len(names) + 1
    experiment = network_experiment([1, *[1] * width], [*names, "identity"], [[0.7]], [[0.1]])
    printed = _printed(gradient_program(experiment, "w1", language))
    assert printed == pytest.approx(derive(experiment, "w1").value, rel=1e-10)


@pytest.mark.parametrize("cell", CELLS, ids=str)
@pytest.mark.parametrize("language", ["numpy", "sympy"])
def test_a_generated_program_goes_through_time(cell, language):
    experiment = small_sequence(cell)
    printed = _printed(gradient_program(experiment, "u1", language))
    assert printed == pytest.approx(derive(experiment, "u1").value, rel=1e-12)
