"""Theory of mixtures by their words: fixed points, critical line and phase diagram of layers whose units differ."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.test_theory_monte_carlo import measured
from tests.theory.test_units import NAMES, deep, layer_of
from vgdesk.errors import SpecError
from vgdesk.spec.mixture import layer_mixture, parts_of, settled, words_of
from vgdesk.theory.correlation import correlation_slope, pair_moment
from vgdesk.theory.critical import critical
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.moments import moments_at
from vgdesk.theory.phase import phase_diagram

MIXTURES = ("mix: relu & tanh", "mix: 2 gelu & 5 identity & sigmoid", "mix: 3 silu & formula: z/(1 + abs(z))")


@given(NAMES)
def test_a_layer_is_spelled_so_that_its_shares_can_be_read(names):
    layer = layer_of(names)
    assert dict(parts_of(layer_mixture(layer))) == pytest.approx(layer.shares)


@given(NAMES, st.randoms())
def test_the_order_of_the_units_does_not_change_the_word(names, chance):
    other = list(names)
    chance.shuffle(other)
    assert layer_mixture(layer_of(other)) == layer_mixture(layer_of(names)) == settled(layer_mixture(layer_of(names)))


def test_people_read_the_shares_largest_first():
    assert words_of("mix: tanh & 3 relu") == "a mix of 75% ReLU and 25% tanh"
    assert words_of("mix: tanh & 3 relu & gelu & elu & 4 selu").endswith("and 2 more")


@pytest.mark.parametrize(
    ("mixture", "sentence"),
    [
        ("mix: relu", "must hold 2 to 64 activations with & between them"),
        ("mix: relu & 2 relu", "two different activations or more, got only relu"),
        ("mix: relu & prelu", "must not be prelu"),
        ("mix: relu & nothing", "activation of a mixture must be one of sigmoid"),
        ("mix: 0 relu & tanh", "number of units with relu in a mixture must be from 1 to 4096, got 0"),
        ("mix: relu & ", "activation of a mixture must be one of"),
    ],
)
def test_a_word_that_is_no_mixture_says_why(mixture, sentence):
    with pytest.raises(SpecError, match=sentence):
        critical(mixture, 0.1)


@pytest.mark.parametrize("mixture", MIXTURES)
@pytest.mark.parametrize("sigma_b", [0.05, 0.5])
def test_critical_points_of_a_mixture_are_fixed_points_with_chi_1(mixture, sigma_b):
    for point in critical(mixture, sigma_b).points:
        at = [(share, moments_at(name, point.q)) for name, share in parts_of(mixture)]
        square, slope = sum(p * m.square for p, m in at), sum(p * m.slope_square for p, m in at)
        assert point.sigma_w**2 * slope == pytest.approx(1.0, abs=1e-10)
        assert point.sigma_w**2 * square + sigma_b**2 == pytest.approx(point.q, rel=1e-9)


def test_straight_lines_mixed_are_critical_at_every_variance():
    (point,) = critical("mix: relu & identity", 0.0).points
    assert point.q is None
    assert point.sigma_w == pytest.approx((4 / 3) ** 0.5, rel=1e-15)
    assert mean_field("mix: relu & identity", 1.0, 0.5).reached.q == pytest.approx(1.0, rel=1e-12)


def test_a_mixture_lies_between_its_activations():
    sigmas = [critical(name, 0.3).points[0].sigma_w for name in ("tanh", "mix: tanh & sigmoid")]
    assert sigmas[0] < sigmas[1] < critical("sigmoid", 5.0).points[0].sigma_w


def test_correlation_of_a_mixture_is_the_mean_over_the_units():
    wanted = (3 * pair_moment("relu", 1.2, 0.3) + pair_moment("tanh", 1.2, 0.3)) / 4
    assert pair_moment("mix: 3 relu & tanh", 1.2, 0.3) == pytest.approx(wanted, rel=1e-14)
    chaotic = mean_field("mix: 3 relu & tanh", 1.45, 0.0).reached
    assert correlation_slope("mix: 3 relu & tanh", 1.45, chaotic.q, 1.0) == pytest.approx(chaotic.chi_1, rel=1e-9)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_the_phase_diagram_of_a_mixture_holds_its_fixed_points(mixture):
    found = phase_diagram(mixture, (0.6, 1.6), (0.1, 1.0), 4)
    for row, column in np.ndindex(4, 4):
        reached = mean_field(mixture, float(found.sigma_w[column]), float(found.sigma_b[row])).reached
        if reached is None:
            assert np.isinf(found.q[row, column])
        else:
            assert found.chi_1[row, column] == pytest.approx(reached.chi_1, rel=1e-6)


def test_drawn_networks_on_the_critical_line_of_a_mixture_keep_their_gradient():
    point = critical("mix: relu & tanh", 0.2).points[0]
    experiment = deep(("relu", "tanh"), width=300, depth=12, sigma_w=point.sigma_w, batch=1)
    inputs = np.array(experiment.task.inputs)
    # the input already has the variance of the fixed point
    inputs *= np.sqrt((point.q - 0.04) / point.sigma_w**2 / np.mean(inputs**2))
    task = msgspec.structs.replace(experiment.task, inputs=tuple(map(tuple, inputs.tolist())))
    states = measured(msgspec.structs.replace(experiment, task=task), 40)[1]
    squares = 10 ** (2 * (states[:, 0] - states[:, -2]))
    assert np.mean(squares) ** (1 / (states.shape[1] - 2)) == pytest.approx(1.0, rel=0.02)
