"""One's own formula inside networks: gradients equal those of the activation with that name."""

import numpy as np
import pytest

from vgdesk.kernels.network import Network
from vgdesk.kernels.trainer import differentiate

OWN = {
    "mish": "formula: z*tanh(log(1 + exp(z)))",
    "leaky-relu": "formula: max(z, a*z); a = 0.01",
    "sigmoid": "formula: 1/(1+exp(-z))",
}

OPTIONS = {"normalisations": ("none", "layer", "none"), "skips": (None, "residual", None)}


def gradients(activation, precision, **options):
    generator = np.random.default_rng(3)
    widths = (3, 5, 5, 2)
    weights = [generator.normal(size=shape) for shape in ((5, 3), (5, 5), (2, 5))]
    biases = [generator.normal(size=width) for width in widths[1:]]
    batch = generator.normal(size=(37, 3)), generator.normal(size=(37, 2))
    network = Network(widths, (activation, activation, "identity"), "mse", **options)
    return differentiate(network, weights, biases, *batch, precision)


@pytest.mark.parametrize("options", [{}, OPTIONS])
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", OWN)
def test_gradients_equal_those_of_the_named_activation(name, precision, options):
    own, named = (gradients(activation, precision, **options) for activation in (OWN[name], name))
    rounding = 1e-5 if precision == "float32" else 1e-13
    for found, expected in zip(own.weights, named.weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=100 * rounding, atol=rounding)
