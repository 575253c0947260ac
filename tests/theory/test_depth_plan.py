"""The depth planner: its answer is the depth at which the prediction itself crosses the limit."""

import math

import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.study.plan import plan
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory.deep_factors import deep_factors
from vgdesk.theory.depth_plan import deepened
from vgdesk.theory.initialisation import layer_start
from vgdesk.theory.predict import predict_feed_forward


def decades(experiment, depth):
    """Returns log10 of |dL/dz| of layer 1 over the output's, root mean squares, of a network of another depth."""
    data = first_examples(experiment)
    delta = predict_feed_forward(deepened(experiment, depth), data.inputs, data.targets).profile("delta")
    square = delta.log10_norm + math.log(10) * delta.log10_deviation**2
    return square[0] - square[-1]


def test_the_deepest_network_keeps_the_ratio_and_one_layer_more_does_not():
    experiment = example("digits-sigmoid-20")
    deepest = plan(experiment, 1e-30).deepest
    assert decades(experiment, deepest) >= -30.0 > decades(experiment, deepest + 1)


def test_sigmoid_with_equal_fans_and_sigma_1_loses_twelve_decades_in_twenty_layers():
    assert plan(example("digits-sigmoid-20")).log10_ratio == pytest.approx(-12.1, abs=0.1)


def test_a_relu_network_of_he_is_critical_at_any_depth():
    found = plan(example("digits-relu-20"))
    assert found.deepest is None
    assert found.critical_sigma_w == pytest.approx(math.sqrt(2.0), rel=1e-8)
    assert math.isinf(found.xi)


def test_float16_holds_less_depth_than_bfloat16():
    experiment = example("digits-sigmoid-20")
    assert (
        plan(experiment, "float16").deepest < plan(experiment, "bfloat16").deepest < plan(experiment, "float64").deepest
    )


@pytest.mark.parametrize("name", ["insurance", "digits-rnn-rows"])
def test_where_theory_is_silent_the_plan_gives_a_reason(name):
    assert plan(example(name)).reason


def test_normalisation_has_no_critical_start_and_says_so():
    found = plan(example("digits-bn-relu-20"))
    assert found.critical_sigma_w is None
    assert "normalisation" in found.critical_note


@pytest.mark.parametrize("limit", [0.0, 1.0, -1.0, math.nan, "float8"])
def test_a_limit_that_is_none_is_refused_by_its_value(limit):
    with pytest.raises(SpecError, match=str(limit)):
        plan(example("digits-sigmoid-20"), limit)


@pytest.mark.parametrize("name", ["digits-tanh-20", "digits-relu-20", "digits-sigmoid-20"])
def test_followed_factors_are_those_of_a_deep_prediction(name):
    experiment = deepened(example(name), 80)
    data = first_examples(experiment)
    probe = predict_feed_forward(experiment, data.inputs, data.targets)
    delta = probe.profile("delta")
    square = delta.log10_norm + math.log(10) * delta.log10_deviation**2
    followed = deep_factors(
        experiment.feed_forward.layers[40], layer_start(experiment, 41), float(probe.variances[40])
    ).decades[:20]
    expected = (square[:-1] - square[1:])[40 : 40 + len(followed)]
    np.testing.assert_allclose(followed, expected, atol=2e-4)  # examples still differ a little in their variance


def test_diagram_and_planner_know_the_same_chi_of_tanh_at_its_cusp():
    found = plan(example("digits-tanh-20"))
    assert found.chi_1 == found.chi == pytest.approx(1.0, abs=1e-9)


def test_an_example_of_zeros_has_the_slope_of_the_activation_at_zero():
    deltas = predict(example("xor")).profile("delta").log10_norm  # one of its four inputs is (0, 0)
    assert np.all(np.abs(deltas) < 1.0)
