"""Activations written to be read: phi and phi' in NumPy, the twin of `vgdesk.kernels.activations`."""

import numpy as np
from scipy.special import erf, ndtr

LEAK = 0.01
LAMBDA, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
LINEAR, CUBIC = 2 * np.sqrt(2 / np.pi), 2 * np.sqrt(2 / np.pi) * 0.044715


def sigmoid(z):
    """1 / (1 + e^-z), from e^-|z| so that nothing overflows."""
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1.0) / (1 + e)


def bell(z):
    """sigmoid'(z)."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def softplus(z):
    """ln(1 + e^z)."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def normal_density(z):
    """Density of N(0, 1)."""
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def gelu_tanh(z):
    """z sigmoid(y) with y = a z + b z^3: the tanh form, for (1 + tanh x) / 2 = sigmoid(2 x)."""
    return z * sigmoid(LINEAR * z + CUBIC * z**3)


def gelu_tanh_slope(z):
    """The product rule."""
    y = LINEAR * z + CUBIC * z**3
    return sigmoid(y) + z * bell(y) * (LINEAR + 3 * CUBIC * z**2)


def elu(alpha):
    """phi and phi' of ELU: z above 0, alpha (e^z - 1) elsewhere."""
    return (
        lambda z: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
        lambda z: np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0))),
    )


def celu(alpha):
    """phi and phi' of CELU: z above 0, alpha (e^(z / alpha) - 1) elsewhere."""
    return (
        lambda z: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0) / alpha)),
        lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0) / alpha)),
    )


ACTIVATIONS = {
    "sigmoid": (sigmoid, bell),
    "tanh": (np.tanh, lambda z: 4 * bell(2 * z)),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
    "erf": (erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z)),
    "hard-tanh": (lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1).astype(float)),
    "hard-sigmoid": (lambda z: np.clip(z / 6 + 0.5, 0, 1), lambda z: (np.abs(z) < 3) / 6),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "relu6": (lambda z: np.clip(z, 0, 6), lambda z: ((z > 0) & (z < 6)).astype(float)),
    "leaky-relu": (lambda z: np.where(z > 0, z, LEAK * z), lambda z: np.where(z > 0, 1.0, LEAK)),
    "elu": elu(1.0),
    "celu": celu(1.0),
    "elu(0.5)": elu(0.5),
    "celu(0.5)": celu(0.5),
    "selu": (
        lambda z: LAMBDA * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0))),
        lambda z: LAMBDA * np.where(z > 0, 1.0, ALPHA * np.exp(np.minimum(z, 0))),
    ),
    "softplus": (softplus, sigmoid),
    "log-sigmoid": (lambda z: -softplus(-z), lambda z: sigmoid(-z)),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * bell(z)),
    "gelu": (lambda z: z * ndtr(z), lambda z: ndtr(z) + z * normal_density(z)),
    "gelu-tanh": (gelu_tanh, gelu_tanh_slope),
    "mish": (
        lambda z: z * np.tanh(softplus(z)),
        lambda z: np.tanh(softplus(z)) + z * sigmoid(z) / np.cosh(softplus(z)) ** 2,
    ),
    "hard-swish": (
        lambda z: z * np.clip(z / 6 + 0.5, 0, 1),
        lambda z: np.where(z >= 3, 1.0, np.where(z > -3, z / 3 + 0.5, 0.0)),
    ),
    "identity": (lambda z: z, np.ones_like),
}
"""phi and phi' by name."""
