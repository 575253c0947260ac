"""The depth planner: its answer is the depth at which the prediction itself crosses the limit."""

import math
import re

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.bench.theory import deep_network
from vgdesk.errors import SpecError
from vgdesk.present.depth_plan import plan_sentences
from vgdesk.spec.initialisation import Orthogonal, ScaledGaussian, Zeros
from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.library import example
from vgdesk.spec.network import MAX_DEPTH
from vgdesk.study.plan import plan
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory.depth_plan import depth_plan
from vgdesk.theory.depth_search import deepened, search
from vgdesk.theory.predict import predict_feed_forward


def decades(experiment, depth):
    """Returns log10 of |dL/dz| of layer 1 over the output's, as predicted for a network of another depth."""
    data = first_examples(experiment)
    found = predict_feed_forward(deepened(experiment, depth), data.inputs, data.targets)
    delta = found.profile("delta")
    return delta.log10_norm[0] - delta.log10_norm[-1] if delta else math.nan


KINDS = {
    "plain tanh": {"activation": "tanh"},
    "plain relu": {"activation": "relu", "sigma_w": 1.5},
    "residual": {"activation": "tanh", "skip": Residual()},
    "highway": {"activation": "tanh", "skip": Highway(gate_bias=-1.0), "sigma_w": 2.0},
    "batch norm": {"activation": "relu", "normalisation": "batch"},
    "layer norm": {"activation": "tanh", "normalisation": "layer"},
    "dropout": {"activation": "tanh", "dropout": 0.4, "sigma_w": 0.7},
}


@pytest.mark.parametrize("width", [8, 30, 120])
@pytest.mark.parametrize("kind", KINDS)
def test_the_deepest_network_is_predicted_within_the_limit_and_one_layer_more_is_not(kind, width):
    experiment = deep(width=width, depth=12, **KINDS[kind])
    deepest = plan(experiment, 1e-2).deepest
    assert abs(decades(experiment, deepest)) <= 2.0
    assert not abs(decades(experiment, deepest + 1)) <= 2.0


@pytest.mark.parametrize("limit", [1e-6, "float16"])
def test_where_the_gradient_is_0_in_the_output_layer_too_nothing_is_planned(limit):
    experiment = deep(activation="relu", width=8, depth=4)
    found = depth_plan(experiment, np.zeros((2, experiment.network.inputs)), np.zeros((2, 1)), limit)
    assert plan_sentences(found)[0] == "No plan: the gradient is exactly 0 in the output layer, too."
    assert plan_sentences(found)[1].startswith("Critical (χ₁ = 1) with σ_w = 1.414")  # the diagram goes on


@pytest.mark.parametrize(
    ("activation", "sigma_w", "around", "reason"),
    [
        ("formula: 1", 1.0, {"normalisation": "batch"}, "the slope of the activation is 0"),
        ("formula: 1", 1.0, {"dropout": 0.2}, "the slope of the activation is 0"),
        ("tanh", 0.0, {"normalisation": "batch"}, "the weights are 0"),
        ("tanh", 0.0, {}, "the weights are 0"),
    ],
)
def test_layers_that_pass_nothing_on_have_chi_0_and_say_why(activation, sigma_w, around, reason):
    found = plan(deep(activation, depth=3, sigma_w=sigma_w, **around))
    assert found.chi == found.xi == 0.0
    assert math.isnan(found.log10_deviation)
    assert f" = 0 ({reason}) per layer " in plan_sentences(found)[1]
    assert not re.search(r"\bnan\b", " ".join(plan_sentences(found)), re.IGNORECASE)


def test_where_no_gradient_leaves_the_output_layer_no_chi_is_told():
    experiment = deep(depth=3, normalisation="batch")
    *hidden, last = experiment.feed_forward.layers
    silent = msgspec.structs.replace(last, initialisation=Zeros())
    network = msgspec.structs.replace(experiment.feed_forward, layers=(*hidden, silent))
    found = plan(msgspec.structs.replace(experiment, network=network))
    assert math.isnan(found.chi)
    assert plan_sentences(found)[1] == (
        "σ_w = 1, σ_b = 0: no χ with batch normalisation to tell, for no gradient reaches the layers in the middle."
    )


def test_decades_beside_wide_layers_that_pass_nothing_on_are_not_told():
    start = ScaledGaussian(sigma_w=1e-6, sigma_b=0.1)
    found = plan(msgspec.structs.replace(deep(depth=1, normalisation="batch"), initialisation=start))
    assert math.isfinite(found.log10_ratio)
    assert found.log10_wide == -math.inf
    assert "inf" not in " ".join(plan_sentences(found))


def test_a_network_that_is_too_deep_as_it_is_is_made_shallower():
    experiment = example("digits-sigmoid-100")
    deepest = plan(experiment, 1e-30).deepest
    assert deepest < 100
    assert decades(experiment, deepest) >= -30.0 > decades(experiment, deepest + 1)


@pytest.mark.parametrize("name", ["digits-bn-relu-20", "digits-sigmoid-20"])
def test_the_factor_to_stay_within_is_above_1_whether_gradients_shrink_or_grow(name):
    words = " ".join(plan_sentences(plan(example(name), 1e-6)))
    assert "is within a factor 10⁶ of the output's" in words


def test_narrow_layers_end_what_wide_ones_pass_on():
    narrow, wide = (plan(deep("relu", depth=12, sigma_w=math.sqrt(2.0), width=width), 1e-3) for width in (16, 64))
    assert narrow.chi == wide.chi == pytest.approx(1.0)
    assert narrow.deepest < wide.deepest / 3
    assert narrow.log10_ratio < narrow.log10_wide


def test_beyond_what_a_spec_allows_the_pace_of_the_deepest_layers_is_told():
    found = plan(deep("relu", depth=12, sigma_w=math.sqrt(2.0), width=100), 1e-12)
    assert found.deepest is None
    assert found.tried == MAX_DEPTH
    assert MAX_DEPTH < found.estimate < 10 * MAX_DEPTH


def test_orthogonal_linear_layers_keep_their_gradient_at_any_depth():
    experiment = msgspec.structs.replace(deep("identity", depth=12), initialisation=Orthogonal())
    found = plan(experiment, 1e-3)
    assert (found.deepest, found.estimate) == (None, None)


def test_search_finds_a_crossing_wherever_it_lies():
    for crossing in (2, 3, 57, 199, 640):
        found = search(lambda depth, end=crossing: -float(depth > end) - depth / 1000, 40, 1000, (-1.0, 1.0))
        assert found.deepest == crossing


def test_sigmoid_with_equal_fans_and_sigma_1_loses_twelve_decades_in_twenty_layers():
    assert plan(example("digits-sigmoid-20")).log10_ratio == pytest.approx(-12.1, abs=0.1)


def test_a_relu_network_of_he_is_critical():
    found = plan(example("digits-relu-20"))
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


def test_beside_dropout_normalisation_still_undoes_every_start():
    found = plan(deep(dropout=0.3, normalisation="layer"))
    assert (found.critical_sigma_w, found.off_critical) == (None, ())
    assert "normalisation" in found.critical_note


@pytest.mark.parametrize(("activation", "plain"), [("tanh", 1.0), ("relu", math.sqrt(2.0)), ("sigmoid", 10.14926)])
@pytest.mark.parametrize("dropout", [0.2, 0.8])
def test_with_dropout_the_critical_start_is_where_chi_over_the_kept_share_is_1(activation, plain, dropout):
    found = plan(deep(activation, sigma_w=plain, dropout=dropout))
    assert found.critical_sigma_w == pytest.approx(plain * math.sqrt(1.0 - dropout), rel=1e-5)
    assert found.chi > 1.01
    assert not found.is_critical
    again = plan(deep(activation, depth=40, sigma_w=found.critical_sigma_w, dropout=dropout))
    assert again.is_critical
    assert again.chi == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("dropout", [0.0, 0.2, 0.8])
def test_at_the_critical_start_of_dropout_the_prediction_is_level(dropout):
    start = plan(deep("relu", dropout=dropout)).critical_sigma_w
    assert np.ptp(predict(deep("relu", sigma_w=start, dropout=dropout)).wide) < 1e-6


def test_a_network_whose_gradients_explode_by_dropout_is_not_called_critical():
    words = " ".join(plan_sentences(plan(deep(depth=50, width=256, dropout=0.8))))
    assert "χ with dropout = 1.48 per layer deep inside" in words
    assert "Critical (χ with dropout = 1) with σ_w = 0.4472, σ_b = 0 (of sizes only" in words
    assert "drawn so already" not in words


@pytest.mark.parametrize("limit", [0.0, 1.0, -1.0, math.nan, "float8"])
def test_a_limit_that_is_none_is_refused_by_its_value(limit):
    with pytest.raises(SpecError, match=str(limit)):
        plan(example("digits-sigmoid-20"), limit)


def test_diagram_and_planner_know_the_same_chi_of_tanh_at_its_cusp():
    found = plan(example("digits-tanh-20"))
    assert found.chi_1 == found.chi == pytest.approx(1.0, abs=1e-9)


def test_an_example_of_zeros_has_the_slope_of_the_activation_at_zero():
    deltas = predict(example("xor")).profile("delta").log10_norm  # one of its four inputs is (0, 0)
    assert np.all(np.abs(deltas) < 1.0)


@pytest.mark.parametrize("name", ["digits-bn-relu-20", "digits-resnet-50"])
def test_chi_belongs_to_the_network_and_not_to_the_limit(name):
    found = [plan(example(name), limit) for limit in (1e-6, 1e-3, "float16")]
    assert len({each.chi for each in found}) == 1
    assert found[1].deepest < found[0].deepest


def test_what_makes_the_deepest_network_less_sure_is_told():
    found = plan(example("digits-bn-relu-20"), "float32")
    assert not predict(example("digits-bn-relu-20")).note
    assert "taken to pass on what the layers around them do" in found.note


def test_the_planner_speaks_of_the_layer_that_it_repeats():
    found, experiment = plan(example("circles")), example("circles")
    again = plan(deepened(experiment, experiment.feed_forward.depth + 1))
    assert (found.sigma_w, found.chi) == (again.sigma_w, again.chi) == pytest.approx((1.0, 1.0))


def test_gradients_of_one_size_are_not_told_as_no_decades():
    found = plan(example("circles"))
    assert abs(found.log10_ratio) < 0.05
    assert "layer 1 is as large as the output's" in plan_sentences(found)[0]


def test_a_brief_plan_says_of_the_network_as_it_is_what_the_whole_one_says():
    experiment, inputs, targets = deep_network("tanh", layers=12)
    whole, brief = (depth_plan(experiment, inputs, targets, 1e-6, is_brief=brief) for brief in (False, True))
    assert brief.is_brief
    assert not whole.is_brief
    for name in ("sigma_w", "sigma_b", "chi", "chi_1", "log10_ratio", "log10_wide", "critical_sigma_w"):
        assert getattr(brief, name) == getattr(whole, name), name
    assert brief.critical_note == whole.critical_note
    assert "not looked for" in " ".join(plan_sentences(brief))
    assert (brief.deepest, brief.tried) == (None, 0)


def test_of_layers_with_different_dropout_it_is_told_whose_the_critical_sigma_w_is():
    alike = deep(activation="tanh", dropout=0.2)
    assert "σ_w is that of" not in plan(alike).critical_note
    first, *others = alike.feed_forward.layers
    mixed = msgspec.structs.replace(alike.feed_forward, layers=(msgspec.structs.replace(first, dropout=0.5), *others))
    found = plan(msgspec.structs.replace(alike, network=mixed))
    number = alike.feed_forward.depth // 2
    assert f"σ_w is that of layer {number} with dropout 0.2; with p it goes as √(1 − p)" in found.critical_note
    assert found.critical_note in " ".join(plan_sentences(found))
