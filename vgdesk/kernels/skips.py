"""Skip connections: what leads a layer's input past it, there and back.

    residual   h = h_below + F                        dF = dh,     straight down: dh
    highway    h = T F + C h_below                    dF = T dh,   straight down: C dh,   T = sigmoid(z_T), C = 1 - T
               dz_T = (F - h_below) T C dh

On the way back signals of different exponents meet (see `scaling`): they are added after a shift by a power of two.
"""

import math

from numba import types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.late_binding import shared_kernel


def _flat(count):
    """Returns the signature of a kernel of so many flat arrays."""
    return lambda number: types.void(*[number[::1]] * count)


@shared_kernel(_flat(3))
def add_below(below, inner, h):
    """Writes h of a residual layer."""
    for i in range(h.size):
        h[i] = below[i] + inner[i]


@shared_kernel(_flat(3))
def carry_of(gate, slope, carry):
    """Writes C = 1 - T from T and sigmoid' = T C, so that no digit is lost where T is near 1."""
    half = gate.dtype.type(0.5)
    for i in range(gate.size):
        carry[i] = slope[i] / gate[i] if gate[i] > half else 1 - gate[i]


@shared_kernel(_flat(5))
def mix(below, inner, gate, carry, h):
    """Writes h of a highway layer."""
    for i in range(h.size):
        h[i] = gate[i] * inner[i] + carry[i] * below[i]


@shared_kernel(_flat(6))
def back_to_gate(signal, below, inner, gate, carry, gate_delta):
    """Writes dL/dz_T of a highway layer."""
    for i in range(signal.size):
        gate_delta[i] = signal[i] * (inner[i] - below[i]) * (gate[i] * carry[i])


@kernel
def product(values, factors, target):
    """Writes values * factors."""
    for i in range(target.size):
        target[i] = values[i] * factors[i]


@kernel
def copy(values, target):
    """Writes the values as they are."""
    for i in range(target.size):
        target[i] = values[i]


@shared_kernel(lambda number: types.int64(number[::1], types.int64, number[::1], types.int64))
def add_scaled(values, exponent, more, other):
    """Adds more * 2**other to values * 2**exponent, in place, and returns the exponent of the sum.

    Both arrays are normalised or zero. Digits of one are lost only below 2**-80 of the other's norm.
    """
    if _is_zero(more):
        return exponent
    if _is_zero(values):
        exponent = other
    top = max(exponent, other)
    mine = values.dtype.type(math.ldexp(1.0, max(exponent - top, -1000)))
    theirs = values.dtype.type(math.ldexp(1.0, max(other - top, -1000)))
    for i in range(values.size):
        values[i] = mine * values[i] + theirs * more[i]
    return top


@kernel
def _is_zero(values):
    place = 0
    while place < values.size and values[place] == 0.0:
        place += 1
    return place == values.size
