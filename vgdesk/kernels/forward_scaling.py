"""The way forward where numbers leave the format: z and h of a layer as scaled numbers (see `scaling`).

    z = h W^T + b,   h, z and phi(z) stand for h 2^e, z 2^e and phi(z) 2^e

100 ReLU layers with weights of 0.01 leave h near 1e-140: exactly 0 in float32, and so would be every dL/dW. Therefore
2^e is taken out of h where phi allows it, and joins the exponent of dL/dW = delta^T h. It is exact

    where phi(c z) = c phi(z) for every c > 0     ReLU, leaky ReLU, PReLU, identity: also far above 1
    where phi(0) = 0 and |z| <= 2^-56             tanh and all other phi with a slope at 0: there phi(z) = phi'(0+-) z
                                                  to the last bit of float64, and the same at every smaller |z|

so that phi' of what lies in memory is that of the true z. Where neither holds (sigmoid has phi(0) = 1/2; what
normalises or skips needs the true numbers), the exponent is put back into z. At the output it is put back once phi and
phi' are known, for the loss compares true numbers: there, what the format cannot hold becomes 0 or infinite.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.clipping import multiply_by_power
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.layout import SCALES_ANYWHERE, SCALES_NOWHERE, SCALES_SMALL
from vgdesk.kernels.products import forward_product, is_finite, sum_of_squares
from vgdesk.kernels.scaling import MAX_SHIFT, normalise, peak
from vgdesk.kernels.views import matrix, part

LOWEST_FORWARD, HIGHEST_FORWARD = 2.0**-110, 2.0**100
"""The band in which a layer's sum of squares of z is left alone."""
SMALL, LARGE = -56, 40
"""Exponents of the largest |z| as it lies in memory: where z is tiny, where it is huge."""

_LEAST = -(1 << 40)


@kernel
def is_ordinary(square, exponent):
    """Whether z with this sum of squares, computed from an h with this exponent, needs nothing of this file."""
    return exponent == 0 and LOWEST_FORWARD <= square <= HIGHEST_FORWARD


@shared_kernel(lambda number: types.void(number[::1], types.int64))
def restore(values, exponent):
    """Puts an exponent back into the array: what the format cannot hold becomes 0 or infinite."""
    multiply_by_power(values, 1.0, exponent)


def _signature(number):
    result, whole, flat, rows = types.Tuple((types.int64, types.boolean)), types.int64, number[::1], number[:, ::1]
    return result(whole, types.float64, rows, whole, rows, flat, rows, flat, flat, flat)


@shared_kernel(_signature)
def scaled_forward(kind, square, h, exponent, W, b, z, room, biases, strip):
    """Writes z of a layer, scaled where the layer allows it and its size asks for it.

    Parameters
    ----------
    kind
        `SCALES_NOWHERE`, `SCALES_SMALL` or `SCALES_ANYWHERE`: where the layer's phi allows an exponent.
    square
        Sum of squares of `z` as it stands there, where `exponent` is 0.
    h, exponent
        What comes from below; stands for h * 2**exponent.
    room, biases
        Room for as many numbers as `h`, and as `b`.

    Returns
    -------
    exponent, finite
        The exponent of z, and whether all of z is finite.
    """
    if exponent == 0 and (kind == SCALES_NOWHERE or (kind == SCALES_SMALL and not square < LOWEST_FORWARD)):
        return 0, is_finite(square, z)
    common, finite = _product_near_one(h, exponent, W, b, z, room, biases, strip)
    flat = part(z, 0, z.size)
    largest = peak(flat)
    if not finite or largest == 0.0:
        return 0, finite
    wanted = _exponent_to_keep(kind, math.frexp(largest)[1] + common)
    multiply_by_power(flat, 1.0, common - wanted)
    return wanted, is_finite(sum_of_squares(flat), z)


@kernel
def _product_near_one(h, exponent, W, b, z, room, biases, strip):
    """Writes z from factors whose largest numbers are near 1; returns its exponent and whether it is finite."""
    copy, start = part(room, 0, h.size), part(h, 0, h.size)
    for i in range(h.size):
        copy[i] = start[i]
    _, shift = normalise(copy, sum_of_squares(copy))
    heaviest = max(_exponent_of(part(W, 0, W.size)), -MAX_SHIFT)
    through = exponent + shift + heaviest if peak(copy) > 0.0 else _LEAST
    common = max(through, _exponent_of(b))
    if common == _LEAST:
        common = 0
    multiply_by_power(copy, 1.0, through - heaviest - common)
    inner = part(biases, 0, b.size)
    for unit in range(b.size):
        inner[unit] = math.ldexp(np.float64(b[unit]), -common)
    square = forward_product(matrix(copy, 0, h.shape[0], h.shape[1]), W, inner, z, strip)
    return common, is_finite(square, z)


@kernel
def _exponent_of(values):
    """Returns the exponent of the largest number; very small where all are 0."""
    largest = peak(values)
    return math.frexp(largest)[1] if 0.0 < largest < math.inf else _LEAST


@kernel
def _exponent_to_keep(kind, true):
    """Returns the exponent of a z whose largest number has the exponent `true`."""
    if kind != SCALES_NOWHERE and true < SMALL:
        return true - SMALL
    if kind == SCALES_ANYWHERE and true > LARGE:
        return true - LARGE
    return 0
