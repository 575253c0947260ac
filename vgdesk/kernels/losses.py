"""Losses by code: the batch's loss in float64, and delta = dL/dz of the output layer.

With outputs y = h^L, raw outputs z, targets t, batch B, K outputs:

    mse                      mean over all B*K elements of (y - t)^2              dL/dy = 2 (y - t) / (B K)
    half-mse-sum             1/2 sum (y - t)^2 per example, mean over the batch   dL/dy = (y - t) / B
    bce                      mean over all elements of log(1 + e^z) - t z,        y = sigmoid(z)
                             delta = ((1 - t) y - t (1 - y)) / (B K)
    softmax-cross-entropy    mean over the batch of logsumexp(z) - sum(t z)
                             delta_j = (p_j (1 - t_j) - t_j (1 - p_j)) / B,       p = softmax(z), sum(t) = 1

The last two come from the raw outputs, and 1 - y, 1 - p are computed as themselves: y - t would lose every digit once
an example is learnt. Where the targets of softmax do not sum to 1, delta_j = (p_j - t_j) / B is the same expression.

logsumexp(z) = max z + log(1 + rest), rest = sum of exp(z_j - max z) over the others (see `simd.softmax`). A logarithm
takes as long as all else in a row, so the batch has one: log(1 + g), 1 + g = the product of all 1 + rest, where
g <- g + rest + g rest keeps the digits of small numbers.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.late_binding import shared_choice
from vgdesk.kernels.simd.softmax import softmax_row
from vgdesk.kernels.views import part

MSE, HALF_MSE_SUM, BCE, SOFTMAX_CROSS_ENTROPY = range(4)
LOSS_CODES = {"mse": MSE, "half-mse-sum": HALF_MSE_SUM, "bce": BCE, "softmax-cross-entropy": SOFTMAX_CROSS_ENTROPY}
_LARGE = 1e250  # times a number of outputs it is still a float64


def _mean_square(code, z, h, slope, targets, delta):
    count = z.shape[0] * z.shape[1]
    return _squared(h, slope, targets, delta, 2.0 / count) / count


def _half_square_sum(code, z, h, slope, targets, delta):
    batch = z.shape[0]
    return _squared(h, slope, targets, delta, 1.0 / batch) / (2.0 * batch)


@inlined_kernel
def _squared(h, slope, targets, delta, factor):
    scale = delta.dtype.type(factor)
    total = 0.0
    for row in range(h.shape[0]):
        for j in range(h.shape[1]):
            error = h[row, j] - targets[row, j]
            delta[row, j] = scale * error * slope[row, j]
            total += np.float64(error) * np.float64(error)
    return total


def _binary(code, z, h, slope, targets, delta):
    count = z.shape[0] * z.shape[1]
    total = 0.0
    for row in range(z.shape[0]):
        for j in range(z.shape[1]):
            raw, target = np.float64(z[row, j]), np.float64(targets[row, j])
            small = math.exp(-abs(raw))
            likely, unlikely = 1.0 / (1.0 + small), small / (1.0 + small)
            y, rest = (likely, unlikely) if raw >= 0.0 else (unlikely, likely)
            delta[row, j] = ((1.0 - target) * y - target * rest) / count
            # log(1 + e^z) - t z without cancellation for either sign of z
            total += math.log1p(small) + ((1.0 - target) * raw if raw >= 0.0 else -target * raw)
    return total / count


def _softmax(code, z, h, slope, targets, delta):
    batch, outputs = z.shape
    total, grown = 0.0, 0.0
    for row in range(batch):
        raw, wanted = part(z, row * outputs, outputs), part(targets, row * outputs, outputs)
        loss, rest = softmax_row(raw, wanted, part(delta, row * outputs, outputs), 1.0 / batch)
        total += loss
        grown += rest + grown * rest
        if grown > _LARGE:
            total += math.log1p(grown)
            grown = 0.0
    return (total + math.log1p(grown)) / batch


def _signature(number, code):
    arrays = [number[:, ::1]] * 5
    return types.float64(types.int64, *arrays)


@shared_choice([_mean_square, _half_square_sum, _binary, _softmax], _signature)
def output_delta(code, z, h, slope, targets, delta):
    """Writes delta of the output layer and returns the loss; all arrays are (batch, outputs)."""
