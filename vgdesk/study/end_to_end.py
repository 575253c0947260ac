"""The Jacobian from a network's input to its output, multiplied up layer by layer.

With a normalisation, dropout (off) and a skip connection a layer gives

    dh = dh_below + phi'(a) norm'(z) W dh_below             norm over a batch: its mean and deviation count as fixed
    dh = T dF + (1 - T) dh_below + (F - h_below) T' dh_below                         highway

A common factor is taken out of J after every layer, so that products far outside the range of float64 stay numbers. So
does h = m 2^e, as long as phi is homogeneous, phi(c z) = c phi(z) for c > 0, and nothing is added or normalised:

    z = (W m + b 2^-e) 2^e          phi(z) = phi(W m + b 2^-e) 2^e
"""

import math

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.parameters import Parameters
from vgdesk.spec.activation import family_name
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import NORMALISATION_EPSILON, DenseLayer, Highway, Residual
from vgdesk.theory.activations import phi_of
from vgdesk.theory.units import layer_phi

HOMOGENEOUS = frozenset({"identity", "relu", "leaky-relu", "prelu"})
"""Activations with phi(c z) = c phi(z) for every c > 0."""


def end_to_end(experiment: Experiment, parameters: Parameters, inputs: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns dh^L/dx at the first of the inputs, shape (outputs, inputs), and log10 of a factor taken out of it.

    Raises
    ------
    SpecError
        A state exceeds float64 in a layer whose activation, normalisation or skip connection needs its true size.
    """
    h, exponent, J, log10 = inputs, 0, np.eye(inputs.shape[1]), 0.0
    for number, layer in enumerate(experiment.feed_forward.layers, start=1):
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            if _is_scaled(layer):
                h, exponent, J = _scaled_layer(layer, number, parameters, h, exponent, J)
            else:
                (h, J), exponent = _layer(layer, number, parameters, np.ldexp(h, exponent), J), 0
        if not np.all(np.isfinite(h)):
            raise SpecError(
                f"the state of layer {number} of {experiment.name!r} must stay below 1.8e308 for a Jacobian; "
                "draw smaller weights"
            )
        size = float(np.max(np.abs(J)))
        if size > 0.0 and math.isfinite(size):
            J, log10 = J / size, log10 + math.log10(size)
    return J, log10


def _is_scaled(layer: DenseLayer) -> bool:
    activations = layer.unit_activations or (layer.activation,)
    is_plain = layer.normalisation == "none" and layer.skip is None
    return is_plain and all(family_name(activation) in HOMOGENEOUS for activation in activations)


def _scaled_layer(
    layer: DenseLayer, number: int, parameters: Parameters, h: np.ndarray, exponent: int, J: np.ndarray
) -> tuple[np.ndarray, int, np.ndarray]:
    """Returns h of all examples in units of a power of 2, the exponent of that, and dh/dx of the first one."""
    W, phi = parameters.weights[number - 1], layer_phi(layer)
    bias = parameters.biases[number - 1]
    unit = _power(h, exponent)
    if np.any(bias):  # beside a bias a state that is smaller by 1e300 is nothing, in whose units the bias is infinite
        unit = max(unit, _power(bias, 0))
    h, exponent = np.ldexp(h, exponent - unit), unit
    z = h @ W.T + np.ldexp(bias, -exponent)
    return phi.value(z), exponent, phi.slope(z[0])[:, None] * (W @ J)


def _power(numbers: np.ndarray, exponent: int) -> int:
    """Returns the power of 2 just above the largest of numbers in units of 2^exponent; that one where all are 0."""
    size = float(np.max(np.abs(numbers), initial=0.0))
    return exponent + math.frexp(size)[1] if size > 0.0 else exponent


def _layer(
    layer: DenseLayer, number: int, parameters: Parameters, h: np.ndarray, J: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns h of all examples, and dh/dx of the first one, both unscaled."""
    W, phi = parameters.weights[number - 1], layer_phi(layer)
    a, dz = _normalised(layer, number, parameters, h @ W.T + parameters.biases[number - 1], W @ J)
    F, dF = phi.value(a), phi.slope(a[0])[:, None] * dz
    if isinstance(layer.skip, Residual):
        return h + F, J + dF
    if isinstance(layer.skip, Highway):
        gate_W, sigmoid = parameters.others[f"gate_W{number}"], phi_of("sigmoid")
        argument = h @ gate_W.T + parameters.others[f"gate_b{number}"]
        T, slope = sigmoid.value(argument), sigmoid.slope(argument[0])[:, None]
        turned = (F - h)[0][:, None] * slope * (gate_W @ J)
        return T * F + (1 - T) * h, T[0][:, None] * dF + (1 - T[0])[:, None] * J + turned
    return F, dF


def _normalised(
    layer: DenseLayer, number: int, parameters: Parameters, z: np.ndarray, dz: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns phi's argument and its Jacobian."""
    if layer.normalisation == "none":
        return z, dz
    axis = 0 if layer.normalisation == "batch" else 1
    gamma, beta = parameters.others[f"gamma{number}"], parameters.others[f"beta{number}"]
    deviation = np.sqrt(z.var(axis=axis, keepdims=True) + NORMALISATION_EPSILON)
    a = (z - z.mean(axis=axis, keepdims=True)) / deviation
    if layer.normalisation == "batch":
        dz = dz / deviation[0][:, None]
    else:
        first = a[0][:, None]
        dz = (dz - dz.mean(axis=0) - first * (first * dz).mean(axis=0)) / deviation[0, 0]
    return gamma * a + beta, gamma[:, None] * dz
