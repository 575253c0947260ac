"""exp, tanh and sigmoid over arrays, with their slopes: within 3 units in the last place (slopes: 5, float32 tanh: 6).

sigmoid uses e = exp(-|x|), tanh the factors of exp(-2|x|) = 2^n (1 + t) / (1 - t); neither overflows:

    sigmoid|x| = 1 / (1 + e)           slope = e / (1 + e)^2          sigmoid(-|x|) = e / (1 + e)
    tanh|x|    = N / D                 N = (1 - 2^n) - t (1 + 2^n)    D = (1 + 2^n) - t (1 - 2^n)
                                       slope = rest (1 + tanh|x|)     rest = 1 - tanh|x| = 2 2^n (1 + t) / D

The slope does not come from the value: 1 - h^2 and h (1 - h) lose all their digits where a unit saturates, which is
exactly where gradients vanish. Here it is a true number down to about the smallest normal one, and 0 below.
"""

from typing import Any

from llvmlite import ir

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.arrays import over_arrays
from vgdesk.kernels.simd.exponential import exp_anywhere, exp_of_minus_magnitude, factors_of_exp
from vgdesk.kernels.simd.lanes import Lanes


def logistic(lanes: Lanes, x: ir.Value, e: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Returns (sigmoid(x), its slope), each with digits of its own, from e = exp(-|x|)."""
    builder = lanes.builder
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    below = builder.fmul(e, share)
    return lanes.where("<", x, 0.0, below, share), builder.fmul(below, share)


def tanh_and_slope(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns tanh(x) and its derivative."""
    builder, one = lanes.builder, lanes.constant(1.0)
    power, t = factors_of_exp(lanes, builder.fneg(lanes.call("fabs", x)))
    plus, minus, less = builder.fadd(one, power), builder.fsub(one, power), builder.fneg(t)
    numerator, denominator = lanes.multiply_add(less, plus, minus), lanes.multiply_add(less, minus, plus)
    share = builder.fdiv(one, denominator)
    value = builder.fmul(numerator, share)
    rest = builder.fmul(lanes.multiply_add(power, t, power), builder.fadd(share, share))
    return lanes.call("copysign", value, x), builder.fmul(rest, builder.fadd(one, value))


def sigmoid_and_slope(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns sigmoid(x) and its derivative."""
    return logistic(lanes, x, exp_of_minus_magnitude(lanes, x)[0])


def gate_slope_and_rest(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns sigmoid(x), its derivative, and 1 - sigmoid(x) = sigmoid(-x) with digits of its own.

    A step shorter than `sigmoid_and_slope`: far down, where a gate is closed, it may be off by 4 units more.
    """
    builder, e = lanes.builder, exp_of_minus_magnitude(lanes, x, at_once=True)[0]
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    below = builder.fmul(e, share)
    is_negative = builder.fcmp_ordered("<", x, lanes.constant(0.0))
    value, rest = builder.select(is_negative, below, share), builder.select(is_negative, share, below)
    return value, builder.fmul(below, share), rest


@generated
def exp(typing_context: Any, x: Any, out: Any) -> Any:
    """Writes exp(x) into `out`. Arrays: one-dimensional, contiguous, of one format and length; `out` may be `x`."""
    return over_arrays(exp_anywhere, (x, out))


@generated
def tanh(typing_context: Any, x: Any, out: Any, slope: Any) -> Any:
    """Writes tanh(x) into `out` and its derivative into `slope`. Arrays as for `exp`."""
    return over_arrays(tanh_and_slope, (x, out, slope))


@generated
def sigmoid(typing_context: Any, x: Any, out: Any, slope: Any) -> Any:
    """Writes 1/(1+exp(-x)) into `out` and its derivative into `slope`. Arrays as for `exp`."""
    return over_arrays(sigmoid_and_slope, (x, out, slope))
