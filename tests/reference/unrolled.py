"""Forward passes of layers with options and of recurrent cells, and their gradient by complex steps.

dL/dp = Im L(p + i 1e-200) / 1e-200 has no difference that could lose digits and needs no derivative rule (Squire &
Trapp 1998); every function here takes complex numbers, and comparisons look at the real part.
"""

import numpy as np

from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.recurrent import Gru, Lstm

STEP = 1e-200


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "silu": lambda z: z * sigmoid(z),
    "identity": lambda z: z,
}


def loss_of(loss, y, t):
    """Returns the batch loss; y and t have one row per example and output step."""
    if loss == "mse":
        return np.mean((y - t) ** 2)
    if loss == "half-mse-sum":
        return np.sum((y - t) ** 2) / 2 / len(y)
    if loss == "bce":  # y is a sigmoid's z: 1 - y of y itself would lose the digits of a saturated unit
        return np.mean(np.log(1 + np.exp(-np.where(y.real > 0, y, -y))) + np.where(y.real > 0, y, 0) - t * y)
    return np.mean(np.log(np.sum(np.exp(y), axis=1)) - np.sum(t * y, axis=1))


def feed_forward_loss(network, loss, p, inputs, targets):
    """Returns the batch loss of a feed-forward network with parameters by public name, dropout off."""
    h = inputs.astype(complex)
    for number, layer in enumerate(network.layers, start=1):
        a = h @ p[f"W{number}"].T + p.get(f"b{number}", 0.0)
        if layer.normalisation != "none":
            axis = 0 if layer.normalisation == "batch" else 1
            centred = a - a.mean(axis=axis, keepdims=True)
            a = centred / np.sqrt((centred**2).mean(axis=axis, keepdims=True) + 1e-5)
            a = p[f"gamma{number}"] * a + p[f"beta{number}"]
        if layer.activation == "prelu":
            inner = np.where(a.real > 0, a, p[f"slope{number}"] * a)
        elif loss == "bce" and number == len(network.layers):
            inner = a
        else:
            columns = [ACTIVATIONS[layer.activation_of(unit)](z) for unit, z in enumerate(a.T, start=1)]
            inner = np.stack(columns, axis=1)
        h = _skipped(layer.skip, number, p, inner, h)
    return loss_of(loss, h, targets)


def _skipped(skip, number, p, inner, below):
    if isinstance(skip, Residual):
        return inner + below
    if isinstance(skip, Highway):
        gate = sigmoid(below @ p[f"gate_W{number}"].T + p[f"gate_b{number}"])
        return gate * inner + (1 - gate) * below
    return inner


def recurrent_loss(network, loss, p, inputs, targets):
    """Returns the batch loss of a recurrent network; inputs (N, T, I), targets (N, output steps, outputs)."""
    output = ACTIVATIONS["identity" if loss == "bce" else network.output_activation]
    outputs = [output(h @ p["W_out"].T + p["b_out"]) for h in recurrent_states(network, p, inputs)]
    y = np.stack(outputs[-network.output_steps :], axis=1)
    return loss_of(loss, y.reshape(-1, network.outputs), targets.reshape(-1, network.outputs))


def recurrent_states(network, p, inputs):
    """Returns h_t for t = 1, ..., T, each (N, width)."""
    h = c = np.zeros((len(inputs), network.width), complex)
    states = []
    for t in range(network.steps):
        h, c = _cell(network, p, inputs[:, t], h, c)
        states.append(h)
    return states


def _cell(network, p, x, h, c):
    H, W, U, b = network.width, p["W_ih"], p["W_hh"], p["b"]
    match network.cell:
        case Lstm():
            i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            return sigmoid(o) * np.tanh(c), c
        case Gru(reset=reset):
            r, z = np.split(sigmoid((x @ W.T + b)[:, : 2 * H] + h @ U[: 2 * H].T), 2, axis=1)
            driven, Un = (x @ W.T + b)[:, 2 * H :], U[2 * H :].T
            n = np.tanh(driven + (r * (h @ Un + p["b_hn"]) if reset == "after" else (r * h) @ Un))
            return (1 - z) * n + z * h, c
        case cell:
            return ACTIVATIONS[cell.activation](x @ W.T + h @ U.T + b), c


def complex_step_gradient(loss, arrays):
    """Returns dL/dp for every element of the named arrays; `loss` takes such arrays."""
    return {name: _slopes(loss, arrays, name) for name in arrays}


def _slopes(loss, arrays, name):
    slopes = np.zeros(arrays[name].shape)
    for index in np.ndindex(slopes.shape):
        stepped = arrays[name].astype(complex)
        stepped[index] += 1j * STEP
        slopes[index] = loss({**arrays, name: stepped}).imag / STEP
    return slopes
