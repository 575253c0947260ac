"""Edits of the training experiment keep name and title true."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.state import edits

SIGMOID = example("digits-sigmoid-20")


def test_other_activation_changes_the_hidden_layers_and_the_name():
    edited = edits.with_activation(SIGMOID, "tanh")
    assert {layer.activation for layer in edited.network.layers[:-1]} == {"tanh"}
    assert edited.network.layers[-1] == SIGMOID.network.layers[-1]
    assert (edited.name, edited.title) == ("digits-tanh-20", "Tanh, 20 layers × 16, on digits")


def test_there_and_back_again_is_the_same_experiment():
    assert edits.with_activation(edits.with_activation(SIGMOID, "relu"), "sigmoid") == SIGMOID


def test_experiment_with_a_title_of_its_own_says_that_it_was_edited_once():
    edited = edits.with_activation(edits.with_activation(example("insurance"), "tanh"), "relu")
    assert edited.name == "insurance-edited"
    assert edited.title == "Will this person buy insurance? (edited)"


@pytest.mark.parametrize("key", edits.INITIALISATIONS)
def test_initialisation_that_was_chosen_is_the_one_that_is_shown(key: str):
    assert edits.initialisation_key(edits.with_initialisation(SIGMOID, key, 1.5)) == key


def test_scaled_gaussian_has_the_given_sigma():
    edited = edits.with_initialisation(SIGMOID, "scaled-gaussian", 2.5)
    assert edited.initialisation == ScaledGaussian(sigma_w=2.5)
    assert edits.sigma_of(edited) == 2.5


def test_same_choice_again_is_the_same_object():
    assert edits.with_activation(SIGMOID, "sigmoid") is SIGMOID
    assert edits.with_initialisation(SIGMOID, "glorot-uniform") is SIGMOID


def test_seed_out_of_range_is_refused():
    with pytest.raises(SpecError, match="seed"):
        edits.with_seed(SIGMOID, -1)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_edited(name: str):
    experiment = example(name)
    assert edits.with_initialisation(edits.with_activation(experiment, "tanh"), "he-normal").seed == experiment.seed
