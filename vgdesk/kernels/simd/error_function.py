"""erf and GELU on vectors, with their slopes: within a few units in the last place of their larger term.

The scaled complement erfcx(u) = exp(u^2) erfc(u) is a tame function: (1 + 2u) erfcx(u) is a polynomial in
t = (u - 4) / (u + 4) to 1e-17 for 0 <= u <= 27 (the form of Shepherd & Laframboise 1981; coefficients: interpolation
at Chebyshev nodes with 50 digits). With E = exp(-u^2), whose exponent is not rounded (see `exponential`):

    erf        |z| < 1/2: the power series      else 1 - E erfcx(|z|)           slope 2 E / sqrt(pi)
    gelu       z Phi(z)                                                         slope Phi(z) + z E / sqrt(2 pi)
               Phi(-|z|) = E erfcx(|z| / sqrt 2) / 2,   Phi(|z|) = 1 - Phi(-|z|),   here E = exp(-z^2 / 2)
"""

import math

from llvmlite import ir

from vgdesk.kernels.simd.exponential import gaussian
from vgdesk.kernels.simd.lanes import Lanes

_LAST = 27.0
"""Here E is below the normal numbers of both formats."""
_MIDDLE = 4.0
_TAME = (
    1.2329951186255526,
    -0.13962111684056283,
    0.015379652102621225,
    0.06809705425473195,
    -0.10103906603638212,
    0.09373283499695562,
    -0.06633036581080073,
    0.03716751556039361,
    -0.016197734068137334,
    0.005031969769427061,
    -0.000757773277416026,
    -0.0001992555488219761,
    0.00015062197006674788,
    -2.4403149482077205e-05,
    -1.1224076731817858e-05,
    5.7181323323262435e-06,
    3.0027247744395825e-07,
    -8.359072083251654e-07,
    6.351906535547641e-08,
    1.1624772096494892e-07,
    -7.837865916306315e-09,
    -1.4078643475972477e-08,
    -1.9456064972434173e-09,
)
_SERIES = [2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(13)]
_SERIES_END = 0.5


def _erfcx(lanes: Lanes, u: ir.Value) -> ir.Value:
    """Returns exp(u^2) erfc(u) for 0 <= u <= 27."""
    builder = lanes.builder
    middle = lanes.constant(_MIDDLE)
    t = builder.fdiv(builder.fsub(u, middle), builder.fadd(u, middle))
    return builder.fdiv(lanes.polynomial(t, _TAME), lanes.multiply_add(u, lanes.constant(2.0), lanes.constant(1.0)))


def erf(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns erf(z) and the slope."""
    builder = lanes.builder
    bounded = lanes.within(z, _LAST)
    u = lanes.call("fabs", bounded)
    E = gaussian(lanes, bounded, 1.0)
    far = builder.fsub(lanes.constant(1.0), builder.fmul(E, _erfcx(lanes, u)))
    near = builder.fmul(u, lanes.polynomial(builder.fmul(u, u), _SERIES))
    value = lanes.call("copysign", lanes.where("<", u, _SERIES_END, near, far), z)
    return value, builder.fmul(E, lanes.constant(2 / math.sqrt(math.pi)))


def gelu(lanes: Lanes, z: ir.Value) -> tuple[ir.Value, ...]:
    """Returns z Phi(z), Phi the normal distribution function, and the slope."""
    builder = lanes.builder
    bounded = lanes.within(z, _LAST * math.sqrt(2))
    E = gaussian(lanes, bounded, 0.5)
    u = builder.fmul(lanes.call("fabs", bounded), lanes.constant(math.sqrt(0.5)))
    tail = builder.fmul(builder.fmul(E, lanes.constant(0.5)), _erfcx(lanes, u))
    share = lanes.where("<", z, 0.0, tail, builder.fsub(lanes.constant(1.0), tail))
    value = builder.fmul(lanes.where(">", z, 0.0, z, bounded), share)
    bell = builder.fmul(E, lanes.constant(1 / math.sqrt(2 * math.pi)))
    return value, lanes.multiply_add(bounded, bell, share)
