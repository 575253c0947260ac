"""What each function of one argument does: (f(u), f'(u)); kinks as in `vgdesk.spec.formula.derivative`."""

import math

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.formula.program import CODES

EXP, EXPM1, LOG, LOG1P, SQRT = (CODES[name] for name in ("exp", "expm1", "log", "log1p", "sqrt"))
TANH, SINH, COSH, SIGMOID, SOFTPLUS = (CODES[name] for name in ("tanh", "sinh", "cosh", "sigmoid", "softplus"))
RELU, ERF, SIN, COS, ATAN = (CODES[name] for name in ("relu", "erf", "sin", "cos", "atan"))
ABS, SIGN = CODES["abs"], CODES["sign"]
_TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


@kernel
def growing(code, u):
    """Returns value and slope of exp, expm1, log, log1p, sqrt, sinh and cosh."""
    if code == EXP:
        value = math.exp(u)
        return value, value
    if code == EXPM1:
        return math.expm1(u), math.exp(u)
    if code == LOG:
        return math.log(u), 1.0 / u
    if code == LOG1P:
        return math.log1p(u), 1.0 / (1.0 + u)
    if code == SQRT:
        if u > 0.0:
            value = math.sqrt(u)
            return value, 0.5 / value
        return (0.0 if u <= 0.0 else u), 0.0
    if code == SINH:
        return math.sinh(u), math.cosh(u)
    return math.cosh(u), math.sinh(u)


@kernel
def bounded(code, u):
    """Returns value and slope of sigmoid, softplus, tanh, erf, sin, cos and atan."""
    if code == SIN:
        return math.sin(u), math.cos(u)
    if code == COS:
        return math.cos(u), -math.sin(u)
    if code == ATAN:
        return math.atan(u), 1.0 / (1.0 + u * u)
    if code == ERF:
        return math.erf(u), _TWO_OVER_ROOT_PI * math.exp(-u * u)
    if code == TANH:
        small = math.exp(-2.0 * abs(u))
        return math.tanh(u), 4.0 * small / ((1.0 + small) * (1.0 + small))
    small = math.exp(-abs(u))
    share = (small if u < 0.0 else 1.0) / (1.0 + small)
    if code == SIGMOID:
        return share, small / ((1.0 + small) * (1.0 + small))
    return max(u, 0.0) + math.log1p(small), share


@kernel
def cornered(code, u):
    """Returns value and slope of relu, abs and sign."""
    sign = 1.0 if u > 0.0 else (-1.0 if u < 0.0 else u)  # 0 and NaN are their own signs
    if code == ABS:
        return abs(u), sign
    if code == SIGN:
        return sign, 0.0
    return (u, 1.0) if u > 0.0 else ((0.0 if u <= 0.0 else u), 0.0)
