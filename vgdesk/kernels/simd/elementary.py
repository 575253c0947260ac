"""exp, tanh and sigmoid over arrays, with their slopes: within 3 units in the last place (slopes: 5).

tanh and sigmoid use e = exp(-2|x|) and e = exp(-|x|), which never overflow, and m = e - 1 with digits of its own:

    tanh|x|    = -m / (1 + e)          slope = 4 e / (1 + e)^2
    sigmoid|x| =  1 / (1 + e)          slope =   e / (1 + e)^2        sigmoid(-|x|) = e / (1 + e)

The slope does not come from the value: 1 - h^2 and h (1 - h) lose all their digits where a unit saturates, which is
exactly where gradients vanish. Here it is a true number down to about the smallest normal one, and 0 below.
"""

from typing import Any

from llvmlite import ir

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.arrays import over_arrays
from vgdesk.kernels.simd.exponential import exp_anywhere, exp_of_minus_magnitude, exp_of_negative
from vgdesk.kernels.simd.lanes import Lanes


def logistic(lanes: Lanes, x: ir.Value, e: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Returns (sigmoid(x), its slope), each with digits of its own, from e = exp(-|x|)."""
    builder = lanes.builder
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    below = builder.fmul(e, share)
    return lanes.where("<", x, 0.0, below, share), builder.fmul(below, share)


def tanh_and_slope(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ...]:
    """Returns tanh(x) and its derivative."""
    builder = lanes.builder
    below = builder.fneg(lanes.call("fabs", x))
    e, less_one = exp_of_negative(lanes, builder.fadd(below, below), at_once=True)
    share = builder.fdiv(lanes.constant(1.0), builder.fadd(e, lanes.constant(1.0)))
    value = lanes.call("copysign", builder.fmul(less_one, share), x)
    twice = builder.fadd(share, share)
    return value, builder.fmul(builder.fmul(e, twice), twice)


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
