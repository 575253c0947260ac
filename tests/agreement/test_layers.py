"""Normalisation and PReLU against PyTorch's numbers for single layers.

`layers.json`: outputs and gradients from PyTorch 2.13 in float64 (1e-12). A layer stands here between an identity that
makes z = x and an output layer that makes its gradient the fixture's: with the loss 1/2 (y - t)^2 summed, W = I and
t = y - cotangent, dL/dh is the cotangent.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.test_optimisers import det
from vgdesk.kernels.trainer import FusedTrainer, Network, differentiate

FIXTURES = json.loads((Path(__file__).parent / "data" / "layers.json").read_text())
SHAPES = {"batch": ("batchnorm_train", (5, 3)), "layer": ("layernorm", (4, 6))}


def surrounded(shape, x, y, cotangent):
    """Returns (weights, biases, inputs, targets): the layer under test is the first of two, and its z is x."""
    batch, units = shape
    identity, zero = np.eye(units), np.zeros(units)
    return [identity, identity], [zero, zero], x, y - batch * cotangent


@pytest.mark.parametrize("kind", SHAPES)
def test_normalisation_is_that_of_the_reference(kind):
    name, shape = SHAPES[kind]
    expected, units = FIXTURES[name]["out"], shape[1]
    gamma, beta = 1 + 0.3 * det((units,), 0.2, 1), det((units,), 0.4, 0.5)
    arrays = surrounded(shape, det(shape, 0.3, 0.7, 2), np.array(expected["y"]), det(shape, 0.5, 0.37))
    network = Network((units,) * 3, ("identity",) * 2, "half-mse-sum", normalisations=(kind, "none"))
    found = differentiate(network, *arrays, others={"gamma1": gamma, "beta1": beta})
    np.testing.assert_allclose(found.activations[1], expected["y"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.deltas[0], expected["dx"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.others["gamma1"], expected["dgamma"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.others["beta1"], expected["dbeta"], rtol=1e-12, atol=1e-14)


def test_running_moments_are_those_of_the_reference():
    name, shape = SHAPES["batch"]
    expected, units = FIXTURES[name]["out"], shape[1]
    arrays = surrounded(shape, det(shape, 0.3, 0.7, 2), np.zeros(shape), np.zeros(shape))
    network = Network((units,) * 3, ("identity",) * 2, "half-mse-sum", normalisations=("batch", "none"))
    trainer = FusedTrainer(network, *arrays, rate=0.1, batch=shape[0])
    trainer.run(np.arange(shape[0])[None])
    np.testing.assert_allclose(trainer.moments().mean[:units], expected["running_mean"], rtol=1e-12)
    np.testing.assert_allclose(trainer.moments().variance[:units], expected["running_var"], rtol=1e-12)


def test_prelu_and_its_slope_are_those_of_the_reference():
    x, expected = np.array(FIXTURES["act.prelu_0.25"]["inputs"]["x"]), FIXTURES["act.prelu_0.25"]["out"]
    arrays = surrounded((1, x.size), x[None], np.array([expected["y"]]), np.ones((1, x.size)))
    network = Network((x.size,) * 3, ("prelu", "identity"), "half-mse-sum")
    found = differentiate(network, *arrays)
    np.testing.assert_array_equal(found.activations[1][0], expected["y"])
    np.testing.assert_allclose(found.deltas[0][0], expected["dy"], rtol=1e-12)
    np.testing.assert_allclose(found.others["slope1"], [np.minimum(x, 0).sum()], rtol=1e-12)


def test_every_reference_layer_is_tested():
    assert set(FIXTURES) == {"batchnorm_train", "layernorm", "act.prelu_0.25"}
