"""What the toolbar changes in an experiment: activation and initialisation, with name and title that stay true."""

import msgspec
import pytest

from vgdesk.spec.activation import ACTIVATIONS, facts_of
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.initialisation import FixedGaussian, Initialisation, Orthogonal, ScaledGaussian, Zeros
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.ui.state.edits import with_activation, with_initialisation
from vgdesk.ui.state.initialisations import INITIALISATIONS, OTHERS, initialisation_key, number_of

DEEP = example("digits-sigmoid-20")


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "elu(0.5)", "celu(2)"])
def test_every_activation_makes_an_experiment_that_can_be_written_and_read(activation):
    edited = with_activation(DEEP, activation)
    assert {layer.activation for layer in edited.network.layers[:-1]} == {activation}
    assert experiment_from_json(experiment_to_json(edited)) == edited
    assert facts_of(activation).words.lower() in edited.title.lower() or edited == DEEP


@pytest.mark.parametrize("key", INITIALISATIONS)
def test_every_offered_rule_is_found_again_by_its_key(key):
    edited = with_initialisation(DEEP, key)
    assert initialisation_key(edited) == key
    assert experiment_from_json(experiment_to_json(edited)) == edited


def test_every_rule_of_the_spec_is_offered_or_has_words():
    kinds = {str(rule.__struct_config__.tag) for rule in Initialisation.__args__}
    offered = {str(type(offer.rule).__struct_config__.tag) for offer in INITIALISATIONS.values()}
    assert kinds - offered == {"explicit"}
    assert "explicit" in OTHERS


def test_a_number_changes_only_itself():
    rule = ScaledGaussian(sigma_w=1.0, sigma_b=0.3)
    experiment = msgspec.structs.replace(DEEP, initialisation=rule)
    edited = with_initialisation(experiment, "scaled-gaussian", 2.0)
    assert edited.initialisation == ScaledGaussian(sigma_w=2.0, sigma_b=0.3)
    assert with_initialisation(experiment, "scaled-gaussian", 1.0) is experiment


def test_a_rule_begins_with_its_usual_number():
    assert number_of(with_initialisation(DEEP, "fixed")) == ("std", 0.01, 3)
    assert with_initialisation(DEEP, "fixed").initialisation == FixedGaussian(std=0.01)
    assert number_of(with_initialisation(DEEP, "zeros"))[0] == ""


def test_a_chosen_rule_goes_for_every_layer():
    first, *others = DEEP.network.layers
    layers = (msgspec.structs.replace(first, initialisation=Zeros()), *others)
    network = msgspec.structs.replace(DEEP.network, layers=layers)
    mixed = msgspec.structs.replace(DEEP, network=network)
    assert initialisation_key(mixed) == "per-layer"
    edited = with_initialisation(mixed, "orthogonal")
    assert edited.initialisation == Orthogonal()
    assert all(layer.initialisation is None for layer in edited.network.layers)
