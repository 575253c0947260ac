"""The dense layer and the losses against PyTorch 2.13 autograd in float64: values and gradients of `dense.json`."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.det import det
from vgdesk.kernels.trainer import Network, differentiate

FIXTURES = json.loads((Path(__file__).parent / "data" / "dense.json").read_text())
Z = det((4, 5), 0.3, 0.7, 2)
PROBABILITIES = 1 / (1 + np.exp(-det((4, 5), 0.1, 0.9)))
CLASSES = np.eye(5)[FIXTURES["cross_entropy_mean"]["inputs"]["target"]]
LOSSES = {
    "cross_entropy": ("softmax-cross-entropy", "identity", CLASSES, 4),
    "bce_logits": ("bce", "sigmoid", PROBABILITIES, 20),
    "mse": ("mse", "identity", PROBABILITIES, 20),
}
"""Ours, its output activation, the targets, and how many terms its mean has."""


def raw_outputs(loss, activation, z, targets):
    """Differentiates a loss at given raw outputs: one layer that passes its inputs on."""
    width = z.shape[1]
    return differentiate(Network((width, width), (activation,), loss), [np.eye(width)], [np.zeros(width)], z, targets)


@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_its_gradient_are_those_of_pytorch(name):
    loss, activation, targets, _ = LOSSES[name]
    found, expected = raw_outputs(loss, activation, Z, targets), FIXTURES[f"{name}_mean"]["out"]
    assert found.loss == pytest.approx(expected["loss"], rel=1e-14, abs=0)
    np.testing.assert_allclose(found.deltas[0], expected["dz"], rtol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_mean_times_its_number_of_terms_is_the_sum_of_pytorch(name):
    loss, activation, targets, terms = LOSSES[name]
    found, expected = raw_outputs(loss, activation, Z, targets), FIXTURES[f"{name}_sum"]["out"]
    assert terms * found.loss == pytest.approx(expected["loss"], rel=1e-14, abs=0)
    np.testing.assert_allclose(terms * found.deltas[0], expected["dz"], rtol=1e-12)


def test_half_mse_sum_is_half_the_sum_of_pytorch_per_example():
    found, expected = raw_outputs("half-mse-sum", "identity", Z, PROBABILITIES), FIXTURES["mse_sum"]["out"]
    assert 2 * len(Z) * found.loss == pytest.approx(expected["loss"], rel=1e-14, abs=0)
    np.testing.assert_allclose(2 * len(Z) * found.deltas[0], expected["dz"], rtol=1e-12)


def test_a_certain_wrong_answer_costs_what_it_costs_and_not_the_hundred_of_pytorch():
    # torch's binary cross-entropy of probabilities clamps log(p) at -100; ours comes from z and has no such edge
    clamped = FIXTURES["bce_clamp"]
    z = np.array([[-800.0, 800.0]])
    found = raw_outputs("bce", "sigmoid", z, np.array([clamped["y"]]))
    np.testing.assert_array_equal(found.activations[-1], [clamped["p"]])
    assert 2 * found.loss == 1600.0 > clamped["loss_sum"]
    np.testing.assert_array_equal(found.deltas[0], [[-0.5, 0.5]])


def test_dense_layer_has_the_output_and_the_three_gradients_of_pytorch():
    expected, x, W, b = FIXTURES["linear"]["out"], det((3, 4), 0.3, 0.7), det((5, 4), 0.1, 1.1), det(5, 0.2, 0.9)
    # half-mse-sum with these targets has dL/dy = cot; the layer in front makes its own delta dL/dx
    targets = np.array(expected["y"]) - len(x) * det((3, 5), 0.5, 0.37)
    network = Network((4, 4, 5), ("identity", "identity"), "half-mse-sum")
    found = differentiate(network, [np.eye(4), W], [np.zeros(4), b], x, targets)
    gradients = {"y": found.activations[-1], "dW": found.weights[1], "db": found.biases[1], "dx": found.deltas[0]}
    for key, array in gradients.items():
        # sums of a few terms of size 1 that partly cancel
        np.testing.assert_allclose(array, expected[key], rtol=1e-12, atol=1e-15)
