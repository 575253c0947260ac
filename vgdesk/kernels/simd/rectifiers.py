"""Activations that rise without bound, and the simple bounded ones, on vectors: (phi(z), phi'(z)).

All use e = exp(-|z|), which never overflows, s = sigmoid(z), and digits of their own where a difference would lose
them (see `elementary`):

    elu        z < 0: alpha (e - 1)                  slope alpha e      selu: lambda, lambda alpha times that
    celu       alpha times elu at z / alpha, alpha 1; its slope at z / alpha
    softplus   max(z, 0) + log1p(e)                  slope s
    log-sigmoid  min(z, 0) - log1p(e)                slope 1 - s = sigmoid(-z)
    silu       z s                                   slope s + z s (1 - s)
    gelu-tanh  z sigmoid(y), y = z (a + b z^2)       slope s + z s (1 - s) (a + 3 b z^2) with s = sigmoid(y)
    hard-swish z g, g = (z + 3) / 6 in [0, 1]       slope (2 z + 3) / 6 between -3 and 3
    mish       z t,  t = tanh(softplus(z)) = N / D   slope t + 4 z k (1 + e) / D^2
               z >= 0:  N = 1 + 2 e,    D = N + 2 e^2,   k = e^2
               z <  0:  N = e (e + 2),  D = N + 2,       k = e

Values and slopes are within a few units in the last place of their larger term. gelu-tanh in its far tail: within
|y| units, because y itself is rounded. At -infinity the products z s have their limit 0, not NaN.
"""

import math

from llvmlite import ir

from vgdesk.kernels.simd.elementary import logistic
from vgdesk.kernels.simd.exponential import exp_of_minus_magnitude
from vgdesk.kernels.simd.lanes import Lanes
from vgdesk.spec.activation import LEAKY_SLOPE, SELU_ALPHA, SELU_LAMBDA

_SATURATED = 1000.0
"""Beyond this magnitude every exponential here is exactly 0, so the factor beside it may stop growing."""
_GELU_LINEAR = 2 * math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715 * _GELU_LINEAR
_GELU_SATURATED = 30.0
_LARGE = 2.0**60
"""1 + this is this in both formats."""


def identity(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z and the slope 1."""
    return z, lanes.constant(1.0)


def relu(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns max(z, 0) and the slope (0 at 0)."""
    zero = lanes.constant(0.0)
    return lanes.where("<=", z, 0.0, zero, z), lanes.where(">", z, 0.0, lanes.constant(1.0), zero)


def leaky_relu(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z, or 0.01 z below 0, and the slope (0.01 at 0)."""
    small = lanes.builder.fmul(z, lanes.constant(LEAKY_SLOPE))
    slope = lanes.where(">", z, 0.0, lanes.constant(1.0), lanes.constant(LEAKY_SLOPE))
    return lanes.where(">", z, 0.0, z, small), slope


def _exponential_linear(lanes: Lanes, z: ir.Value, above: ir.Value, below: ir.Value) -> tuple[ir.Value, ...]:
    """Returns above * z for z > 0 and below * (exp(z) - 1) elsewhere, and the slope."""
    builder = lanes.builder
    e, less_one = exp_of_minus_magnitude(lanes, z)
    rising, falling = builder.fmul(z, above), builder.fmul(less_one, below)
    slope = lanes.where(">", z, 0.0, above, builder.fmul(e, below))
    return lanes.where(">", z, 0.0, rising, falling), slope


def elu(lanes: Lanes, z: ir.Value, alpha: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z, or alpha (exp(z) - 1) below 0, and the slope (alpha at 0)."""
    return _exponential_linear(lanes, z, lanes.constant(1.0), alpha)


def celu(lanes: Lanes, z: ir.Value, alpha: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z, or alpha (exp(z / alpha) - 1) below 0, and the slope."""
    builder = lanes.builder
    e, less_one = exp_of_minus_magnitude(lanes, builder.fdiv(z, alpha))
    slope = lanes.where(">", z, 0.0, lanes.constant(1.0), e)
    return lanes.where(">", z, 0.0, z, builder.fmul(less_one, alpha)), slope


def selu(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns lambda z, or lambda alpha (exp(z) - 1) below 0, and the slope (lambda alpha at 0)."""
    return _exponential_linear(lanes, z, lanes.constant(SELU_LAMBDA), lanes.constant(SELU_LAMBDA * SELU_ALPHA))


def _log1p(lanes: Lanes, u: ir.Value) -> ir.Value:
    """Returns log(1 + u) for 0 <= u <= 1: 2 artanh(s) with s = u / (2 + u) <= 1/3, by its series."""
    builder = lanes.builder
    s = builder.fdiv(u, builder.fadd(u, lanes.constant(2.0)))
    series = lanes.polynomial(builder.fmul(s, s), [2 / (2 * k + 1) for k in range(9 if lanes.is_single else 18)])
    return builder.fmul(s, series)


def softplus(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns log(1 + exp(z)) and the slope."""
    e, _ = exp_of_minus_magnitude(lanes, z)
    positive = lanes.where(">", z, 0.0, z, lanes.constant(0.0))
    return lanes.builder.fadd(positive, _log1p(lanes, e)), logistic(lanes, z, e)[0]


def log_sigmoid(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns log(sigmoid(z)) and the slope."""
    e, _ = exp_of_minus_magnitude(lanes, z)
    negative = lanes.where(">", z, 0.0, lanes.constant(0.0), z)
    return lanes.builder.fsub(negative, _log1p(lanes, e)), logistic(lanes, lanes.builder.fneg(z), e)[0]


def _gated(lanes: Lanes, z: ir.Value, bounded: ir.Value, gate: ir.Value) -> ir.Value:
    """Returns z * gate, with the limit 0 at -infinity."""
    return lanes.builder.fmul(lanes.where(">", z, 0.0, z, bounded), gate)


def silu(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z sigmoid(z) and the slope."""
    bounded = lanes.within(z, _SATURATED)
    s, bell = logistic(lanes, bounded, exp_of_minus_magnitude(lanes, bounded)[0])
    return _gated(lanes, z, bounded, s), lanes.multiply_add(bounded, bell, s)


def gelu_tanh(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns the tanh form of GELU and that form's own slope."""
    builder = lanes.builder
    bounded = lanes.within(z, _GELU_SATURATED)
    square = builder.fmul(bounded, bounded)
    y = builder.fmul(bounded, lanes.polynomial(square, [_GELU_LINEAR, _GELU_CUBIC]))
    y_slope = lanes.polynomial(square, [_GELU_LINEAR, 3 * _GELU_CUBIC])
    s, bell = logistic(lanes, y, exp_of_minus_magnitude(lanes, y)[0])
    return _gated(lanes, z, bounded, s), lanes.multiply_add(builder.fmul(bounded, y_slope), bell, s)


def mish(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z tanh(softplus(z)) and the slope."""
    builder = lanes.builder
    one, two = lanes.constant(1.0), lanes.constant(2.0)
    bounded = lanes.within(z, _SATURATED)
    e, _ = exp_of_minus_magnitude(lanes, bounded)
    square = builder.fmul(e, e)
    numerator = lanes.where("<", z, 0.0, lanes.multiply_add(e, two, square), lanes.multiply_add(e, two, one))
    denominator = lanes.multiply_add(two, lanes.where("<", z, 0.0, one, square), numerator)
    k = lanes.where("<", z, 0.0, e, square)
    share = builder.fdiv(one, denominator)
    gate = builder.fmul(numerator, share)
    bell = builder.fmul(builder.fmul(builder.fmul(k, lanes.constant(4.0)), builder.fadd(e, one)), share)
    return _gated(lanes, z, bounded, gate), lanes.multiply_add(builder.fmul(bounded, share), bell, gate)


def softsign(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z / (1 + |z|) and the slope."""
    builder = lanes.builder
    one, bounded = lanes.constant(1.0), lanes.within(z, _LARGE)
    share = builder.fdiv(one, builder.fadd(lanes.call("fabs", z), one))
    value = builder.fdiv(bounded, builder.fadd(lanes.call("fabs", bounded), one))
    return value, builder.fmul(share, share)


def hard_tanh(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z cut off at -1 and 1, and the slope (0 at both corners)."""
    inside = lanes.where("<", lanes.call("fabs", z), 1.0, lanes.constant(1.0), lanes.constant(0.0))
    return lanes.within(z, 1.0), inside


def relu6(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z cut off at 0 and 6, and the slope (0 at both corners)."""
    one, zero = lanes.constant(1.0), lanes.constant(0.0)
    return lanes.at_most(6.0, lanes.at_least(0.0, z)), lanes.where(
        ">", z, 0.0, lanes.where("<", z, 6.0, one, zero), zero
    )


def _sixth(lanes: Lanes, z: ir.Value) -> ir.Value:
    """Returns (z + 3) / 6 cut off at 0 and 1; divided, because 1/6 is no floating-point number."""
    cut = lanes.within(z, 3.0)
    return lanes.builder.fdiv(lanes.builder.fadd(cut, lanes.constant(3.0)), lanes.constant(6.0))


def hard_sigmoid(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns (z + 3) / 6 cut off at 0 and 1, and the slope (0 at both corners)."""
    slope = lanes.where("<", lanes.call("fabs", z), 3.0, lanes.constant(1 / 6), lanes.constant(0.0))
    return _sixth(lanes, z), slope


def hard_swish(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z hard-sigmoid(z) and the slope (0 at -3, 1 at 3)."""
    builder = lanes.builder
    bounded = lanes.within(z, 3.0)
    rising = builder.fdiv(lanes.multiply_add(bounded, lanes.constant(2.0), lanes.constant(3.0)), lanes.constant(6.0))
    slope = lanes.where(">", z, -3.0, lanes.where("<", z, 3.0, rising, lanes.constant(1.0)), lanes.constant(0.0))
    return _gated(lanes, z, bounded, _sixth(lanes, z)), slope
