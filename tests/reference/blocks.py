"""Back-propagation through layers with all options: the twin of `vgdesk.kernels.blocks`, float64, no scaling.

z = W h_below + b,   a = norm(z),   F = phi(a) * factor,   h = F, or h_below + F, or T F + (1 - T) h_below
"""

from dataclasses import dataclass

import numpy as np

from tests.reference.activations import ACTIVATIONS, sigmoid
from tests.reference.feed_forward import loss_and_slope

EPSILON = 1e-5
AXES = {"batch": 0, "layer": 1}


@dataclass
class Layer:
    """What one layer leaves behind for the way back; all arrays are (batch, units)."""

    below: np.ndarray
    z: np.ndarray
    standard: np.ndarray
    deviation: np.ndarray
    a: np.ndarray
    inner: np.ndarray
    gate: np.ndarray
    h: np.ndarray


@dataclass
class Derivatives:
    """Loss and derivatives by all parameters (`others` by name), by z (`deltas`), h (`states`) and h^0 (`inputs`)."""

    loss: float
    weights: list
    biases: list
    others: dict
    deltas: list
    states: list
    layers: list
    inputs: np.ndarray | None = None


def phi_and_slope(network, others, number, a):
    """Returns phi(a) and phi'(a) of a layer, counting from 1."""
    own = network.unit_activations[number - 1]
    if own:
        pairs = [[f(a[:, unit]) for f in ACTIVATIONS[name]] for unit, name in enumerate(own)]
        return tuple(np.stack(columns, axis=1) for columns in zip(*pairs, strict=True))
    name = network.activations[number - 1]
    if name == "prelu":
        leak = others[f"slope{number}"][0]
        return np.where(a > 0, a, leak * a), np.where(a > 0, 1.0, leak)
    phi, slope = ACTIVATIONS[name]
    return phi(a), slope(a)


def standardised(z, kind):
    """Returns z with mean 0 and variance 1 along the axis of its kind, and the deviation it was divided by."""
    axis = AXES[kind]
    deviation = np.sqrt(z.var(axis=axis, keepdims=True) + EPSILON)
    return (z - z.mean(axis=axis, keepdims=True)) / deviation, deviation


def forward(network, weights, biases, others, inputs, factors=None):
    """Returns one `Layer` per layer; `factors` are what dropout multiplies by, or None."""
    layers, h = [], inputs
    for number, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z, kind = h @ W.T + b, network.normalisations[number - 1]
        a, standard, deviation = z, z, np.ones((1, 1))
        if kind != "none":
            standard, deviation = standardised(z, kind)
            a = others[f"gamma{number}"] * standard + others[f"beta{number}"]
        inner = phi_and_slope(network, others, number, a)[0] * (1.0 if factors is None else factors[number - 1])
        gate, out = np.ones((1, 1)), inner
        if network.skips[number - 1] == "residual":
            out = h + inner
        if network.skips[number - 1] == "highway":
            gate = sigmoid(h @ others[f"gate_W{number}"].T + others[f"gate_b{number}"])
            out = gate * inner + (1 - gate) * h
        layers.append(Layer(h, z, standard, deviation, a, inner, gate, out))
        h = out
    return layers


def backpropagate(network, weights, biases, others, inputs, targets, factors=None):
    """Returns `Derivatives`."""
    layers = forward(network, weights, biases, others, inputs, factors)
    last, depth = layers[-1], len(layers)
    loss, state = loss_and_slope(network.loss, last.h, last.z, targets)
    found = Derivatives(loss, [], [], {}, [], [], layers)
    if network.loss == "bce":
        state = state / phi_and_slope(network, others, depth, last.a)[1]
    for number in range(depth, 0, -1):
        layer, factor = layers[number - 1], 1.0 if factors is None else factors[number - 1]
        found.states.insert(0, state)
        skip, direct = network.skips[number - 1], 0.0
        if skip == "residual":
            direct = state
        if skip == "highway":
            gate_delta = state * (layer.inner - layer.below) * layer.gate * (1 - layer.gate)
            found.others[f"gate_W{number}"] = gate_delta.T @ layer.below
            found.others[f"gate_b{number}"] = gate_delta.sum(axis=0)
            direct = state * (1 - layer.gate) + gate_delta @ others[f"gate_W{number}"]
        inner = state * layer.gate * factor
        if network.activations[number - 1] == "prelu":
            found.others[f"slope{number}"] = np.array([np.sum(inner * np.minimum(layer.a, 0))])
        delta = inner * phi_and_slope(network, others, number, layer.a)[1]
        delta = _through_norm(network, others, number, layer, delta, found)
        found.deltas.insert(0, delta)
        found.weights.insert(0, delta.T @ layer.below)
        found.biases.insert(0, delta.sum(axis=0))
        state = delta @ weights[number - 1] + direct
    found.inputs = state
    return found


def _through_norm(network, others, number, layer, delta, found):
    kind = network.normalisations[number - 1]
    if kind == "none":
        return delta
    found.others[f"gamma{number}"] = np.sum(delta * layer.standard, axis=0)
    found.others[f"beta{number}"] = np.sum(delta, axis=0)
    inner, axis = delta * others[f"gamma{number}"], AXES[kind]
    mean = inner.mean(axis=axis, keepdims=True)
    along = np.mean(inner * layer.standard, axis=axis, keepdims=True)
    return (inner - mean - layer.standard * along) / layer.deviation
