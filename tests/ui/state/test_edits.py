"""Edits of the training experiment keep name and title true."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.state import edits
from vgdesk.ui.state.initialisations import INITIALISATIONS, initialisation_key, number_of
from vgdesk.ui.state.start_edits import with_sigmas

SIGMOID = example("digits-sigmoid-20")


def contents(experiment: Experiment) -> Experiment:
    return msgspec.structs.replace(experiment, name="any", title="any", seed=0)


def test_other_activation_changes_the_hidden_layers_only():
    edited = edits.with_activation(SIGMOID, "tanh")
    assert {layer.activation for layer in edited.network.layers[:-1]} == {"tanh"}
    assert edited.network.layers[-1] == SIGMOID.network.layers[-1]


def test_edit_that_leads_to_a_bundled_experiment_takes_over_its_name_and_title():
    edited = edits.with_activation(SIGMOID, "tanh")
    assert edited == example("digits-tanh-20")


def test_there_and_back_again_is_the_same_experiment():
    there = edits.with_initialisation(edits.with_activation(SIGMOID, "relu"), "he-uniform")
    assert edits.with_activation(edits.with_initialisation(there, "glorot-uniform"), "sigmoid") == SIGMOID


@pytest.mark.parametrize(
    ("name", "activation", "start", "words", "note"),
    [
        (
            "digits-relu-20",
            "sigmoid",
            "glorot-uniform",
            "Sigmoid, Glorot uniform, 20 layers × 16, on digits",
            "ReLU → sigmoid, +1 more",
        ),
        ("digits-tanh-20", "tanh", "he-normal", "Tanh, He normal, 20 layers × 16, on digits", "Glorot → He"),
        (
            "digits-relu-20",
            "relu",
            "scaled-gaussian",
            "ReLU, 20 layers × 16, on digits",
            "He → σ_w 50",
        ),
        ("classic-chain", "tanh", "", "Tanh chain, 5 layers", "sigmoid → tanh"),
        ("insurance", "tanh", "", "Tanh, given numbers, 2 layers × 2, on insurance", "sigmoid → tanh"),
    ],
)
def test_title_says_what_the_edited_experiment_is_and_what_was_edited(
    name: str, activation: str, start: str, words: str, note: str
):
    edited = edits.with_activation(example(name), activation)
    if start:
        edited = edits.with_initialisation(edited, start, 50.0)
    assert (edited.name, edited.title) == (f"{name}-edited", f"{words} ({note})")


@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.tuples(st.sampled_from(ACTIVATIONS), st.sampled_from(tuple(INITIALISATIONS))), min_size=1),
)
def test_bundled_title_never_stands_above_other_contents(name: str, changes: list[tuple[str, str]]):
    edited = example(name)
    for activation, start in changes:
        with contextlib.suppress(SpecError):  # e.g. orthogonal weights where connections are absent
            edited = edits.with_initialisation(edits.with_activation(edited, activation), start)
    named = [one for one in map(example, EXAMPLES) if one.name == edited.name or one.title == edited.title]
    assert all(contents(one) == contents(edited) for one in named)


def test_long_name_stays_within_its_limit():
    long = msgspec.structs.replace(SIGMOID, name="a" * 60)
    assert len(edits.with_activation(long, "relu").name) == 60


@pytest.mark.parametrize("key", INITIALISATIONS)
def test_initialisation_that_was_chosen_is_the_one_that_is_shown(key: str):
    assert initialisation_key(edits.with_initialisation(SIGMOID, key, 1.5)) == key


def test_scaled_gaussian_has_the_given_sigma():
    edited = edits.with_initialisation(SIGMOID, "scaled-gaussian", 2.5)
    assert edited.initialisation == ScaledGaussian(sigma_w=2.5)
    assert number_of(edited)[:2] == ("sigma_w", 2.5)


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


def test_sigmas_that_were_chosen_are_told_once_with_four_digits_and_with_that_of_the_biases():
    critical = with_sigmas(SIGMOID, 10.149273, 0.0)
    assert critical.title == "Sigmoid, 20 layers × 16, on digits (Glorot → σ_w 10.15)"
    dragged = with_sigmas(critical, 10.14, 1.105)
    assert dragged.title == "Sigmoid, 20 layers × 16, on digits (Glorot → σ_w 10.14, σ_b 1.105)"
    another = edits.with_activation(dragged, "relu")
    words = "ReLU, Scaled Gaussian σ_w 10.14, σ_b 1.105, 20 layers × 16, on digits"
    assert another.title == f"{words} (sigmoid → ReLU, +1 more)", "the note tells of the first change only"
