"""Theory's formula of a layer holds the numbers of the prediction."""

import re

import msgspec
import pytest

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.sheet import sheet_text
from vgdesk.present.theory_formula import theory_derivation, theory_sheet
from vgdesk.spec.initialisation import ScaledGaussian, Zeros
from vgdesk.spec.library import example
from vgdesk.study.predict import predict
from vgdesk.theory.depth_search import deepened


def test_the_factors_of_a_plain_network_are_its_chi():
    experiment = example("digits-sigmoid-20")
    prediction = predict(experiment)
    told = theory_derivation(experiment, prediction, 5)
    assert told.factors[-1].value == pytest.approx(prediction.chi[4], rel=1e-9)
    assert len(told.factors) == 20 - 5 + 1


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "digits-tanh-20", "digits-relu-20"])
def test_chi_in_the_line_and_chi_among_the_factors_are_one_number(name):
    experiment = example(name)
    prediction = predict(experiment)
    for layer in range(1, 20):
        told = theory_derivation(experiment, prediction, layer)
        assert told.factors[-1].value == pytest.approx(prediction.chi[layer - 1], rel=1e-9)


def test_where_fans_differ_the_line_says_which_sigma_w_is_whose():
    experiment = example("digits-sigmoid-20")
    first, middle = (sheet_text(theory_sheet(experiment, predict(experiment), layer)) for layer in (1, 9))
    assert "fan-in × Var W = 1.6 in layer 1, 64 → 16, but 1 in layer 2, 16 → 16: that is χ's below" in first
    assert "fan-in × Var W = 1 in layer 9, 16 → 16, and in layer 10" in middle


def test_the_numbers_of_the_variance_are_those_of_the_prediction():
    experiment = example("digits-sigmoid-20")
    prediction = predict(experiment)
    text = sheet_text(theory_sheet(experiment, prediction, 1))
    assert "1.6" in text
    assert number_text(float(prediction.variances[0])) in text


def test_a_normalised_layer_does_not_show_a_map_that_it_does_not_follow():
    experiment = example("digits-bn-relu-20")
    prediction = predict(experiment)
    text = sheet_text(theory_sheet(experiment, prediction, 3))
    assert prediction.variances[2] == pytest.approx(1.0, rel=1e-2)
    assert "Normalisation makes it what it is" in text


@pytest.mark.parametrize("layer", [1, 10, 20])
def test_the_result_is_the_predicted_median(layer):
    experiment = example("digits-tanh-20")
    prediction = predict(experiment)
    weight = prediction.profile("weight")
    assert theory_derivation(experiment, prediction, layer).value == pytest.approx(10 ** weight.log10_norm[layer - 1])


def test_a_gradient_that_is_exactly_0_has_no_band_around_it():
    experiment = example("digits-tanh-20")
    silent = msgspec.structs.replace(experiment, initialisation=Zeros())
    texts = [sheet_text(theory_sheet(each, predict(each), 3)) for each in (silent, experiment)]
    assert "Exactly 0, whatever weights are drawn." in texts[0]
    assert ["lie within a factor" in text for text in texts] == [False, True]


def test_a_measured_profile_is_compared_with_the_prediction():
    experiment = example("digits-tanh-20")
    prediction = predict(experiment)
    text = sheet_text(theory_sheet(experiment, prediction, 3, prediction.profile("weight")))
    assert "1 times that" in text


def test_around_skip_connections_the_sheet_says_what_else_is_in_the_factors():
    experiment = example("digits-resnet-50")
    assert "skip connections" in sheet_text(theory_sheet(experiment, predict(experiment), 10))


def test_a_variance_beyond_float64_is_a_power_of_ten_in_the_formula():
    experiment = deepened(example("digits-relu-20"), 300)
    experiment = msgspec.structs.replace(experiment, initialisation=ScaledGaussian(sigma_w=1e-3, sigma_b=0.0))
    prediction = predict(experiment)
    text = sheet_text(theory_sheet(experiment, prediction, 200))
    # 2.86 x 10^-1261 = 10^-6 x 2.86 x 10^-1255
    assert prediction.log10_variances[199] == pytest.approx(-1260.54, abs=0.01)
    assert "1×10⁻⁶ × 2.86 × 10⁻¹²⁵⁵ + 0 = 2.86 × 10⁻¹²⁶¹" in text


@pytest.mark.parametrize(("name", "layer"), [("digits-resnet-50", 25), ("digits-bn-relu-20", 12)])
def test_a_factor_that_is_not_chi_is_not_called_chi(name, layer):
    experiment = example(name)
    prediction = predict(experiment)
    told = theory_derivation(experiment, prediction, layer)
    text = sheet_text(theory_sheet(experiment, prediction, layer))
    chi, factor = float(prediction.chi[layer - 1]), told.factors[-1].value
    raised = str(layer).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert re.search(rf"χ⁽{raised}⁾ = .* = {number_text(chi)}\n", text)
    assert f"ψ⁽{raised}⁾ = {number_text(factor)}\n" in text
    assert abs(factor - chi) > 0.1
    assert "ψ⁽ᵏ⁾" in text
    assert "χ⁽ᵏ⁾" not in text


def test_among_the_factors_of_a_plain_network_is_no_other_letter():
    experiment = example("digits-tanh-20")
    text = sheet_text(theory_sheet(experiment, predict(experiment), 5))
    assert "χ⁽ᵏ⁾" in text
    assert "ψ" not in text
