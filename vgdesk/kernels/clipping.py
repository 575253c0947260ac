"""The total norm of all gradients, and clipping, for scaled gradients (see `scaling`).

    total    = sqrt(sum of squares of every weight's and bias's gradient)
    by norm    g <- g min(1, maximum / (total + 1e-6))
    by value   g <- min(max(g, -maximum), maximum)

The norm is summed from squares and exponents, so that it is a number where no format holds it, and the cap by norm
works there, too: its factor is joined with the gradient's exponent before anything is multiplied. Values are compared
as the number format has them: a gradient beyond it is infinite first and then clipped to `maximum`, keeping its sign.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.late_binding import shared_kernel

UNCLIPPED, BY_NORM, BY_VALUE = range(3)

_TURN = 120  # both formats hold 2**120 and 2**-120 as normal numbers
_FARTHEST = 2400  # carries any nonzero number of either format to zero or infinity
_FAR = 500  # 2**500 and its square root are ordinary float64 numbers
_MARGIN = 1e-6


class Cap(NamedTuple):
    """Is a clipping: UNCLIPPED, BY_NORM or BY_VALUE, and its maximum."""

    code: int = UNCLIPPED
    maximum: float = math.inf


@kernel
def add_squares(square, exponent, more, other):
    """Returns square * 4**exponent + more * 4**other in the same form."""
    if more == 0.0:
        return square, exponent
    if square == 0.0 or other > exponent:
        square, exponent, more, other = more, other, square, exponent
    return square + math.ldexp(more, 2 * (other - exponent)), exponent


@kernel
def norm_factor(cap, square, exponent):
    """Returns (factor, shift): by what clipping by norm multiplies, factor * 2**shift; (1, 0) when it does not."""
    if cap.code != BY_NORM:
        return 1.0, 0
    root = math.sqrt(square)
    if exponent > _FAR:
        return cap.maximum / root, -exponent
    factor = cap.maximum / (math.ldexp(root, exponent) + _MARGIN)
    return (factor if factor < 1.0 else 1.0), 0  # Numba compiles `min` and `max` as long as all of this


@shared_kernel(lambda number: types.void(number[::1], types.float64, types.int64))
def multiply_by_power(values, factor, exponent):
    """Multiplies in place by factor * 2**exponent, in turns whose numbers the format holds; 0 stays 0."""
    if factor == 1.0 and exponent == 0:
        return
    mantissa, shift = math.frexp(factor)
    exponent = min(max(exponent + shift, -_FARTHEST), _FARTHEST)
    while abs(exponent) > _TURN:
        turn = _TURN if exponent > 0 else -_TURN
        scale = values.dtype.type(math.ldexp(1.0, turn))
        for i in range(values.size):
            values[i] *= scale
        exponent -= turn
    scale = values.dtype.type(math.ldexp(mantissa, exponent))
    for i in range(values.size):
        values[i] *= scale


@kernel
def clamp(values, cap):
    """Moves values into [-maximum, maximum] where `cap` is by value.

    Returns (sum of squares after it, whether any was outside), and (0, False) where it is not by value.
    """
    square, outside = 0.0, False
    if cap.code != BY_VALUE:
        return square, outside
    bound = values.dtype.type(cap.maximum)
    for i in range(values.size):
        if abs(values[i]) > bound:
            values[i] = bound if values[i] > 0 else -bound
            outside = True
        square += np.float64(values[i]) * np.float64(values[i])
    return square, outside
