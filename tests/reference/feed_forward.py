"""Back-propagation written to be read: the twin of `vgdesk.kernels.feed_forward`, float64, no scaling, no tricks."""

import numpy as np

from tests.reference.activations import ACTIVATIONS


def loss_and_slope(loss, y, z, t):
    """Returns the loss and dL/dz of the output layer, or dL/dy where the loss is defined on y."""
    batch, outputs = y.shape
    if loss == "mse":
        return np.mean((y - t) ** 2), 2 * (y - t) / (batch * outputs)
    if loss == "half-mse-sum":
        return np.sum((y - t) ** 2) / 2 / batch, (y - t) / batch
    if loss == "bce":
        return np.mean(np.logaddexp(0, z) - t * z), (y - t) / (batch * outputs)
    log_sum = np.logaddexp.reduce(z, axis=1, keepdims=True)
    p = np.exp(z - log_sum)
    return np.mean(log_sum[:, 0] - np.sum(t * z, axis=1)), (p - t) / batch


def backpropagate(activations, loss, weights, biases, inputs, targets):
    """Returns (loss, dW per layer, db per layer, delta per layer)."""
    h, z = [inputs], []
    for name, W, b in zip(activations, weights, biases, strict=True):
        z.append(h[-1] @ W.T + b)
        h.append(ACTIVATIONS[name][0](z[-1]))
    value, delta = loss_and_slope(loss, h[-1], z[-1], targets)
    if loss in ("mse", "half-mse-sum"):
        delta = delta * ACTIVATIONS[activations[-1]][1](z[-1])
    deltas = [delta]
    for layer in range(len(weights) - 1, 0, -1):
        delta = (delta @ weights[layer]) * ACTIVATIONS[activations[layer - 1]][1](z[layer - 1])
        deltas.insert(0, delta)
    dW = [delta.T @ below for delta, below in zip(deltas, h, strict=False)]
    return value, dW, [delta.sum(axis=0) for delta in deltas], deltas


def loss_of(activations, loss, weights, biases, inputs, targets):
    """Returns only the loss."""
    return backpropagate(activations, loss, weights, biases, inputs, targets)[0]
