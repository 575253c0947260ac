"""One field changed, whichever it is; and sentences for what is none."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import Orthogonal, ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import varied


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("learning_rate", 0.25, ("training", "optimiser", "learning_rate")),
        ("batch_size", 8, ("training", "batch_size")),
        ("seed", 7, ("seed",)),
        ("precision", "float32", ("training", "precision")),
        ("training.steps", 12, ("training", "steps")),
    ],
)
def test_a_field_is_changed_where_it_stands(field, value, path):
    found = varied(example("digits-tanh-20"), field, value)
    for name in path:
        found = getattr(found, name)
    assert found == value


def test_the_former_value_gives_the_former_experiment():
    experiment = example("digits-tanh-20")
    for field, value in (("depth", 20), ("width", 16), ("activation", "tanh"), ("seed", 0)):
        assert varied(experiment, field, value) == experiment


@pytest.mark.parametrize("depth", [1, 2, 7, 200])
def test_depth_counts_all_layers_and_keeps_the_output(depth):
    network = varied(example("digits-resnet-50"), "depth", depth).feed_forward
    assert network.depth == depth
    assert network.layers[-1] == example("digits-resnet-50").feed_forward.layers[-1]


def test_one_layer_is_reached_by_its_path():
    network = varied(example("digits-tanh-20"), "network.layers.3.width", 5).feed_forward
    assert network.widths[3:6] == (16, 5, 16)


def test_a_recurrent_network_has_its_width_cell_and_time_steps():
    experiment = example("digits-rnn-rows")
    assert varied(experiment, "width", 5).network.width == 5
    assert varied(experiment, "activation", "relu").network.cell.activation == "relu"
    assert varied(example("adding-lstm-200"), "task.length", 200) == example("adding-lstm-200")


@pytest.mark.parametrize("name", ["adding-lstm-200", "copy-gru", "temporal-order-lstm"])
def test_length_changes_network_and_task_alike(name: str):
    experiment = varied(example(name), "length", 60)
    assert experiment.network.steps == 60
    assert getattr(experiment.task, "steps", None) == 60 or experiment.task.length == 60
    assert varied(experiment, "length", example(name).network.steps) == example(name)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("digits-rnn-rows", 4, "length is that of a task whose length can be chosen: .*; this is digits"),
        ("digits-tanh-20", 4, "length is that of a task whose length can be chosen"),
        ("copy-gru", 10, "length of copying 5 symbols must be above 10, got 10"),
        ("adding-rnn-200", "long", "length must be an integer, got 'long'"),
        ("adding-rnn-200", 1, "length must be an integer from 2"),
    ],
)
def test_a_length_that_cannot_be_is_refused(name: str, value: object, words: str):
    with pytest.raises(SpecError, match=words):
        varied(example(name), "length", value)


def test_sigma_changes_the_rule_to_the_one_that_has_it():
    first = varied(example("digits-tanh-20"), "sigma_w", 1.5)
    assert varied(first, "sigma_b", 0.3).initialisation == ScaledGaussian(sigma_w=1.5, sigma_b=0.3)
    assert varied(first, "initialisation", "orthogonal").initialisation == Orthogonal()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("dept", 3, "field must be one of depth"),
        ("training.optimizer.learning_rate", 0.1, "field must be one of"),
        ("network.layers.99.width", 3, "field must be one of"),
        ("depth", 0, "depth must be an integer from 1"),
        ("width", -3, "width"),
        ("activation", "tahn", "activation"),
        ("learning_rate", "fast", "learning_rate"),
        ("initialisation", "xavier-normal", "initialisation.kind must be one of"),
        ("training.epochs", 3, "unknown field 'epochs'"),
    ],
)
def test_what_is_no_field_or_no_value_is_said(field, value, words):
    with pytest.raises(SpecError, match=words):
        varied(example("digits-tanh-20"), field, value)


def test_a_recurrent_network_has_no_depth():
    with pytest.raises(SpecError, match=r"vary network\.steps"):
        varied(example("digits-rnn-rows"), "depth", 3)


def test_sweeps_that_are_none_are_refused():
    experiment = example("xor")
    with pytest.raises(SpecError, match="at least one field"):
        Sweep(experiment=experiment, axes=())
    with pytest.raises(SpecError, match="each field once"):
        Sweep(experiment=experiment, axes=(Axis(field="seed", values=(1,)), Axis(field="seed", values=(2,))))
    with pytest.raises(SpecError, match="each value once"):
        Axis(field="seed", values=(1, 1))
    with pytest.raises(SpecError, match="at most 1,000,000 experiments"):
        Sweep(
            experiment=experiment,
            axes=tuple(Axis(field=f"f{k}", values=tuple(range(101))) for k in range(3)),
        )


def test_normalisation_and_dropout_are_those_of_every_hidden_layer():
    changed = varied(varied(example("digits-sigmoid-20"), "normalisation", "batch"), "dropout", 0.1)
    *hidden, output = changed.feed_forward.layers
    assert {(layer.normalisation, layer.dropout) for layer in hidden} == {("batch", 0.1)}
    assert output == example("digits-sigmoid-20").feed_forward.layers[-1]


def test_a_recurrent_network_has_no_layers_to_normalise():
    with pytest.raises(SpecError, match="unknown field 'normalisation'"):
        varied(example("digits-rnn-rows"), "normalisation", "batch")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_named_as_it_was_given(value):
    with pytest.raises(SpecError, match=f"sigma_w must be a finite number, got {value}"):
        varied(example("digits-tanh-20"), "sigma_w", value)
