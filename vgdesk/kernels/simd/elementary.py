"""exp, tanh and sigmoid over arrays, with their slopes: within 3 units in the last place (slopes: 5).

The exponential (Cody & Waite 1980): write x = n ln 2 + r with an integer n and |r| <= ln(2)/2. Then

    expm1(r) = p = r + r^2 (1/2! + r/3! + r^2/4! + ...)        exp(x) = 2^n (1 + p)

ln 2 is subtracted in two parts, so that r keeps its digits; 2^n is made by writing n into the exponent bits.
tanh and sigmoid use e = exp(-2|x|) and e = exp(-|x|), which never overflow, and m = e - 1 = (2^n - 1) + 2^n p:

    tanh|x|    = -m / (1 + e)          slope = 4 e / (1 + e)^2
    sigmoid|x| =  1 / (1 + e)          slope =   e / (1 + e)^2        sigmoid(-|x|) = e / (1 + e)

The slope does not come from the value: 1 - h^2 and h (1 - h) lose all their digits where a unit saturates, which is
exactly where gradients vanish. Here it is a true number down to about the smallest normal one, and 0 below.

NaN stays NaN: the argument is clamped only where the integer n is made, r is taken from the argument itself.
"""

import math
from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import Lanes, for_each_vector


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


def _reduce(lanes: Lanes, x: ir.Value, low: float, high: float) -> tuple[ir.Value, ir.Value]:
    """Returns (n as integers, p = expm1(r)) with x = n ln 2 + r, for arguments in [low, high]."""
    constants = _format(lanes)
    clamped = lanes.call("minnum", lanes.call("maxnum", x, lanes.constant(low)), lanes.constant(high))
    n = lanes.call("rint", lanes.builder.fmul(clamped, lanes.constant(1 / math.log(2))))
    r = lanes.multiply_add(n, lanes.constant(-constants.log2_high), x)
    r = lanes.multiply_add(n, lanes.constant(-constants.log2_low), r)
    series = lanes.polynomial(r, [1 / math.factorial(k) for k in range(2, constants.degree + 1)])
    p = lanes.multiply_add(lanes.builder.fmul(r, r), series, r)
    return lanes.builder.fptosi(n, lanes.integers), p


def _power_of_two(lanes: Lanes, n: ir.Value) -> ir.Value:
    biased = lanes.builder.add(n, lanes.integer_constant(_format(lanes).bias))
    bits = lanes.builder.shl(biased, lanes.integer_constant(_format(lanes).mantissa_bits))
    return lanes.builder.bitcast(bits, lanes.vector)


def _exp(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """exp over the whole range; 2^n is applied in two halves because n itself may exceed the exponent's range."""
    constants = _format(lanes)
    n, p = _reduce(lanes, x, constants.zero, constants.infinite)
    half = lanes.builder.ashr(n, lanes.integer_constant(1))
    first, second = _power_of_two(lanes, half), _power_of_two(lanes, lanes.builder.sub(n, half))
    value = lanes.builder.fmul(lanes.multiply_add(first, p, first), second)
    value = lanes.where("<", x, constants.zero, lanes.constant(0.0), value)
    return (lanes.where(">", x, constants.infinite, lanes.constant(math.inf), value),)


def _exp_of_negative(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Returns (e, e - 1) with e = exp(x) for x <= 0, each with its own digits; e is 0 below the normal numbers."""
    low = _format(lanes).smallest_normal
    n, p = _reduce(lanes, x, low, 0.0)
    power = _power_of_two(lanes, n)
    e = lanes.where("<", x, low, lanes.constant(0.0), lanes.multiply_add(power, p, power))
    less_one = lanes.multiply_add(power, p, lanes.builder.fsub(power, lanes.constant(1.0)))
    return e, lanes.where("<", x, low, lanes.constant(-1.0), less_one)


def _tanh(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    builder = lanes.builder
    e, less_one = _exp_of_negative(lanes, builder.fmul(lanes.call("fabs", x), lanes.constant(-2.0)))
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    value = lanes.call("copysign", builder.fmul(less_one, share), x)
    twice = builder.fadd(share, share)
    return value, builder.fmul(builder.fmul(e, twice), twice)


def _sigmoid(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    builder = lanes.builder
    e, _ = _exp_of_negative(lanes, builder.fmul(lanes.call("fabs", x), lanes.constant(-1.0)))
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    below = builder.fmul(e, share)
    return lanes.where("<", x, 0.0, below, share), builder.fmul(below, share)


def _array_function(function: Any, arrays: tuple[Any, ...]) -> Any:
    """Returns Numba's (signature, code) of `function` read from the first array and written to the others."""
    first = arrays[0]
    alike = all(isinstance(a, types.Array) and a.ndim == 1 and a.layout == "C" for a in arrays)
    if not alike or any(a.dtype != first.dtype for a in arrays) or first.dtype not in (types.float32, types.float64):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        views = [context.make_array(kind)(context, builder, value) for kind, value in zip(arrays, values, strict=True)]
        lanes = Lanes(builder, first.dtype)
        targets = [view.data for view in views[1:]]
        for_each_vector(lanes, views[0].nitems, views[0].data, targets, lambda x: function(lanes, x))
        return context.get_dummy_value()

    return types.void(*arrays), generate


@generated
def exp(typing_context: Any, x: Any, out: Any) -> Any:
    """Writes exp(x) into `out`. Arrays: one-dimensional, contiguous, of one format and length; `out` may be `x`."""
    return _array_function(_exp, (x, out))


@generated
def tanh(typing_context: Any, x: Any, out: Any, slope: Any) -> Any:
    """Writes tanh(x) into `out` and its derivative into `slope`. Arrays as for `exp`."""
    return _array_function(_tanh, (x, out, slope))


@generated
def sigmoid(typing_context: Any, x: Any, out: Any, slope: Any) -> Any:
    """Writes 1/(1+exp(-x)) into `out` and its derivative into `slope`. Arrays as for `exp`."""
    return _array_function(_sigmoid, (x, out, slope))
