"""Symbolic, back-propagated and finite-difference gradients of the same network are the same numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import chain, network_experiment
from vgdesk.present.check import check_lines
from vgdesk.spec.activation import ACTIVATIONS, facts_of
from vgdesk.spec.library import example
from vgdesk.study.derive import derive, symbolic_profile
from vgdesk.study.verify import TOLERANCE_CENTRAL, verify
from vgdesk.symbolic.gradients import central_differences
from vgdesk.training.data import load
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import train
from vgdesk.training.parameters import draw

NAMES = (*ACTIVATIONS, "elu(0.5)", "celu(2)")


@pytest.mark.parametrize("name", ["insurance", "insurance-sparse"])
def test_insurance_gradient_is_0_0015_on_every_route(name):
    experiment = example(name)
    data, parameters = load(experiment.task), draw(experiment)
    trained = gradient(experiment, parameters)
    central = central_differences(experiment, parameters, data.inputs, data.targets)
    values = [derive(experiment, "w1").value, float(trained.weights[0][0, 0]), central["w1"]]
    assert values == pytest.approx([0.0015] * 3, abs=1e-15)


def numbers(limit):
    """Draws numbers of three decimals other than 0."""
    return st.floats(-limit, limit).map(lambda value: round(value, 3) or 0.5)


@st.composite
def small_experiments(draw_from):
    widths = draw_from(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    loss = draw_from(st.sampled_from(["mse", "half-mse-sum", "bce", "softmax-cross-entropy"]))
    hidden = [draw_from(st.sampled_from(NAMES)) for _ in widths[2:]]
    output = {"bce": "sigmoid", "softmax-cross-entropy": "identity"}.get(loss, "tanh")
    number = numbers(2.0)
    target = st.floats(0, 1).map(lambda value: round(value, 3))
    examples = draw_from(st.integers(1, 3))
    rows = [draw_from(st.lists(number, min_size=widths[0], max_size=widths[0])) for _ in range(examples)]
    targets = [draw_from(st.lists(target, min_size=widths[-1], max_size=widths[-1])) for _ in range(examples)]
    seed = draw_from(st.integers(0, 1000))
    return network_experiment(widths, [*hidden, output], rows, targets, loss, seed=seed)


@given(small_experiments())
@settings(max_examples=40, deadline=None)
def test_any_small_network_agrees_three_ways(experiment):
    verification = verify(experiment)
    assert verification.passed, verification.sentence


def test_a_loss_linear_in_its_weights_has_no_remainder_to_fall():
    experiment = network_experiment([1, 1], ["identity"], [[0.688]], [[0.625]], "softmax-cross-entropy")
    verification = verify(experiment)
    assert verification.passed, verification.sentence
    assert verification.taylor_backpropagated is None


@pytest.mark.parametrize("name", NAMES)
@given(numbers(3.0), numbers(3.0), numbers(2.0))
@settings(max_examples=5, deadline=None)
def test_every_activation_agrees_three_ways_hidden_and_at_the_output(name, weight, second, x):
    verification = verify(chain([weight, second], [0.3, -0.2], x, 0.5, name))
    assert verification.passed, verification.sentence


@pytest.mark.parametrize(("name", "kink"), [(name, kink) for name in NAMES for kink in facts_of(name).kinks])
@pytest.mark.parametrize("distance", [0.0, 1e-13, -1e-13])
def test_at_a_kink_the_central_difference_does_not_count(name, kink, distance):
    verification = verify(chain([1.0, 0.5], [kink + distance, 0.25], 0.0, 0.5, name))
    assert verification.passed, verification.sentence
    assert verification.at_kink
    assert ": symbolic = back-propagated (" in verification.sentence
    assert "stands at a kink, where the central difference does not count" in verification.sentence
    assert max(abs(row.central_difference - row.symbolic) for row in verification.rows) > 1e-4


@pytest.mark.parametrize(("name", "kink"), [(name, kink) for name in NAMES for kink in facts_of(name).kinks])
def test_at_a_kink_the_slopes_on_its_two_sides_stand_in_place_of_an_error(name, kink):
    verification = verify(chain([1.0, 0.5], [kink, 0.25], 0.0, 0.5, name))
    told = [row for row in verification.rows if row.relative_error_central is None]
    assert told
    for row in told:
        assert row.slope_below != row.slope_above
        assert (row.slope_below + row.slope_above) / 2 == pytest.approx(row.central_difference, rel=1e-9)
        # the convention is the slope on one side, or 0 between two of opposite sign
        assert any(row.symbolic == pytest.approx(slope, rel=1e-12) for slope in (row.slope_below, row.slope_above, 0))
    assert verification.largest_error_central <= TOLERANCE_CENTRAL


@pytest.mark.parametrize("name", ["insurance", "insurance-sparse", "classic-chain", "mazur"])
def test_symbolic_profile_equals_the_first_recorded_step(name):
    experiment = example(name)
    recorded = next(train(experiment)).log10_norm("weight")[0]
    np.testing.assert_allclose(symbolic_profile(experiment).log10_norm, recorded, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("depth", "weight"), [(50, 0.5), (75, 1.0), (124, 1.0)])
def test_deep_chains_agree_far_below_the_digits_of_the_loss(depth, weight):
    verification = verify(chain([weight] * depth, [0.0] * depth, 1.0, 1.0, "sigmoid"))
    assert verification.passed, verification.sentence


def plant(monkeypatch, share):
    """Makes the kernel's gradient of w1 wrong by a share of itself."""
    import vgdesk.study.verify as study

    def spoiled(*arguments):
        right = gradient(*arguments)
        right.weights[0].setflags(write=True)
        right.weights[0][0, 0] *= 1 + share
        return right

    monkeypatch.setattr(study, "gradient", spoiled)


def test_a_wrong_gradient_would_be_noticed(monkeypatch):
    plant(monkeypatch, 1e-9)
    verification = verify(example("insurance"))
    assert not verification.passed
    assert "disagree at w1" in verification.sentence
    assert [row.name for row in verification.rows if not row.agrees] == ["w1"]


def test_a_planted_wrong_gradient_gives_the_taylor_remainder_the_slope_1(monkeypatch):
    plant(monkeypatch, 0.1)
    verification = verify(example("insurance"))
    assert not verification.passed
    assert verification.taylor_symbolic == pytest.approx(2.0, abs=0.01)
    assert verification.taylor_backpropagated == pytest.approx(1.0, abs=0.01)
    assert verification.largest_error_backpropagated == pytest.approx(0.1, rel=1e-9)


@pytest.mark.parametrize("name", ["insurance", "xor", "mazur", "circles", "chain-exploding", "chain-flat"])
def test_right_gradients_give_the_taylor_remainder_the_slope_2(name):
    verification = verify(example(name))
    slopes = verification.taylor_symbolic, verification.taylor_backpropagated
    assert slopes == pytest.approx((2.0, 2.0), abs=0.02)
    assert verification.largest_error_backpropagated < 1e-10


def test_a_loss_without_curvature_or_a_kink_has_no_slope_to_measure():
    assert verify(chain([1.0, 0.5], [0.0, 0.25], 0.0, 0.5, "relu")).taylor_symbolic is None


def test_a_linear_loss_whose_gradient_is_rounded_is_not_taken_for_a_wrong_one():
    target = 0.0033112582781456954  # 1 - target has no exact float64, and nothing bends that could hide it
    experiment = network_experiment([1, 1], ["identity"], [[0.0]], [[target]], "softmax-cross-entropy")
    verification = verify(experiment)
    assert verification.passed, verification.sentence


def opposite_examples():
    """Returns a network whose examples cancel: dL/dw1 is 0 in closed form, and a rounding in float64."""
    return network_experiment([1, 1], ["identity"], [[0.7], [-0.7]], [[0.6], [0.6]], "softmax-cross-entropy")


def off_by(experiment, error, monkeypatch):
    """Lets back-propagation be off by an error in w1, whatever this processor's own rounding is."""
    wrong = gradient(experiment, draw(experiment))
    wrong.weights[0].setflags(write=True)
    wrong.weights[0][0, 0] += error
    monkeypatch.setattr("vgdesk.study.verify.gradient", lambda *_: wrong)


def test_examples_that_cancel_are_compared_with_the_size_of_what_cancels(monkeypatch):
    experiment = opposite_examples()
    off_by(experiment, 2e-17, monkeypatch)
    verification = verify(experiment)
    assert verification.passed, verification.sentence
    weight = verification.rows[0]
    assert weight.symbolic == 0.0 != weight.backpropagated


def test_a_wrong_gradient_is_noticed_where_examples_cancel(monkeypatch):
    experiment = opposite_examples()
    off_by(experiment, 1e-12, monkeypatch)
    verification = verify(experiment)
    assert [row.name for row in verification.rows if not row.agrees] == ["w1"]


def test_gradients_beyond_every_number_are_told_and_are_no_disagreement():
    found = verify(network_experiment([1, 1, 1], ["formula: z*1e200", "identity"], [[1e200]], [[0.0]]))
    assert found.passed
    assert found.sentence.startswith("No gradient is finite for these numbers (4 parameters)")
    assert check_lines(found, "w1")[0].endswith("nothing finite to compare · slope 2.00")
    assert "=" not in check_lines(found, "w1")[0]


def test_a_loss_beyond_float64_leaves_back_propagation_nothing_to_compare():
    # the square of the error is beyond float64: the step ends there, and no gradient is propagated back
    found = verify(network_experiment([1, 1, 1], ["relu", "identity"], [[1e160]], [[0.0]]))
    assert found.passed, found.sentence
    assert found.sentence.startswith("The loss, or a number on the way to it, is beyond float64")
    assert any(math.isfinite(row.symbolic) for row in found.rows)
    assert all(math.isnan(row.relative_error_backpropagated) for row in found.rows)


def test_a_gradient_that_is_no_number_though_the_loss_is_one_is_a_disagreement(monkeypatch):
    experiment = opposite_examples()
    off_by(experiment, math.nan, monkeypatch)
    assert not verify(experiment).passed
