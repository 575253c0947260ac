"""The exponential on vectors, in the forms that the activations need (Cody & Waite 1980).

Write x = n ln 2 + r with an integer n and |r| <= ln(2)/2. Then

    expm1(r) = p = r + r^2 q(r),   q(r) = 1/2! + r/3! + r^2/4! + ...        exp(x) = 2^n (1 + p)

q is the polynomial through Chebyshev nodes (coefficients: 50 digits), shorter than the series by one term in float32,
by two in float64. ln 2 is subtracted in two parts, so that r keeps its digits.

Where exp(2x) is wanted for tanh, half as many terms do, because the hyperbolic tangent is odd:

    x = n ln(2)/2 + y,   exp(2x) = 2^n (1 + t) / (1 - t),   t = tanh(y) = y + y^3 o(y^2)

n comes from one addition: in x/ln 2 + 1.5 * 2^m, m the number of mantissa bits, the last bits of the sum are n. With
the exponent's bias added as well, shifting those bits by m gives 2^n; where n is minus the bias, all bits are 0, and
so is the number. NaN stays NaN on this way.
"""

import math
from typing import NamedTuple

from llvmlite import ir

from vgdesk.kernels.simd.lanes import Lanes
from vgdesk.kernels.simd.registers import registers


class _Format(NamedTuple):
    """What differs between float32 and float64."""

    log2_high: float
    log2_low: float
    coefficients: tuple[float, ...]
    """Of q."""
    odd: tuple[float, ...]
    """Coefficients of o."""
    mantissa_bits: int
    bias: int
    smallest_normal: float
    """Below this argument exp leaves the normal numbers."""
    vanishing: float
    """Argument at which n is minus the bias."""
    zero: float
    """Below this argument exp is 0."""
    infinite: float
    """Above this argument exp is infinite."""


_SINGLE_Q = (0.5, 0.1666657702559799, 0.041666554662050534, 0.008363173074513711, 0.001392617611993558)
"""Within 2.5e-8 of expm1, 0.4 of half a unit in the last place."""
_DOUBLE_Q = (
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662399,
    0.008333333333330051,
    0.0013888888917281794,
    0.00019841269863105968,
    2.480152119021773e-05,
    2.7557268378684192e-06,
    2.7620138719733994e-07,
    2.5100424157005067e-08,
)
"""Within 5e-17 of expm1, a quarter of a unit in the last place."""
_SINGLE_O = (-0.33331271663569517, 0.1311061545685872)
"""y + y^3 o(y^2) is tanh(y) within a relative 5.6e-8, 0.9 of half a unit in the last place."""
_DOUBLE_O = (
    -0.3333333333333248,
    0.13333333332783712,
    -0.05396825278200617,
    0.021869370717634534,
    -0.00885730896634605,
    0.003444841221139559,
)
"""tanh(y) within a relative 5e-18."""
_SINGLE = _Format(0.693359375, -2.12194440e-4, _SINGLE_Q, _SINGLE_O, 23, 127, -87.33, -88.03, -105.0, 89.0)
_DOUBLE = _Format(
    0.693145751953125, 1.42860682030941723212e-6, _DOUBLE_Q, _DOUBLE_O, 52, 1023, -708.39, -709.09, -746.0, 710.0
)


def _format(lanes: Lanes) -> _Format:
    return _SINGLE if lanes.is_single else _DOUBLE


def _reduce(
    lanes: Lanes, clamped: ir.Value, parts: tuple[ir.Value, ir.Value] | None = None, at_once: bool = False
) -> tuple[ir.Value, ir.Value]:
    """Returns (bits, p): n plus the bias in the last bits, and p = expm1(r), with x = n ln 2 + r.

    Where `parts` = (head, tail) is given, their unrounded sum is the argument, and `clamped` that sum rounded.
    `at_once` is that of `_cut`.
    """
    builder, constants = lanes.builder, _format(lanes)
    head, tail = parts or (clamped, None)
    shifted, r = _cut(lanes, clamped, head, at_once=at_once)
    if tail is not None:
        r = builder.fadd(r, tail)
    p = lanes.multiply_add(builder.fmul(r, r), lanes.polynomial(r, constants.coefficients), r)
    return builder.bitcast(shifted, lanes.integers), p


def _cut(
    lanes: Lanes, rounded: ir.Value, x: ir.Value, part: float = 1.0, at_once: bool = False
) -> tuple[ir.Value, ir.Value]:
    """Returns (shifted, rest): what ends in n plus the bias, and x - n ln(2) `part`; n is that of x `rounded`.

    In float32, n ln 2 can be subtracted `at_once`: ln 2 is rounded by 2e-9, which n = -126 makes 4 last units. That
    takes a processor that adds to the product itself; where that is rounded first, some thirty units would be lost.
    """
    constants = _format(lanes)
    shift = lanes.constant(_shift(constants))
    shifted = lanes.multiply_add(rounded, lanes.constant(1 / (math.log(2) * part)), shift)
    n = lanes.builder.fsub(shifted, shift)
    if at_once and lanes.is_single and registers().fit:
        return shifted, lanes.multiply_add(n, lanes.constant(-math.log(2) * part), x)
    rest = lanes.multiply_add(n, lanes.constant(-constants.log2_high * part), x)
    return shifted, lanes.multiply_add(n, lanes.constant(-constants.log2_low * part), rest)


def _shift(constants: _Format) -> float:
    return 1.5 * 2.0**constants.mantissa_bits + constants.bias


def _power_of_two(lanes: Lanes, biased: ir.Value) -> ir.Value:
    """Returns 2^n from bits that end in n plus the bias."""
    bits = lanes.builder.shl(biased, lanes.integer_constant(_format(lanes).mantissa_bits))
    return lanes.builder.bitcast(bits, lanes.vector)


def exp_anywhere(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns (exp(x),) over the whole range; 2^n comes in two halves because n itself may exceed the exponent."""
    builder, constants = lanes.builder, _format(lanes)
    bits, p = _reduce(lanes, lanes.at_most(constants.infinite, lanes.at_least(constants.zero, x)))
    zero = builder.bitcast(lanes.constant(_shift(constants)), lanes.integers)
    n, bias = builder.sub(bits, zero), lanes.integer_constant(constants.bias)
    half = builder.ashr(n, lanes.integer_constant(1))
    first, second = (_power_of_two(lanes, builder.add(part, bias)) for part in (half, builder.sub(n, half)))
    value = builder.fmul(lanes.multiply_add(first, p, first), second)
    value = lanes.where("<=", x, constants.zero, lanes.constant(0.0), value)
    return (lanes.where(">=", x, constants.infinite, lanes.constant(math.inf), value),)


def exp_of_negative(
    lanes: Lanes, x: ir.Value, parts: tuple[ir.Value, ir.Value] | None = None, at_once: bool = False
) -> tuple[ir.Value, ir.Value]:
    """Returns (e, e - 1) with e = exp(x) for x <= 0, each with its own digits; e is 0 just below the normal numbers.

    Where `parts` are given (see `_reduce`), p may be anything that far down, and e - 1 has no meaning there. `at_once`
    is that of `_cut`: a step less, where e may be off by 4 units in the last place far down, and e - 1 is not.
    """
    constants = _format(lanes)
    bits, p = _reduce(lanes, lanes.at_least(constants.vanishing, x), parts, at_once)
    power = _power_of_two(lanes, bits)
    e = lanes.multiply_add(power, p, power)
    if parts is not None:
        e = lanes.where("<", x, constants.smallest_normal, lanes.constant(0.0), e)
    return e, lanes.multiply_add(power, p, lanes.builder.fsub(power, lanes.constant(1.0)))


def factors_of_exp(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Returns (2^n, t) with exp(2x) = 2^n (1 + t) / (1 - t) for x <= 0; 2^n is 0 just below the normal numbers.

    n ln(2)/2 is subtracted `at_once` (see `_cut`). tanh does not notice, for where n is large t no longer counts; its
    slope is off by one unit in the last place more, far out.
    """
    builder, constants = lanes.builder, _format(lanes)
    clamped = lanes.at_least(constants.vanishing / 2, x)
    shifted, y = _cut(lanes, clamped, clamped, part=0.5, at_once=True)
    square = builder.fmul(y, y)
    t = lanes.multiply_add(builder.fmul(y, square), lanes.polynomial(square, constants.odd), y)
    return _power_of_two(lanes, builder.bitcast(shifted, lanes.integers)), t


def exp_of_minus_magnitude(lanes: Lanes, x: ir.Value, at_once: bool = False) -> tuple[ir.Value, ir.Value]:
    """Returns (e, e - 1) with e = exp(-|x|), which never overflows; `at_once` is that of `exp_of_negative`."""
    return exp_of_negative(lanes, lanes.builder.fneg(lanes.call("fabs", x)), at_once=at_once)


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
