"""Drawn layers: their gradient is that of training, their numbers are fixed, and long runs are continued."""

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.records.parameters import Parameters
from vgdesk.spec.initialisation import Glorot, He, Orthogonal, ScaledGaussian
from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.library import example
from vgdesk.study.predict import first_examples, predict
from vgdesk.theory import repeated_layers
from vgdesk.theory.depth_search import deepened
from vgdesk.theory.drawn_gradients import drawn_magnitudes
from vgdesk.theory.drawn_layers import drawn_layer
from vgdesk.theory.initialisation import layer_starts
from vgdesk.theory.narrow_batch import WIDEST, narrow_gradients
from vgdesk.theory.number_stream import NumberStream
from vgdesk.training.gradient import gradient

ROWS, WIDTH = 12, 10


def network(loss="half-mse-sum", output="identity", rule=None, **options):
    """Returns five batch-normalised tanh layers on fixed numbers; options are of the three in the middle."""
    rng = np.random.default_rng(7)
    inputs, targets = rng.standard_normal((ROWS, 6)), rng.random((ROWS, 4)) * 0.8 + 0.1
    plain = network_experiment(
        [6] + [WIDTH] * 5 + [4], ["tanh"] * 5 + [output], inputs.tolist(), targets.tolist(), loss
    )
    layers = [msgspec.structs.replace(layer, normalisation="batch") for layer in plain.feed_forward.layers[:-1]]
    layers[1:4] = [msgspec.structs.replace(layer, **options) for layer in layers[1:4]]
    replaced = msgspec.structs.replace(plain.network, layers=(*layers, plain.feed_forward.layers[-1]))
    return msgspec.structs.replace(plain, network=replaced, initialisation=rule or He())


KINDS = {
    "plain": {},
    "uniform": {"rule": Glorot(distribution="uniform")},
    "orthogonal": {"rule": Orthogonal(gain=1.3)},
    "biases": {"rule": ScaledGaussian(sigma_w=1.4, sigma_b=0.3), "normalisation": "none"},
    "layer norm": {"normalisation": "layer"},
    "residual": {"skip": Residual()},
    "highway": {"skip": Highway(gate_bias=-1.0)},
    "absent connections": {"sources": tuple((1 + k % 3, 4, 5 + k % 5) for k in range(WIDTH))},
    "two activations": {"unit_activations": ("relu", "tanh") * 5},
    "sigmoid with cross-entropy": {"loss": "bce", "output": "sigmoid"},
    "mean of squares": {"loss": "mse", "output": "tanh"},
}


def parameters(experiment, inputs):
    """Returns what the first draw of the stream makes of the network's parameters."""
    h, stream = inputs.T[None].astype(np.float32), NumberStream()
    weights, others, biases = [], {}, []
    layers = experiment.feed_forward.layers
    for number, (layer, start) in enumerate(zip(layers, layer_starts(experiment), strict=True), start=1):
        at = drawn_layer(layer, start, h, stream)
        weights.append(np.asarray(at.weight[0] * at.scale, float))
        biases.append(np.zeros(layer.width))
        if start.bias > 0.0 and layer.normalisation == "none":
            biases[-1] = np.asarray((at.argument - at.weight @ h * at.scale)[0, :, 0], float)
        if layer.normalisation != "none":
            others |= {f"gamma{number}": np.ones(layer.width), f"beta{number}": np.zeros(layer.width)}
        if at.gate is not None:
            bias = np.full(layer.width, layer.skip.gate_bias)
            others |= {f"gate_W{number}": np.asarray(at.gate.weight[0], float), f"gate_b{number}": bias}
        h = at.value
    return Parameters(weights=tuple(weights), biases=tuple(biases), others=others)


@pytest.mark.parametrize("name", KINDS)
def test_a_drawn_network_has_the_gradient_that_training_computes_for_its_numbers(name):
    experiment = network(**KINDS[name])
    data = first_examples(experiment)
    layers, starts = experiment.feed_forward.layers, layer_starts(experiment)
    drawn = drawn_magnitudes(layers, starts, data.inputs, data.targets, experiment.loss, 1, ROWS)
    found = gradient(experiment, parameters(experiment, data.inputs), data.inputs, data.targets)
    # drawn in float32
    assert drawn.weight[0] / (2 * np.log(10)) == pytest.approx(found.log10_weight_norm, abs=1e-4)
    assert drawn.state[0] / (2 * np.log(10)) == pytest.approx(found.log10_state_norm, abs=1e-4)


def test_orthogonal_matrices_of_every_shape_keep_lengths():
    rng = np.random.default_rng(1)
    for below, width in ((6, 10), (10, 10), (10, 6)):
        experiment = network_experiment(
            [below, width, 1], ["tanh", "identity"], [[0.0] * below], [[0.0]], initialisation=Orthogonal(gain=2.0)
        )
        layer, start = experiment.feed_forward.layers[0], layer_starts(experiment)[0]
        at = drawn_layer(layer, start, rng.standard_normal((3, below, 5)).astype(np.float32), NumberStream())
        W = at.weight[1] * at.scale
        sizes = np.linalg.svd(W, compute_uv=False)
        assert sizes == pytest.approx(np.full(min(below, width), 2.0), rel=1e-5)


@pytest.mark.parametrize("is_uniform", [False, True])
def test_the_stream_has_mean_zero_and_variance_one_and_repeats_itself(is_uniform):
    numbers = NumberStream().take((400, 500), is_uniform)
    # 200,000 numbers: 0.002 for the mean
    assert np.mean(numbers) == pytest.approx(0.0, abs=0.01)
    assert np.var(numbers) == pytest.approx(1.0, abs=0.02)
    assert np.array_equal(numbers, NumberStream().take((400, 500), is_uniform))


def test_the_stream_goes_on_beyond_its_store():
    stream = NumberStream()
    for _ in range(3):
        assert np.var(stream.take((500, 1000))) == pytest.approx(1.0, abs=0.02)
    assert np.var(stream.take((1100, 1000))) == pytest.approx(1.0, abs=0.02)


def test_dropout_drops_its_share_and_keeps_the_mean():
    experiment = network(dropout=0.3)
    data = first_examples(experiment)
    h = np.broadcast_to(data.inputs.T.astype(np.float32), (200, 6, ROWS))
    layer = msgspec.structs.replace(experiment.feed_forward.layers[1], width=WIDTH)
    at = drawn_layer(layer, layer_starts(experiment)[0], h, NumberStream())
    assert np.mean(at.kept == 0.0) == pytest.approx(0.3, abs=0.02)
    assert np.mean(at.kept) == pytest.approx(1.0, abs=0.03)


def test_a_batch_of_which_half_is_looked_at_has_the_gradient_of_the_whole():
    experiment = msgspec.structs.replace(
        example("digits-bn-relu-20"),
        training=msgspec.structs.replace(example("digits-bn-relu-20").training, batch_size=96),
    )
    data, layers, starts = first_examples(experiment), experiment.feed_forward.layers, layer_starts(experiment)
    whole, part = (
        drawn_magnitudes(layers, starts, data.inputs[:rows], data.targets[:rows], experiment.loss, 40, 96)
        for rows in (96, 48)
    )
    # other examples, whose batch norm has (B-2)/(B-3) per layer; what that is of 20 layers is below a tenth of e
    assert part.weight.mean(axis=0) == pytest.approx(whole.weight.mean(axis=0), abs=1.0)
    assert part.delta.mean(axis=0) == pytest.approx(whole.delta.mean(axis=0), abs=1.0)


def test_only_narrow_layers_with_batch_norm_are_drawn():
    data = first_examples(example("digits-bn-relu-20"))
    for name, width, is_drawn in (
        ("digits-bn-relu-20", WIDEST, True),
        ("digits-bn-relu-20", WIDEST + 1, False),
        ("digits-relu-20", 16, False),
    ):
        experiment = example(name)
        layers = tuple(msgspec.structs.replace(each, width=width) for each in experiment.feed_forward.layers[:-1])
        layers = (*layers, experiment.feed_forward.layers[-1])
        experiment = msgspec.structs.replace(
            experiment, network=msgspec.structs.replace(experiment.network, layers=layers)
        )
        assert (narrow_gradients(experiment, data.inputs, data.targets, 32) is not None) == is_drawn


@pytest.mark.parametrize("size", [0.0, 1e-30, 1e30])
def test_inputs_beyond_float32_are_left_to_the_theory_of_wide_layers(size):
    experiment = example("digits-bn-relu-20")
    data = first_examples(experiment)
    assert narrow_gradients(experiment, size * data.inputs, data.targets, 32) is None


def test_a_prediction_is_the_same_twice():
    first, second = (predict(network()).profile("weight") for _ in range(2))
    assert np.array_equal(first.log10_norm, second.log10_norm)


def test_a_long_run_that_is_drawn_shorter_is_predicted_as_the_whole(monkeypatch):
    experiment = deepened(example("digits-bn-relu-20"), 110)
    short = predict(experiment)
    monkeypatch.setattr(repeated_layers, "LONGEST", 1000)
    whole = predict(experiment)
    assert "layers 33 to 78" in short.note
    assert not whole.note
    assert short.wide == pytest.approx(whole.wide, abs=0.05)
    assert short.chi == pytest.approx(whole.chi, rel=0.02)
    for quantity in ("weight", "delta", "state"):
        left, right = short.profile(quantity), whole.profile(quantity)
        # both are means over 64 draws, or fewer
        assert np.all(np.abs(left.log10_norm - right.log10_norm) < right.log10_deviation)
        assert left.log10_deviation == pytest.approx(right.log10_deviation, rel=0.5)
    assert short.log10_input_norm == pytest.approx(whole.log10_input_norm, abs=0.5)


def test_layers_with_a_skip_or_without_batch_norm_are_all_looked_at():
    residual = deepened(network(skip=Residual()), 90)
    assert repeated_layers.repeated_layers(residual) is None
    assert repeated_layers.repeated_layers(deepened(example("digits-relu-20"), 90)) is None
    assert repeated_layers.repeated_layers(deepened(example("digits-bn-relu-20"), 64)) is None
