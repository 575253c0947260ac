"""Layers with all their options, and layer-wise pre-training: what fits, and what is refused."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import network_experiment
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.layer import NORMALISATIONS, DenseLayer, Highway, Residual, Skip
from vgdesk.spec.network import FeedForward
from vgdesk.spec.pretraining import LayerWise
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.training import Training

OUTPUT = DenseLayer(width=1, activation="identity")


def experiment(*hidden: DenseLayer, **fields: Any) -> Experiment:
    """Returns an experiment of two inputs, the hidden layers and one output."""
    network = FeedForward(inputs=2, layers=(*hidden, OUTPUT))
    return network_experiment([2, 1], ["tanh"], [[0.0, 0.0]], [[0.0]], **{"network": network, **fields})


def skips() -> st.SearchStrategy[Skip | None]:
    return st.one_of(st.none(), st.just(Residual()), st.builds(Highway, gate_bias=st.floats(-100, 100)))


def layers() -> st.SearchStrategy[DenseLayer]:
    return st.builds(
        DenseLayer,
        width=st.just(2),
        activation=st.sampled_from(["prelu", "tanh", "elu(0.5)", "celu(1e-2)"]),
        normalisation=st.sampled_from(NORMALISATIONS),
        dropout=st.floats(0, 0.99),
        skip=skips(),
        bias=st.booleans(),
    )


@given(st.lists(layers(), max_size=3))
def test_json_gives_back_every_option_of_a_layer(hidden: list[DenseLayer]):
    given = experiment(*hidden)
    assert experiment_from_json(experiment_to_json(given)) == given


@pytest.mark.parametrize(
    ("fields", "numbers"),
    [
        ({}, 6),
        ({"activation": "prelu"}, 7),
        ({"bias": False}, 4),
        ({"bias": False, "skip": Highway()}, 10),
        ({"normalisation": "layer"}, 10),
        ({"skip": Residual(), "dropout": 0.5}, 6),
        ({"skip": Highway()}, 12),
    ],
)
def test_layer_counts_all_that_it_learns(fields: dict[str, Any], numbers: int):
    layer = DenseLayer(width=2, **fields)
    assert layer.parameters_on(2) == numbers
    assert layer.is_plain == (set(fields) <= {"bias"})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: DenseLayer(width=1, normalisation="group"),
            "normalisation must be one of none, batch, layer; got 'group'",
        ),
        (
            lambda: DenseLayer(width=1, activation="elu(0)"),
            "alpha of activation elu(0) must be a finite number from 0.001 to 1000, got 0.0",
        ),
        (
            lambda: DenseLayer(width=1, activation="celu(1e999)"),
            "alpha of activation celu(1e999) must be a finite number from 0.001 to 1000, got inf",
        ),
        (
            lambda: experiment(
                DenseLayer(width=1, bias=False),
                initialisation=Explicit(weights=(((0.0,) * 2,), ((0.0,),)), biases=((0.0,), (0.0,))),
            ),
            "explicit biases of layer 1 must hold 0 numbers, got 1",
        ),
        (lambda: DenseLayer(width=1, dropout=1.0), "dropout must be a finite number from 0 to 0.99, got 1.0"),
        (lambda: Highway(gate_bias=-101.0), "gate_bias must be a finite number from -100 to 100, got -101.0"),
        (
            lambda: DenseLayer(width=1, sources=((1,),), skip=Highway()),
            "sources must be absent in a highway layer; its gate listens to all units below",
        ),
        (
            lambda: experiment(DenseLayer(width=3, skip=Residual())),
            "width of layer 1 must equal the 2 of the layer below it, because it has a skip connection; got 3",
        ),
        (
            lambda: FeedForward(inputs=1, layers=(DenseLayer(width=1, normalisation="batch"),)),
            "normalisation of the output layer must be none",
        ),
        (
            lambda: FeedForward(inputs=1, layers=(DenseLayer(width=1, dropout=0.1),)),
            "dropout of the output layer must be 0.0",
        ),
        (
            lambda: FeedForward(inputs=1, layers=(DenseLayer(width=1, skip=Residual()),)),
            "skip of the output layer must be absent",
        ),
        (
            lambda: experiment(
                DenseLayer(width=2, skip=Highway()),
                initialisation=Explicit(weights=(((0.0,) * 2,) * 2, ((0.0,) * 2,)), biases=((0.0,) * 2, (0.0,))),
            ),
            "initialisation of layer 1 must be a rule that draws the highway gate, too, not given numbers",
        ),
        (
            lambda: LayerWise(steps=0),
            "steps of the pre-training must be an integer from 1 to 1000000, got 0",
        ),
        (
            lambda: LayerWise(reconstruction="hinge"),
            "reconstruction of the pre-training must be one of mse, cross-entropy; got 'hinge'",
        ),
        (
            lambda: LayerWise(learning_rate=-1.0),
            "learning_rate of the pre-training must be a finite number from 0 to 1,000,000, got -1.0",
        ),
        (
            lambda: experiment(
                DenseLayer(width=1, initialisation=Explicit(weights=(((0.0,) * 2,),), biases=((0.0,),))),
                training=Training(pretraining=LayerWise()),
            ),
            "initialisation of layer 1 must be a rule, not given numbers, because it draws the decoder of the "
            "pre-training",
        ),
        (
            lambda: experiment(training=Training(pretraining=LayerWise())),
            "pretraining must be absent where the network has no hidden layer",
        ),
        (
            lambda: experiment(DenseLayer(width=2, skip=Residual()), training=Training(pretraining=LayerWise())),
            "pretraining must be absent where a layer has normalisation, dropout, a skip connection or PReLU; "
            "layer 1 has",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("network", {"kind": "deep"}, "network.kind must be one of feed-forward, recurrent; got 'deep'"),
        ("network", {"kind": -1}, "network.kind must be one of feed-forward, recurrent; got -1"),
        ("network", {"kind": None}, "network.kind must be one of feed-forward, recurrent; got null"),
        ("network", {"kind": ["a"]}, 'network.kind must be one of feed-forward, recurrent; got ["a"]'),
        ("network", {"kind": "x" * 500}, f"got '{'x' * 60}…{'x' * 20}'"),
        (
            "network",
            {"kind": "feed-forward", "inputs": 2, "layers": [{"width": 2, "bias": "yes"}]},
            "bias of layer 1 must be true or false, got a text",
        ),
        ("training", {"steps": True}, "training.steps must be an integer, got true or false"),
        (
            "training",
            {"pretraining": {"kind": "dbn"}},
            "training.pretraining.kind must be one of layer-wise; got 'dbn'",
        ),
        ("recording", {"when": {"kind": "never"}}, "recording.when.kind must be one of every, log-spaced; got 'never'"),
        (
            "recording",
            {"what": {"quantity": 1}},
            "recording.what: unknown field 'quantity'; allowed are quantities, hist",
        ),
        (
            "network",
            {"kind": "feed-forward", "inputs": 2, "layers": [{"width": 2, "skip": {"kind": "dense"}}]},
            "skip.kind of layer 1 must be one of residual, highway; got 'dense'",
        ),
    ],
)
def test_file_that_misnames_a_part_hears_what_is_allowed(path: str, value: dict[str, Any], sentence: str):
    raw = json.loads(experiment_to_json(experiment()))
    with pytest.raises(SpecError) as caught:
        experiment_from_json(json.dumps({**raw, path: value}), "mine.json")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["relu(2)", "elu(-1)", "elu(nan)", "celu()"])
def test_an_alpha_that_is_no_number_or_not_possible_is_refused(name: str):
    with pytest.raises(SpecError, match="activation must be one of sigmoid, .* got '" + re.escape(name)):
        DenseLayer(width=1, activation=name)


@given(st.builds(LayerWise, steps=st.integers(1, 10**6), learning_rate=st.floats(0, 1e6)))
def test_json_gives_back_the_pretraining(pretraining: LayerWise):
    given = experiment(DenseLayer(width=2), training=Training(pretraining=pretraining))
    assert experiment_from_json(experiment_to_json(given)) == given
