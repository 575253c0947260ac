"""One's own formula where a spec names an activation."""

import json

import pytest

from tests.builders import chain
from vgdesk.errors import SpecError
from vgdesk.spec.activation import facts_of, require_activation
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.files import read_experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recurrent import Recurrent, VanillaCell


def test_a_layer_a_cell_and_an_output_take_a_formula():
    formula = "formula: max(z, 0.3*z)"
    assert DenseLayer(width=2, activation=formula).is_plain
    cell = VanillaCell(activation=formula)
    network = Recurrent(inputs=1, steps=2, width=2, outputs=1, cell=cell, output_activation=formula)
    assert network.output_activation == formula


def test_an_experiment_with_a_formula_survives_its_file():
    experiment = chain([1.0], [0.0], 1.0, 1.0, "formula: where(z > 0, z, a*z); a = 0.1")
    assert experiment_from_json(experiment_to_json(experiment)) == experiment


@pytest.mark.parametrize(
    "formula", ["formula: z.real", "formula: 9**9**9", "formula:", "formula: log(z)", "formula: q*z"]
)
def test_a_formula_that_is_no_activation_is_refused_in_one_sentence(formula):
    with pytest.raises(SpecError) as refusal:
        DenseLayer(width=2, activation=formula)
    assert "\n" not in str(refusal.value)


def test_a_name_that_is_none_is_told_that_a_formula_would_do():
    with pytest.raises(SpecError, match="or a formula in z such as 'formula: z/"):
        require_activation("activation", "swosh")


def test_the_facts_of_a_formula_are_its_text_and_kinks():
    facts = facts_of("formula: max(z, 0.3*z)")
    assert (facts.words, facts.family, facts.kinks) == ("max(z, 0.3*z)", "own", (0.0,))
    assert len(facts_of("formula: " + "+".join(["sin(z)"] * 20)).words) == 40


@pytest.mark.parametrize("number", ["0x10", "1_000"])
@pytest.mark.parametrize(
    ("layer", "field"),
    [
        ({"activation": "formula: max(NUMBER*z, z)"}, "activation"),
        ({"unit_activations": ["tanh", "formula: max(NUMBER*z, z)"]}, "activation of unit 2"),
    ],
)
def test_a_saved_number_of_another_language_is_refused_with_what_is_allowed_and_where(tmp_path, number, layer, field):
    raw = json.loads(experiment_to_json(example("insurance")))
    raw["network"]["layers"][0] |= layer
    file = tmp_path / "saved.json"
    file.write_text(json.dumps(raw).replace("NUMBER", number))
    with pytest.raises(SpecError) as refusal:
        read_experiment(file)
    assert str(refusal.value) == (
        f"{file}: formula of {field}: a number is written in digits, point and exponent such as 1.5e-3, "
        f"got '{number}' (position 5) (in layer 1)"
    )
