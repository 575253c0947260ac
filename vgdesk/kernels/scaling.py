"""Scaled numbers: an array of ordinary size and an integer exponent of two that says what it stands for.

A gradient that passes through 100 layers leaves every number format: float32 ends at 1e-38, float64 at 1e-308. So the
back-propagated signal is held near 1 by exact powers of two, and the exponent is kept beside it:

    true value = array * 2**exponent

Multiplying by a power of two changes no digit, so the scaled run has the digits the unscaled run would have had in a
format with unlimited exponents. What is exactly zero stays exactly zero.
"""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.products import sum_of_squares

LOWEST_SQUARE = 2.0**-60
HIGHEST_SQUARE = 2.0**24
"""The band in which a sum of squares is left alone: both formats have many digits to spare on either side."""

MAX_SHIFT = 126
"""Both formats hold 2**126 and 2**-126 as normal numbers; larger shifts are made in several turns."""

_LOG10_OF_2 = math.log10(2.0)


@shared_kernel(lambda number: types.float64(number[::1]))
def peak(values):
    """Returns the largest magnitude; NaNs are skipped."""
    largest = values.dtype.type(0)
    for i in range(values.size):
        largest = max(largest, abs(values[i]))
    return np.float64(largest)


@kernel
def normalise(values, square):
    """Brings an array's size near 1.

    Parameters
    ----------
    values
        Flat array, scaled in place where its sum of squares lies outside the band.
    square
        Its sum of squares as computed, which may have overflowed or underflowed.

    Returns
    -------
    square, exponent
        The sum of squares of the scaled array, and the exponent of two that was taken out of it. NaN when
        the array holds either; 0 only when all of it is zero.
    """
    if LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
        return square, 0
    return _rescale(values, square)


@shared_kernel(lambda number: types.Tuple((types.float64, types.int64))(number[::1], types.float64))
def _rescale(values, square):
    exponent = 0
    while not LOWEST_SQUARE <= square <= HIGHEST_SQUARE:
        largest = peak(values)
        if math.isnan(square) or math.isinf(largest):
            return math.nan, exponent
        if largest == 0.0:
            return 0.0, exponent
        _, shift = math.frexp(largest)
        shift = min(max(shift, -MAX_SHIFT), MAX_SHIFT)
        scale = values.dtype.type(math.ldexp(1.0, -shift))
        for i in range(values.size):
            values[i] *= scale
        exponent += shift
        square = sum_of_squares(values)
        if shift == 0:  # more than 2**24 numbers near 1: as near as it gets
            return square, exponent
    return square, exponent


@kernel
def log10_norm(square, exponent):
    """Returns log10 of the 2-norm that a scaled sum of squares stands for; -inf for exactly zero."""
    if square == 0.0:
        return -math.inf
    return (0.5 * math.log2(square) + exponent) * _LOG10_OF_2  # log2 takes a third of log10's time
