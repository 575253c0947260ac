"""The formula of one layer of a deep network, from measured profiles."""

import math

import msgspec
import numpy as np
import pytest

from vgdesk.present.formula import to_text
from vgdesk.present.layer_formula import layer_derivation, layer_sheet
from vgdesk.records.formula import Number, Product
from vgdesk.records.magnitude import geometric_mean, magnitude, value
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.layer import Residual
from vgdesk.spec.library import example

DEEP = example("digits-sigmoid-20")


def _profile(quantity, log10):
    return GradientProfile(
        experiment=DEEP.name, route="training", quantity=quantity, log10_norm=np.array(log10, float), step=7
    )


def _profiles(slope):
    falling = [slope * (layer - 20) - 1.0 for layer in range(1, 21)]
    return _profile("weight", falling), _profile("delta", falling)


def test_measured_factors_multiply_to_the_norm_of_delta():
    weight, delta = _profiles(0.6)
    factors = layer_derivation(DEEP, weight, delta, 3).factors
    assert math.prod(factor.value for factor in factors) == pytest.approx(10 ** delta.log10_norm[2], rel=1e-12, abs=0)


def test_every_factor_points_at_its_layer():
    places = [factor.place.layer for factor in layer_derivation(DEEP, *_profiles(0.6), 17).factors]
    assert places == [20, 19, 18, 17]


def test_the_note_tells_the_mean_factor():
    steps = layer_derivation(DEEP, *_profiles(0.5), 1).steps
    assert "19 layers pass on a factor of 0.316 each" in steps[-1].note


def test_the_output_layer_has_no_factor_between():
    steps = layer_derivation(DEEP, *_profiles(0.5), 20).steps
    assert "no factor lies between" in steps[-1].note


def test_zero_gradients_have_no_mean_factor():
    zero = _profile("delta", [-math.inf] * 20)
    assert "Some factor is zero" in layer_derivation(DEEP, zero, zero, 1).steps[-1].note


def test_the_sheet_typesets_every_layer():
    for layer in range(1, 21):
        sheet = layer_sheet(DEEP, *_profiles(0.6), layer)
        assert all(line.typst for step in sheet.steps for line in step.lines)


def test_magnitudes_outside_the_floating_range_keep_their_exponent():
    assert magnitude(-2.0) == Number(0.01)
    far = magnitude(-1234.5)
    assert isinstance(far, Product)
    assert far.factors[0] == Number(3.16)
    assert value(400.0) == math.inf


def test_the_geometric_mean_needs_finite_factors():
    assert geometric_mean([-1.0, -3.0]) == pytest.approx(0.01)
    assert geometric_mean([-math.inf, 0.0]) is None
    assert geometric_mean([]) is None


def test_the_result_leads_from_delta_to_the_gradient_of_the_weights():
    weight, delta = _profile("weight", [-3.0] * 20), _profile("delta", [-4.0] * 20)
    lines = [to_text(line) for line in layer_derivation(DEEP, weight, delta, 5).steps[-1].lines]
    assert lines == ["‖δ⁽⁵⁾‖ = 0.0001", "‖∂L/∂W⁽⁵⁾‖ = ‖δ⁽⁵⁾ (h⁽⁴⁾)ᵀ‖ = 10 × 0.0001 = 0.001"]


def test_very_many_factors_are_told_but_not_all_printed():
    deep = example("digits-sigmoid-100")
    falling = np.linspace(-70, 0, 100)
    profile = GradientProfile(experiment=deep.name, route="training", quantity="delta", log10_norm=falling)
    derivation = layer_derivation(deep, profile, profile, 1)
    lines = next(step for step in derivation.steps if step.title == "Measured factors").lines
    assert len(lines) <= 10
    assert len(derivation.factors) == 100


@pytest.mark.parametrize(("skip", "rule"), [(None, "(W⁽⁴⁾)ᵀ δ⁽⁴⁾"), (Residual(), "(∂h⁽³⁾/∂z⁽³⁾)ᵀ ∂L/∂h⁽³⁾")])
def test_a_skip_connection_above_asks_for_the_general_backward_rule(skip, rule):
    layers = list(DEEP.feed_forward.layers)
    layers[3] = msgspec.structs.replace(layers[3], skip=skip)
    network = msgspec.structs.replace(DEEP.feed_forward, layers=tuple(layers))
    experiment = msgspec.structs.replace(DEEP, network=network)
    step = layer_derivation(experiment, *_profiles(0.6), 3).steps[1]
    assert rule in to_text(step.lines[0])
