"""How large the product of a chain's factors phi'(z) w can be at most: (max|phi'| |w|)^L.

With a largest slope of 1/4 a sigmoid chain loses at least a factor 4 per layer unless |w| > 4 (Hochreiter 1991;
Hochreiter & Schmidhuber 1997, sec. 3.1): where max|phi'| |w| < 1 a gradient vanishes for L -> infinity. Where it is
larger than 1 it may explode, but need not: units that saturate have slopes far below the largest one.
"""

import math
from functools import cache
from typing import Any, NamedTuple

import mpmath

from vgdesk.errors import SpecError
from vgdesk.records.derivation_views import PassedDepth, ProductBound
from vgdesk.records.number_format import FORMATS
from vgdesk.spec.activation import ACTIVATIONS, FORMULA, PRELU_START, alpha_of, family_name, require_activation
from vgdesk.spec.base import require_choice, require_finite, require_integer
from vgdesk.spec.formula.behaviour import behaviour_of
from vgdesk.spec.formula.examining import own_activation
from vgdesk.symbolic.activations import apply, derivative
from vgdesk.symbolic.evaluate import DIGITS, log10_magnitude, value_of
from vgdesk.symbolic.network import named

MOST_DEPTH = 1_000_000


class Steepest(NamedTuple):
    """Tells where |phi'| is largest; +-inf, or a kink that belongs to the other side, for a limit never reached."""

    slope: Any
    at: float
    is_reached: bool = True


@cache
def steepest(activation: str) -> Steepest:
    """Returns the largest |phi'(z)| of an activation, with 60 digits; of one's own formula with 12.

    PReLU's slope below 0 is learned: it is taken at its start, 0.25.
    """
    if activation.startswith(FORMULA):
        return _of_formula(activation)
    with mpmath.workdps(DIGITS):
        match family_name(activation):
            case "silu" | "gelu" | "gelu-tanh" | "mish":
                return _at_turning_point(activation)
            case "sigmoid":
                return Steepest(mpmath.mpf(1) / 4, 0.0)
            case "erf":
                return Steepest(2 / mpmath.sqrt(mpmath.pi), 0.0)
            case "hard-sigmoid":
                return Steepest(mpmath.mpf(1) / 6, 0.0)
            case "softplus":
                return Steepest(mpmath.mpf(1), math.inf, is_reached=False)
            case "log-sigmoid":
                return Steepest(mpmath.mpf(1), -math.inf, is_reached=False)
            case "selu":
                return Steepest(_slope(activation, mpmath.mpf(0)), 0.0)
            case "hard-swish":  # (2 z + 3) / 6 grows up to the kink at 3, where the convention gives 1
                return Steepest(mpmath.mpf(3) / 2, 3.0, is_reached=False)
            case "prelu":
                return Steepest(mpmath.mpf(max(1.0, abs(PRELU_START))), 1.0)
            case "relu" | "relu6" | "leaky-relu":
                return Steepest(mpmath.mpf(1), 1.0)
            case "elu":  # alpha e^z grows up to alpha at 0, above which the slope is 1
                at = 0.0 if alpha_of(activation) >= 1 else 1.0
                return Steepest(_slope(activation, mpmath.mpf(at)), at)
            case _:  # tanh, softsign, hard-tanh, CELU, identity
                return Steepest(mpmath.mpf(1), 0.0)


def _of_formula(activation: str) -> Steepest:
    """Takes what the examination of the formula found; raises `SpecError` where its slope has no bound or is 0."""
    found = behaviour_of(own_activation(activation.removeprefix(FORMULA))).steepest
    if not math.isfinite(found.value) or found.value == 0:
        words = "is 0 everywhere" if found.value == 0 else "has no bound"
        raise SpecError(f"the slope of the formula {activation.removeprefix(FORMULA).strip()[:80]!r} {words}")
    return Steepest(mpmath.mpf(found.value), found.at, found.is_reached)


def _at_turning_point(activation: str) -> Steepest:
    """Finds the maximum of phi' right of 0, where phi'' = 0, by halving: phi' rises at 1 and falls at 3."""
    low, high = mpmath.mpf(1), mpmath.mpf(3)
    step = mpmath.mpf(10) ** (-DIGITS // 3)
    for _ in range(3 * DIGITS):
        middle = (low + high) / 2
        rises = _slope(activation, middle + step) > _slope(activation, middle - step)
        low, high = (middle, high) if rises else (low, middle)
    return Steepest(_slope(activation, low), float(low))


def _slope(activation: str, z: Any) -> Any:
    return value_of(apply(derivative(activation), named("z")), {"z": z})


def product_bound(activation: str, weight: float, depth: int) -> ProductBound:
    """Returns the bound of the product of `depth` factors phi'(z) w, and what follows from it.

    Raises
    ------
    SpecError
        Unknown activation, a formula that cannot be read or whose slope has no bound or is 0, a weight that is not
        finite, or a depth outside 1 to 1,000,000.
    """
    if not activation.startswith(FORMULA) and family_name(activation) not in ACTIVATIONS:
        require_choice("activation", activation, ACTIVATIONS)
    require_activation("activation", activation)
    require_finite("weight", weight, -1e300, 1e300)
    require_integer("depth", depth, 1, MOST_DEPTH)
    largest = steepest(activation)
    with mpmath.workdps(DIGITS):
        rate = largest.slope * abs(mpmath.mpf(weight))
        bound = rate**depth
        return ProductBound(
            activation=activation,
            weight=float(weight),
            depth=depth,
            largest_slope=float(largest.slope),
            at=largest.at,
            is_reached=largest.is_reached,
            rate=float(rate),
            bound=float(bound),
            log10_bound=log10_magnitude(bound),
            neutral_weight=float(1 / largest.slope),
            limit="0" if rate < 1 else "1" if rate == 1 else "infinity",
            depths=tuple(passed for name in ("float16", "float32", "float64") for passed in _passed(name, rate)),
        )


def _passed(name: str, rate: Any) -> tuple[PassedDepth, ...]:
    limits = FORMATS[name]
    subnormal, normal, largest = limits.smallest - limits.precision + 1, limits.smallest, limits.largest + 1
    return (
        PassedDepth(format=name, limit="smallest normal", log2=normal, depth=_depth_below(rate, normal)),
        PassedDepth(format=name, limit="smallest subnormal", log2=subnormal, depth=_depth_below(rate, subnormal)),
        PassedDepth(format=name, limit="largest", log2=largest, depth=_depth_above(rate, largest, limits.precision)),
    )


def _depth_below(rate: Any, log2: int) -> int | None:
    """Returns the first L with rate^L < 2^log2."""
    if rate >= 1:
        return None
    if rate == 0:
        return 1
    near = max(1, int(log2 / mpmath.log(rate, 2)) - 1)
    return next(depth for depth in range(near, near + 4) if rate**depth < mpmath.mpf(2) ** log2)


def _depth_above(rate: Any, log2: int, precision: int) -> int | None:
    """Returns the first L at which rate^L is rounded to infinity: half a last digit below 2^log2 at the least."""
    if rate <= 1:
        return None
    overflow = mpmath.mpf(2) ** log2 * (1 - mpmath.mpf(2) ** (-precision - 1))
    near = max(1, int(mpmath.log(overflow, rate)) - 1)
    return next(depth for depth in range(near, near + 4) if rate**depth >= overflow)
