"""Theory's formula of a layer holds the numbers of the prediction."""

import pytest

from vgdesk.present.sheet import sheet_text
from vgdesk.present.theory_formula import theory_derivation, theory_sheet
from vgdesk.spec.library import example
from vgdesk.study.predict import predict


def test_the_factors_of_a_plain_network_are_its_chi():
    experiment = example("digits-sigmoid-20")
    prediction = predict(experiment)
    told = theory_derivation(experiment, prediction, 5)
    assert told.factors[-1].value == pytest.approx(prediction.chi[4], rel=1e-9)
    assert len(told.factors) == 20 - 5 + 1


@pytest.mark.parametrize("layer", [1, 10, 20])
def test_the_result_is_the_predicted_median(layer):
    experiment = example("digits-tanh-20")
    prediction = predict(experiment)
    weight = prediction.profile("weight")
    assert theory_derivation(experiment, prediction, layer).value == pytest.approx(10 ** weight.log10_norm[layer - 1])


def test_a_measured_profile_is_compared_with_the_prediction():
    experiment = example("digits-tanh-20")
    prediction = predict(experiment)
    text = sheet_text(theory_sheet(experiment, prediction, 3, prediction.profile("weight")))
    assert "1 times that" in text


def test_around_skip_connections_the_sheet_says_what_else_is_in_the_factors():
    experiment = example("digits-resnet-50")
    assert "skip connections" in sheet_text(theory_sheet(experiment, predict(experiment), 10))
