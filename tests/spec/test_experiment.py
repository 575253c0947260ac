"""An experiment is consistent in itself, and its JSON form gives back the same value."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import network_experiment
from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.experiment import LOSSES, OUTPUT_FOR_LOSS, Experiment, experiment_to_json
from vgdesk.spec.initialisation import (
    Explicit,
    FixedGaussian,
    Glorot,
    He,
    Identity,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    TorchDefault,
    Zeros,
)
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.training import PRECISIONS, Sgd, Training

NUMBERS = st.floats(-1e9, 1e9)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Draws consistent experiments of every loss and initialisation."""
    widths = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    loss = draw(st.sampled_from(LOSSES))
    activations = draw(st.lists(st.sampled_from(ACTIVATIONS), min_size=len(widths) - 1, max_size=len(widths) - 1))
    activations[-1] = OUTPUT_FOR_LOSS.get(loss, activations[-1])
    count = draw(st.integers(1, 3))
    return network_experiment(
        widths,
        activations,
        [draw(st.lists(NUMBERS, min_size=widths[0], max_size=widths[0])) for _ in range(count)],
        [draw(st.lists(st.floats(0, 1), min_size=widths[-1], max_size=widths[-1])) for _ in range(count)],
        loss,
        title=draw(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip())),
        initialisation=draw(initialisations(widths)),
        training=draw(trainings(count)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def initialisations(widths: list[int]) -> st.SearchStrategy[Any]:
    pairs = list(itertools.pairwise(widths))
    rows = st.tuples(*(st.tuples(*[st.tuples(*[NUMBERS] * below)] * above) for below, above in pairs))
    biases = st.tuples(*(st.tuples(*[NUMBERS] * above) for _, above in pairs))
    return st.one_of(
        st.builds(Glorot, gain=st.floats(0, 1e6)),
        st.builds(He, distribution=st.sampled_from(["uniform", "normal"])),
        st.builds(ScaledGaussian, sigma_w=st.floats(0, 1e6), sigma_b=st.floats(0, 1e6)),
        st.builds(LeCun, distribution=st.sampled_from(["uniform", "normal"])),
        st.builds(Orthogonal, gain=st.floats(0, 1e6)),
        st.builds(Identity, gain=st.floats(0, 1e6)),
        st.builds(FixedGaussian, std=st.floats(0, 1e6)),
        st.just(TorchDefault()),
        st.just(Zeros()),
        st.builds(Explicit, weights=rows, biases=biases),
    )


def trainings(count: int) -> st.SearchStrategy[Training]:
    return st.builds(
        Training,
        optimiser=st.builds(Sgd, learning_rate=st.floats(0, 1e9)),
        batch_size=st.none() | st.integers(1, count),
        steps=st.integers(1, 10_000_000),
        shuffle=st.booleans(),
        precision=st.sampled_from(PRECISIONS),
    )


def changed(**fields: Any) -> str:
    """Returns the JSON of the insurance experiment with fields replaced."""
    return json.dumps({**json.loads(experiment_to_json(example("insurance"))), **fields})


@given(experiments())
def test_json_gives_back_the_same_experiment(experiment: Experiment):
    text = experiment_to_json(experiment)
    assert experiment_from_json(text) == experiment
    assert experiment_to_json(experiment_from_json(text)) == text


def test_json_form_is_indented_and_ends_with_a_line():
    text = experiment_to_json(example("mazur"))
    assert text.startswith('{\n  "name": "mazur",\n')
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "No Spaces"}, "name must hold 1 to 60 lower-case letters, digits and hyphens, got 'No Spaces'"),
        ({"name": ""}, "name must hold 1 to 60 lower-case letters"),
        ({"name": "a" * 61}, "name must hold 1 to 60 lower-case letters"),
        ({"title": ""}, "title must hold 1 to 200 printable characters, got ''"),
        ({"title": "two\nlines"}, "title must hold 1 to 200 printable characters, got 'two\\nlines'"),
        ({"title": "a" * 201}, "title must hold 1 to 200 printable characters, got 201 characters"),
        ({"loss": "mae"}, "loss must be one of mse, half-mse-sum, bce, softmax-cross-entropy; got 'mae'"),
        ({"seed": -1}, "seed must be an integer from 0 to 4294967295, got -1"),
        ({"seed": 1.5}, "seed must be an integer, got a number"),
        ({"surprise": 1}, "unknown field 'surprise'; allowed are name, title"),
        (
            {"network": {"kind": "transformer"}},
            "network.kind must be one of feed-forward, recurrent; got 'transformer'",
        ),
        ({"task": {"kind": "digits"}}, "inputs of the network must equal the task's 64, got 4"),
        ({"loss": "softmax-cross-entropy"}, "activation of the output layer must be identity"),
        ({"training": {"batch_size": 2}}, "batch_size must be at most the 1 examples of the task, got 2"),
        (
            {"initialisation": {"kind": "explicit", "weights": [], "biases": []}},
            "must cover the 2 layers of the network",
        ),
    ],
)
def test_invalid_file_is_refused_with_file_field_and_value(fields: dict[str, Any], sentence: str):
    with pytest.raises(SpecError) as caught:
        experiment_from_json(changed(**fields), "mine.json")
    assert str(caught.value).startswith("mine.json: ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "mine.json is empty"),
        ("{", "mine.json must be JSON, but at line 1, column 2 it is not"),
        ('{"name": NaN}', "mine.json holds NaN; every number of an experiment must be finite"),
        (b"\xff\xfe", "mine.json must be UTF-8 text, but byte 1 is not"),
        ("[" * 100_000, "mine.json must be an experiment, but it is nested too deeply"),
        ('{"seed": ' + "1" * 5000 + "}", "a number is too long"),
        ('{"a": [1, 2}', "line 1, column 12"),
        ("[]", "mine.json: an experiment must be an object, got a list"),
    ],
)
def test_text_that_is_no_experiment_is_refused_by_its_name_and_place(text: str | bytes, sentence: str):
    with pytest.raises(SpecError) as caught:
        experiment_from_json(text, "mine.json")
    assert sentence in str(caught.value)


def test_unknown_field_of_a_tagged_part_lists_the_fields_of_that_part():
    text = changed(initialisation={"kind": "he", "sigma": 2})
    with pytest.raises(SpecError, match="initialisation: unknown field 'sigma'; allowed are kind, distribution"):
        experiment_from_json(text, "mine.json")


@pytest.mark.parametrize(
    ("weights", "biases", "sentence"),
    [
        ([[[0] * 3, [0] * 4], [[0, 0]]], [[0, 0], [0]], "explicit weights of layer 1 must have rows of lengths [4, 4]"),
        ([[[0] * 4, [0] * 4], [[0]]], [[0, 0], [0]], "explicit weights of layer 2 must have rows of lengths [2]"),
        ([[[0] * 4, [0] * 4], [[0, 0]]], [[0], [0]], "explicit biases of layer 1 must hold 2 numbers"),
    ],
)
def test_explicit_numbers_must_fit_the_network(weights: list, biases: list, sentence: str):
    text = changed(initialisation={"kind": "explicit", "weights": weights, "biases": biases})
    with pytest.raises(SpecError) as caught:
        experiment_from_json(text)
    assert sentence in str(caught.value)


def test_targets_must_be_probabilities_for_cross_entropy():
    with pytest.raises(SpecError, match=r"targets must lie in \[0, 1\] with loss bce, got \[2.0\]"):
        network_experiment([1, 1], ["sigmoid"], [[1.0]], [[2.0]], "bce")


def test_target_count_must_equal_the_output_width():
    with pytest.raises(SpecError, match="width of the output layer must equal the task's 1, got 2"):
        network_experiment([1, 2], ["sigmoid"], [[1.0]], [[1.0]])


def test_whole_task_is_the_batch_unless_a_size_is_given():
    assert example("digits-sigmoid-20").training.batch_of(1797) == 32
    assert Training().batch_of(50) == 50
