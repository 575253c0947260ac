"""Back-propagated signals of one time step: scaled, joined, measured (see `kernels.scaling`)."""

import math

import numpy as np
from numba import types

from vgdesk.kernels._jit import inlined_kernel, kernel
from vgdesk.kernels.clipping import multiply_by_power
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.products import sum_of_squares
from vgdesk.kernels.scaling import HIGHEST_SQUARE, LOWEST_SQUARE, peak
from vgdesk.kernels.views import part

_TRUSTED_BELOW, _TRUSTED_ABOVE = 1e-24, 1e24
"""Where a float32 sum of squares has all its terms."""


@kernel
def _is_zero(values):
    """Whether all of a signal is exactly zero."""
    return sum_of_squares(values) == 0.0 and peak(values) == 0.0


@shared_kernel(lambda number: types.int64(number[::1], number[::1], types.int64, number[::1], types.int64))
def join(dh, dc, exponent, more, other):
    """Adds what the output gives to what later time steps gave, in place; returns the exponent of dL/dh and dL/dc."""
    if _is_zero(more):
        return exponent
    if _is_zero(dh) and _is_zero(dc):
        exponent = other
    if other > exponent:
        multiply_by_power(dh, 1.0, exponent - other)
        multiply_by_power(dc, 1.0, exponent - other)
        exponent = other
    elif other < exponent:
        multiply_by_power(more, 1.0, other - exponent)
    for k in range(dh.size):
        dh[k] += more[k]
    return exponent


@shared_kernel(
    lambda number: types.Tuple((types.float64, types.int64))(number[::1], number[::1], types.float64, types.int64)
)
def balance(dh, dc, square, exponent):
    """Brings the signals of a time step near 1 by one power of two.

    `square` is the sum of squares of `dh`. Returns what it is afterwards, and the exponent of both.
    """
    both = square
    if dc.size:
        both += sum_of_squares(dc)
    if LOWEST_SQUARE <= both <= HIGHEST_SQUARE:
        return square, exponent
    largest, other = peak(dh), peak(dc)
    if other > largest:
        largest = other
    if largest == 0.0 or not largest < math.inf:
        return square, exponent
    _, shift = math.frexp(largest)
    multiply_by_power(dh, 1.0, -shift)
    multiply_by_power(dc, 1.0, -shift)
    return sum_of_squares(dh), exponent + shift


@shared_kernel(lambda number: types.UniTuple(types.float64, 2)(number[::1]))
def _careful(values):
    """Returns (sum of squares, exponent) where the plain sum may have lost terms."""
    largest = peak(values)
    if largest == 0.0 or not largest < math.inf:
        return largest, 0.0
    _, shift = math.frexp(largest)
    scale, total = math.ldexp(1.0, -max(shift, -1000)), 0.0
    for k in range(values.size):
        value = np.float64(values[k]) * scale
        total += value * value
    return total, np.float64(max(shift, -1000))


@kernel
def measure(values, square, exponent, squares, exponents, t):
    """Writes the norm of a signal of time step t, of which the sum of squares is given."""
    shift = 0
    if not math.isnan(square) and not _TRUSTED_BELOW <= square <= _TRUSTED_ABOVE:
        square, further = _careful(values)
        shift = np.int64(further)
    squares[t], exponents[t] = square, exponent + shift


@inlined_kernel
def keep(values, copy, first):
    """Copies a signal of one time step where copies are asked for."""
    if copy.size:
        _copy(values, part(copy, first, values.size))


@shared_kernel(lambda number: types.void(number[::1], number[::1]))
def _copy(values, copy):
    for k in range(values.size):
        copy[k] = values[k]


@shared_kernel(lambda number: types.void(number[::1]))
def clear(values):
    """Makes all values 0."""
    for k in range(values.size):
        values[k] = 0


@inlined_kernel
def signal(signals, one, t):
    """Returns dL/dh_t or dL/dc_t, `one` numbers; there is room for that of time step -1, too, which is of no use."""
    return part(signals, (t + 1) % (signals.size // one) * one, one)


@inlined_kernel
def arrive(net, room, t, square, exponent, output_exponent):
    """Completes dL/dh_t with what the output gives, brings it near 1 and measures it; returns its exponent.

    `square` is the sum of squares of what time step t + 1 gives.
    """
    one = net.batch * net.width
    dh, dc = signal(room.dh, one, t), part(room.dc, 0, 0)
    if room.dc.size:
        dc = signal(room.dc, one, t)
    if t >= net.steps - net.output_steps:
        more = part(room.output_dh, (t - net.steps + net.output_steps) * one, one)
        if t == net.steps - 1:
            _copy(more, dh)
            clear(dc)
        else:
            exponent = join(dh, dc, exponent, more, output_exponent)
        square = sum_of_squares(dh)
    square, exponent = balance(dh, dc, square, exponent)
    room.signal_exponent[t] = exponent
    measure(dh, square, exponent, room.state_square, room.state_exponent, t)
    return exponent
