"""Units with activations of their own: what a layer accepts, its one form, and what edits make of it."""

import msgspec
import pytest

from vgdesk.errors import SpecError
from vgdesk.spec import edit
from vgdesk.spec.difference import difference_words
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.vary import varied

INSURANCE = example("insurance")
MIXED = edit.with_unit_activation(INSURANCE, 1, 2, "tanh")


def units(experiment, layer=1):
    """Returns the activation of every unit of a layer."""
    network = experiment.feed_forward
    return [network.activation_of(layer, unit) for unit in range(1, network.widths[layer] + 1)]


def test_one_unit_gets_another_activation_and_the_others_keep_theirs():
    assert units(MIXED) == ["sigmoid", "tanh"]
    assert MIXED.feed_forward.layers[0].activations == ("sigmoid", "tanh")


def test_equal_names_throughout_are_the_layers_activation():
    layer = DenseLayer(width=3, activation="relu", unit_activations=("tanh",) * 3)
    assert layer == DenseLayer(width=3, activation="tanh")


def test_a_mixed_layer_is_called_by_its_most_frequent_activation_whatever_stood_there():
    names = ("tanh", "relu", "relu")
    assert DenseLayer(width=3, activation="gelu", unit_activations=names).activation == "relu"
    assert DenseLayer(width=3, unit_activations=names) == DenseLayer(width=3, activation="selu", unit_activations=names)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("tanh",), "unit_activations must be empty or hold 2 activations, got 1"),
        (("tanh", "tan"), "activation of unit 2 must be one of sigmoid, tanh"),
        (
            ("tanh", "elu(0)"),
            "unit 2 elu(0) must be a finite number from 0.001 to 1000, got 0.0",
        ),
        (("tanh", "prelu"), "must not be prelu, whose slope is learned for the whole layer; unit 2 has it"),
    ],
)
def test_what_units_cannot_have_is_one_sentence(names, sentence):
    with pytest.raises(SpecError) as error:
        DenseLayer(width=2, unit_activations=names)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("loss", "needed"), [("bce", "sigmoid"), ("softmax-cross-entropy", "identity")])
def test_an_output_that_the_loss_fixes_is_not_mixed(loss, needed):
    fixed = edit.with_loss(edit.with_unit(INSURANCE, 2), loss)
    with pytest.raises(SpecError, match="of the output layer must be") as error:
        edit.with_unit_activation(fixed, 2, 2, "softplus")
    assert f"must be {needed} with loss {loss}" in str(error.value)


def test_a_loss_that_fixes_the_output_takes_the_units_own_activations_away():
    mixed = edit.with_unit_activation(edit.with_unit(INSURANCE, 2), 2, 2, "softplus")
    assert units(edit.with_loss(mixed, "bce"), 2) == ["sigmoid", "sigmoid"]
    assert units(edit.with_loss(mixed, "mse"), 2) == ["sigmoid", "softplus"]


def test_files_keep_mixed_units_and_files_without_them_are_read():
    assert experiment_from_json(experiment_to_json(MIXED), "a file") == MIXED
    old = msgspec.json.decode(experiment_to_json(INSURANCE))
    for layer in old["network"]["layers"]:
        del layer["unit_activations"]
    assert experiment_from_json(msgspec.json.encode(old), "a file") == INSURANCE


def test_an_activation_of_the_whole_layer_is_that_of_all_its_units():
    for changed in (
        edit.with_layer_option(MIXED, 1, "activation", "relu"),
        varied(MIXED, "activation", "relu"),
        varied(MIXED, "network.layers.0.activation", "relu"),
    ):
        assert units(changed) == ["relu", "relu"]


def test_a_path_varies_the_activation_of_one_unit():
    changed = varied(MIXED, "network.layers.0.unit_activations.1", "gelu")
    assert units(changed) == ["sigmoid", "gelu"]


def test_activations_stay_with_their_units_when_others_come_and_go():
    three = edit.with_unit_activation(edit.with_unit(MIXED, 1), 1, 3, "relu")
    assert units(three) == ["sigmoid", "tanh", "relu"]
    assert units(edit.without_unit(three, 1, 1)) == ["tanh", "relu"]
    assert units(edit.without_unit(MIXED, 1, 1)) == ["tanh"]
    assert edit.without_unit(edit.with_unit(MIXED, 1), 1, 3) == MIXED
    assert units(edit.with_name(edit.without_edge(MIXED, 1, 2, 1), 1, 1, "Attention")) == ["sigmoid", "tanh"]


def test_a_new_unit_gets_the_most_frequent_activation():
    three = edit.with_unit_activation(edit.with_unit(INSURANCE, 1), 1, 1, "relu")
    assert units(edit.with_unit(three, 1)) == ["relu", "sigmoid", "sigmoid", "sigmoid"]


def test_an_input_has_no_activation_and_a_unit_must_exist():
    for place, sentence in (((0, 1), "layer must be an integer from 1"), ((1, 3), "unit of layer 1 must be")):
        with pytest.raises(SpecError, match=sentence):
            edit.with_unit_activation(INSURANCE, *place, "tanh")


def test_differences_are_told_unit_by_unit():
    assert difference_words(INSURANCE, MIXED) == "activation of unit 2 sigmoid → tanh in layer 1"
    both = edit.with_unit_activation(MIXED, 1, 1, "relu")
    assert difference_words(MIXED, both) == "activation of unit 1 sigmoid → ReLU in layer 1"
    assert difference_words(both, edit.with_layer_option(both, 1, "activation", "relu")) == (
        "activation of unit 2 tanh → ReLU in layer 1"
    )


def test_where_units_have_come_or_gone_all_activations_of_the_layer_are_told():
    words = difference_words(MIXED, edit.with_unit_activation(edit.with_unit(MIXED, 1), 1, 3, "relu"))
    assert "unit activations sigmoid, tanh → sigmoid, tanh, relu in layer 1" in words
