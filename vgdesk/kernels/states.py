"""|dL/dh| where back-propagation does not pass through it: at a sigmoid output, and where its sum of squares got lost.

Binary cross-entropy goes straight to the raw output z, whose h = sigmoid(z):

    dL/dh = ((1 - t) / (1 - h) - t / h) / n = ((1 - t) (1 + e^z) - t (1 + e^-z)) / n

The exponentials may exceed every format, so 2**exponent is taken out of them beforehand.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.scaling import peak
from vgdesk.kernels.views import part

LOST_BELOW, LOST_ABOVE = 1e-30, 1e30
"""Where a float32 sum of squares is no longer to be trusted: its terms may have left the format."""


@shared_kernel(lambda number: types.Tuple((types.float64, types.int64))(number[:, ::1], number[:, ::1]))
def binary_state(z, targets):
    """Returns (sum of squares, exponent) of dL/dh of a sigmoid output under binary cross-entropy."""
    largest = 0.0
    for row in range(z.shape[0]):
        for j in range(z.shape[1]):
            raw, target = np.float64(z[row, j]), np.float64(targets[row, j])
            if target != 1.0:
                largest = max(largest, raw)
            if target != 0.0:
                largest = max(largest, -raw)
    exponent = math.ceil(largest / math.log(2.0))
    shift, one, total = exponent * math.log(2.0), math.ldexp(1.0, -exponent), 0.0
    for row in range(z.shape[0]):
        for j in range(z.shape[1]):
            raw, target = np.float64(z[row, j]), np.float64(targets[row, j])
            term = 0.0
            if target != 1.0:
                term += (1.0 - target) * (one + math.exp(raw - shift))
            if target != 0.0:
                term -= target * (one + math.exp(-raw - shift))
            total += term * term
    count = z.shape[0] * z.shape[1]
    return total / count / count, exponent


@shared_kernel(lambda number: types.Tuple((types.float64, types.int64))(number[:, ::1], number[:, ::1]))
def careful_square(delta, W):
    """Returns (sum of squares, exponent) of delta W in float64, with W brought near 1: slow, but never lost."""
    largest = peak(part(W, 0, W.size))
    if largest == 0.0 or not largest < math.inf:
        return largest * 0.0, 0
    _, shift = math.frexp(largest)
    total = 0.0
    for row in range(delta.shape[0]):
        for unit in range(W.shape[1]):
            value = 0.0
            for k in range(W.shape[0]):
                value += np.float64(delta[row, k]) * math.ldexp(np.float64(W[k, unit]), -shift)
            total += value * value
    return total, shift
