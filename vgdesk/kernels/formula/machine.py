"""The stack machine: one program over a layer's z, value and slope at once (dual numbers), always in float64.

Every entry of the stack is a block of `LANES` values u and their slopes u' = du/dz. An operation replaces its arguments
by (f(u), f'(u) u'); so phi and phi' come out together, whatever the formula, and nothing is compiled for it.

where(...) computes both cases and keeps the numbers of the one that holds: what is NaN in the other does no harm.
"""

import math

from numba import types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.formula.memory import LANES, number, stack_room, word
from vgdesk.kernels.formula.program import CODES
from vgdesk.kernels.formula.rules import (
    ABS,
    COSH,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    RELU,
    SIGN,
    SINH,
    SQRT,
    bounded,
    cornered,
    growing,
)
from vgdesk.kernels.late_binding import shared_kernel
from vgdesk.kernels.views import part

END, NUMBER, Z, NEGATIVE, POWER, WHERE = (CODES[name] for name in ("end", "number", "z", "neg", "**", "where"))
PLUS, MINUS, TIMES, OVER = (CODES[name] for name in ("+", "-", "*", "/"))
MAX, MIN, AND, OR, GREATER, NOT_LESS = (CODES[name] for name in ("max", "min", "and", "or", ">", ">="))


@kernel
def _push(code, constant, z, value, slope):
    """Puts z, or a number, on the stack."""
    for lane in range(z.size):
        value[lane] = z[lane] if code == Z else constant
        slope[lane] = 1.0 if code == Z else 0.0


@kernel
def _apply(code, value, slope):
    """Replaces u by a function of it."""
    for lane in range(value.size):
        u, outer = value[lane], 0.0
        if code in (EXP, EXPM1, LOG, LOG1P, SQRT, SINH, COSH):
            value[lane], outer = growing(code, u)
        elif code in (RELU, ABS, SIGN):
            value[lane], outer = cornered(code, u)
        else:
            value[lane], outer = bounded(code, u)
        # What is flat stops whatever comes, e.g. tanh(exp(z)) far out, where u' is infinite; a logarithm is not flat.
        is_stopped = outer == 0.0 and code not in (LOG, LOG1P)
        slope[lane] = 0.0 if is_stopped else outer * slope[lane]


@kernel
def _raise(exponent, value, slope):
    """Replaces u by u**exponent; of a power that is no integer u is at least 0."""
    is_integer = exponent == math.floor(exponent)
    for lane in range(value.size):
        u = value[lane]
        if exponent == 2.0:
            value[lane] = u * u
            slope[lane] *= 2.0 * u
        elif exponent == 0.0:
            value[lane], slope[lane] = 1.0, 0.0
        elif is_integer:
            value[lane] = math.pow(u, exponent)
            slope[lane] *= exponent * math.pow(u, exponent - 1.0)
        elif u <= 0.0:
            value[lane], slope[lane] = math.pow(0.0, exponent), 0.0
        else:
            value[lane] = math.pow(u, exponent)
            slope[lane] *= exponent * math.pow(u, exponent - 1.0)


@kernel
def _combine(code, a, da, b, db):
    """Replaces a and b by one value."""
    for lane in range(a.size):
        u, v = a[lane], b[lane]
        if code == PLUS:
            a[lane] = u + v
            da[lane] += db[lane]
        elif code == MINUS:
            a[lane] = u - v
            da[lane] -= db[lane]
        elif code == TIMES:
            a[lane] = u * v
            da[lane] = da[lane] * v + u * db[lane]
        elif code == OVER:
            quotient = u / v
            a[lane] = quotient
            da[lane] = (da[lane] - quotient * db[lane]) / v
        elif code in (MAX, MIN):
            is_second = (v > u) if code == MAX else (v < u)
            # Where both are equal the flatter one decides.
            if is_second or v != v or (u == v and abs(db[lane]) < abs(da[lane])):
                a[lane], da[lane] = v, db[lane]
        else:
            holds = (u > v) if code == GREATER else (u >= v)
            if code in (AND, OR):
                holds = (u != 0.0 and v != 0.0) if code == AND else (u != 0.0 or v != 0.0)
            a[lane], da[lane] = (1.0 if holds else 0.0), 0.0


@kernel
def _choose(condition, slope, a, da, b, db):
    """Replaces a condition and two values by one of the values."""
    for lane in range(a.size):
        holds = condition[lane] != 0.0
        condition[lane] = a[lane] if holds else b[lane]
        slope[lane] = da[lane] if holds else db[lane]


def _block_signature(number_type):
    flat = types.Array(types.float64, 1, "C")
    return types.void(types.int64, flat, flat, flat)


@shared_kernel(_block_signature)
def run_program(program, z, values, slopes):
    """Runs a program on at most `LANES` z; the results lie at the bottom of the two stacks."""
    count, top, at = z.size, -LANES, 0
    while True:
        code, constant = word(program, 2 * at), number(program, 2 * at + 1)
        at += 1
        if code == END:
            return
        if code in (NUMBER, Z):
            top += LANES
            _push(code, constant, z, part(values, top, count), part(slopes, top, count))
        elif code == NEGATIVE:
            for lane in range(top, top + count):
                values[lane], slopes[lane] = -values[lane], -slopes[lane]
        elif code == POWER:
            _raise(constant, part(values, top, count), part(slopes, top, count))
        elif code == WHERE:
            a, b = top - LANES, top
            top -= 2 * LANES
            values_of_a, values_of_b = part(values, a, count), part(values, b, count)
            slopes_of_a, slopes_of_b = part(slopes, a, count), part(slopes, b, count)
            under = part(values, top, count)
            _choose(under, part(slopes, top, count), values_of_a, slopes_of_a, values_of_b, slopes_of_b)
        elif code in (PLUS, MINUS, TIMES, OVER) or code >= MAX:
            b = top
            top -= LANES
            a_value, a_slope = part(values, top, count), part(slopes, top, count)
            _combine(code, a_value, a_slope, part(values, b, count), part(slopes, b, count))
        else:
            _apply(code, part(values, top, count), part(slopes, top, count))


def _signature(number_type):
    flat = number_type[::1]
    return types.void(types.int64, flat, flat, flat)


@shared_kernel(_signature)
def own_activation(program, z, h, slope):
    """Writes phi and phi' of flat arrays of equal length by the program at this address."""
    values, slopes, given = stack_room(), stack_room(), stack_room()
    for first in range(0, z.size, LANES):
        count = min(LANES, z.size - first)
        block = part(given, 0, count)
        for lane in range(count):
            block[lane] = z[first + lane]
        run_program(program, block, values, slopes)
        for lane in range(count):
            h[first + lane] = values[lane]
            slope[first + lane] = slopes[lane]
