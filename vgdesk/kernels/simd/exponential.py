"""The exponential on vectors, in the forms that the activations need (Cody & Waite 1980).

Write x = n ln 2 + r with an integer n and |r| <= ln(2)/2. Then

    expm1(r) = p = r + r^2 (1/2! + r/3! + r^2/4! + ...)        exp(x) = 2^n (1 + p)

ln 2 is subtracted in two parts, so that r keeps its digits; 2^n is made by writing n into the exponent bits.

NaN stays NaN: the argument is clamped only where the integer n is made, r is taken from the argument itself.
"""

import math
from typing import NamedTuple

from llvmlite import ir

from vgdesk.kernels.simd.lanes import Lanes


class _Format(NamedTuple):
    """What differs between float32 and float64."""

    log2_high: float
    log2_low: float
    degree: int
    mantissa_bits: int
    bias: int
    smallest_normal: float
    """Below this argument exp leaves the normal numbers."""
    zero: float
    """Below this argument exp is 0."""
    infinite: float
    """Above this argument exp is infinite."""


_SINGLE = _Format(0.693359375, -2.12194440e-4, 7, 23, 127, -87.33, -105.0, 89.0)
_DOUBLE = _Format(0.693145751953125, 1.42860682030941723212e-6, 13, 52, 1023, -708.39, -746.0, 710.0)


def _format(lanes: Lanes) -> _Format:
    return _SINGLE if lanes.is_single else _DOUBLE


def _reduce(
    lanes: Lanes, x: ir.Value, low: float, high: float, parts: tuple[ir.Value, ir.Value] | None = None
) -> tuple[ir.Value, ir.Value]:
    """Returns (n as integers, p = expm1(r)) with x = n ln 2 + r, for arguments in [low, high].

    Where `parts` = (head, tail) is given, their unrounded sum is the argument, and x that sum rounded.
    """
    constants = _format(lanes)
    head, tail = parts or (x, None)
    clamped = lanes.call("minnum", lanes.call("maxnum", x, lanes.constant(low)), lanes.constant(high))
    n = lanes.call("rint", lanes.builder.fmul(clamped, lanes.constant(1 / math.log(2))))
    r = lanes.multiply_add(n, lanes.constant(-constants.log2_high), head)
    r = lanes.multiply_add(n, lanes.constant(-constants.log2_low), r)
    if tail is not None:
        r = lanes.builder.fadd(r, tail)
    series = lanes.polynomial(r, [1 / math.factorial(k) for k in range(2, constants.degree + 1)])
    p = lanes.multiply_add(lanes.builder.fmul(r, r), series, r)
    return lanes.builder.fptosi(n, lanes.integers), p


def _power_of_two(lanes: Lanes, n: ir.Value) -> ir.Value:
    biased = lanes.builder.add(n, lanes.integer_constant(_format(lanes).bias))
    bits = lanes.builder.shl(biased, lanes.integer_constant(_format(lanes).mantissa_bits))
    return lanes.builder.bitcast(bits, lanes.vector)


def exp_anywhere(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns (exp(x),) over the whole range; 2^n comes in two halves because n itself may exceed the exponent."""
    constants = _format(lanes)
    n, p = _reduce(lanes, x, constants.zero, constants.infinite)
    half = lanes.builder.ashr(n, lanes.integer_constant(1))
    first, second = _power_of_two(lanes, half), _power_of_two(lanes, lanes.builder.sub(n, half))
    value = lanes.builder.fmul(lanes.multiply_add(first, p, first), second)
    value = lanes.where("<", x, constants.zero, lanes.constant(0.0), value)
    return (lanes.where(">", x, constants.infinite, lanes.constant(math.inf), value),)


def exp_of_negative(
    lanes: Lanes, x: ir.Value, parts: tuple[ir.Value, ir.Value] | None = None
) -> tuple[ir.Value, ir.Value]:
    """Returns (e, e - 1) with e = exp(x) for x <= 0, each with its own digits; e is 0 below the normal numbers."""
    low = _format(lanes).smallest_normal
    n, p = _reduce(lanes, x, low, 0.0, parts)
    power = _power_of_two(lanes, n)
    e = lanes.where("<", x, low, lanes.constant(0.0), lanes.multiply_add(power, p, power))
    less_one = lanes.multiply_add(power, p, lanes.builder.fsub(power, lanes.constant(1.0)))
    return e, lanes.where("<", x, low, lanes.constant(-1.0), less_one)


def exp_of_minus_magnitude(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Returns (e, e - 1) with e = exp(-|x|), which never overflows."""
    return exp_of_negative(lanes, lanes.builder.fneg(lanes.call("fabs", x)))


def gaussian(lanes: Lanes, x: ir.Value, scale: float) -> ir.Value:
    """Returns exp(-scale x^2), scale a power of two.

    x^2 rounded would cost x^2 units in the last place. So x is cut into a head of half its digits, whose square is
    exact, and a rest: x^2 = head^2 + rest (x + head).
    """
    builder = lanes.builder
    head = lanes.head(x)
    square = builder.fmul(builder.fmul(head, head), lanes.constant(-scale))
    rest = builder.fmul(builder.fmul(builder.fsub(x, head), lanes.constant(-scale)), builder.fadd(x, head))
    return exp_of_negative(lanes, builder.fadd(square, rest), (square, rest))[0]
