"""The published factors of layers stand beside the prediction, which comes to them deep inside a network."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.present.published import published_lines
from vgdesk.present.sheet import sheet_text
from vgdesk.present.theory_formula import theory_sheet
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.prediction import Prediction
from vgdesk.spec.initialisation import Glorot
from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.library import example
from vgdesk.study.predict import predict

MIDDLE = slice(20, 25)
AROUND = {
    "layer": {"normalisation": "layer"},
    "batch": {"normalisation": "batch"},
    "dropout": {"dropout": 0.2},
    "residual": {"skip": Residual()},
}


def told(found):
    return np.array([factor.value for factor in found.published])[MIDDLE]


@pytest.mark.parametrize("around", [{"normalisation": "layer"}, {"dropout": 0.2}], ids=["layer norm", "dropout"])
def test_wide_layers_deep_inside_multiply_by_the_published_factor(around):
    found = predict(deep("tanh", depth=40, sigma_w=1.2, **around))
    assert 10 ** (-2 * np.diff(found.wide))[MIDDLE] == pytest.approx(told(found), rel=1e-4)


def test_a_residual_connection_multiplies_the_gradient_of_the_sums():
    found = predict(deep("tanh", depth=40, sigma_w=1.2, width=200, skip=Residual()))
    states = 10 ** (-2 * np.diff(found.profile("state").log10_norm))[MIDDLE]
    assert states == pytest.approx(told(found), rel=0.01)
    assert {factor.of for factor in found.published} == {"|∂L/∂h|²"}


def test_a_residual_layer_below_other_weights_has_the_factor_of_its_own():
    found = predict(msgspec.structs.replace(deep("tanh", depth=8, width=200, skip=Residual()), initialisation=Glorot()))
    states = 10 ** (-2 * np.diff(found.profile("state").log10_norm))
    # the output's sigma_w^2, between 200 units and 2, is 1.98
    assert found.published[-1].value == pytest.approx(states[-2], rel=0.01)


def test_batch_normalisation_is_of_so_many_examples_where_that_is_known_and_else_of_very_many():
    words = {name: predict(deep(name, normalisation="batch")).published[3] for name in ("relu", "tanh")}
    assert "of 6 examples (Yang et al. 2019, theorem 8)" in words["relu"].words
    assert words["relu"].value > 1.0 + 0.6
    assert "of very many examples" in words["tanh"].words


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("activation", ["relu", "tanh", "identity"])
def test_a_prediction_with_its_published_factors_crosses_to_another_process(activation, around):
    found = predict(deep(activation, **AROUND[around]))
    assert None not in found.published
    assert from_bytes(to_bytes(found), Prediction).published == found.published


@pytest.mark.parametrize("normalisation", ["batch", "layer"])
def test_a_normalised_layer_whose_gradient_is_exactly_0_has_none(normalisation):
    assert set(predict(deep(depth=3, sigma_w=0.0, normalisation=normalisation)).published) == {None}


def test_a_layer_that_is_plain_or_has_more_than_one_thing_around_it_has_none():
    for around in (
        {},
        {"skip": Highway()},
        {"skip": Residual(), "dropout": 0.1},
        {"dropout": 0.1, "normalisation": "layer"},
    ):
        assert set(predict(deep(**around)).published) == {None}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_the_line_of_a_factor_has_its_formula_and_source_as_they_are_written(around):
    found = predict(deep(depth=4, **around))
    words = {factor.words for factor in found.published if factor}
    lines = published_lines(found)
    assert words
    assert {line.partition(" · ")[2] for line in lines} == words


def test_command_line_and_formula_of_a_layer_tell_the_factor():
    experiment = example("digits-bn-relu-20")
    found = predict(experiment)
    assert published_lines(found) == [
        "published factor of |∂L/∂z|² in layers 1 to 19: 1.522 · "
        "batch normalisation of 32 examples (Yang et al. 2019, theorem 8)"
    ]
    sentence = "a factor 1.52 of |∂L/∂z|², batch normalisation of 32 examples (Yang et al. 2019, theorem 8)."
    assert sentence in sheet_text(theory_sheet(experiment, found, 7))
    plain = example("digits-tanh-20")
    assert published_lines(predict(plain)) == []
    assert "Published" not in sheet_text(theory_sheet(plain, predict(plain), 7))


@pytest.mark.parametrize(
    ("activation", "around"), [("formula: 0.1", "batch"), ("formula: 1", "batch"), ("formula: 0*z", "layer")]
)
def test_an_activation_that_leaves_nothing_to_divide_by_has_no_published_factor(activation, around):
    found = predict(deep(activation, depth=5, **AROUND[around]))
    assert set(found.published) == {None}
    assert published_lines(found) == []
