"""Where the values of an activation, or of its slope, lie when its argument lies in an interval.

Between its turning points, kinks and the two infinities a function is monotonic, so its values lie between those at
these places and at the interval's ends. Turning points are looked for within |z| <= 12, beyond which every activation
of the catalogue only nears its limits. Of a formula of one's own nothing is claimed.
"""

import math
from functools import cache
from typing import Any

import mpmath
import sympy as sp

from vgdesk.records.found_state import Interval
from vgdesk.spec.activation import facts_of, own_formula
from vgdesk.symbolic.activations import apply, derivative, phi_of
from vgdesk.symbolic.evaluate import DIGITS, value_of
from vgdesk.symbolic.intervals import ANY, hull, point
from vgdesk.symbolic.network import named

_REACH, _PER_UNIT = 12, 16
_FAR, _NEAR = mpmath.mpf(10) ** 30, mpmath.mpf(10) ** -30
_STEADY = 7.0
"""Here what ever reaches its limit, such as hard-tanh, has done so."""


def image(activation: str, is_slope: bool, argument: Interval) -> Interval:
    """Returns the values of phi, or of phi', over an interval of z."""
    if own_formula(activation) is not None or activation == "prelu":
        return ANY
    if argument.is_point:
        return point(float(_value(activation, is_slope, mpmath.mpf(argument.low))))
    ends = [
        _end(activation, is_slope, argument.low, argument.is_low_open),
        _end(activation, is_slope, argument.high, argument.is_high_open),
    ]
    inner = [place for place in _turning_points(activation, is_slope) if argument.low < place < argument.high]
    ends += [(float(_value(activation, is_slope, mpmath.mpf(place))), False) for place in inner]
    ends += [end for kink in facts_of(activation).kinks for end in _sides(activation, is_slope, argument, kink)]
    return hull(ends)


def _end(activation: str, is_slope: bool, z: float, is_open: bool) -> tuple[float, bool]:
    """Returns (value, whether it is only approached) at an end of the argument, which may be infinite."""
    if math.isfinite(z):
        return float(_value(activation, is_slope, mpmath.mpf(z))), is_open
    limit = _value(activation, is_slope, math.copysign(1, z) * _FAR)
    if abs(limit) > 1e20:
        return math.copysign(math.inf, limit), True
    reached = _value(activation, is_slope, mpmath.mpf(math.copysign(_STEADY, z)))
    return float(limit), reached != float(limit)


def _sides(activation: str, is_slope: bool, argument: Interval, kink: float) -> list[tuple[float, bool]]:
    """Returns the values at a kink and just beside it, as far as they lie in the interval."""
    with mpmath.workdps(DIGITS):  # else a kink and its neighbours are the same number
        places = [mpmath.mpf(kink) + side for side in (-_NEAR, 0, _NEAR)]
        values = [_value(activation, is_slope, place) for place in places if argument.low <= place <= argument.high]
        return [(float(value), value != float(value)) for value in values]  # only nearly what float64 makes of it


@cache
def _turning_points(activation: str, is_slope: bool) -> tuple[float, ...]:
    places = [mpmath.mpf(step) / _PER_UNIT for step in range(-_REACH * _PER_UNIT, _REACH * _PER_UNIT + 1)]
    values = [_value(activation, is_slope, place) for place in places]
    found = []
    for number in range(1, len(places) - 1):
        before, here, after = values[number - 1 : number + 2]
        if (here - before) * (here - after) > 0:
            rises = 1 if here > before else -1
            found.append(_refined(activation, is_slope, places[number - 1], places[number + 1], rises))
    return tuple(found)


def _refined(activation: str, is_slope: bool, low: Any, high: Any, sign: int) -> float:
    """Narrows an extremum down by thirds, to far more digits than float64 has."""
    with mpmath.workdps(DIGITS):
        for _ in range(120):
            third = (high - low) / 3
            left, right = low + third, high - third
            climbs = sign * (_value(activation, is_slope, right) - _value(activation, is_slope, left))
            low, high = (left, high) if climbs > 0 else (low, right) if climbs < 0 else (left, right)
        return float((low + high) / 2)


@cache
def _expression(activation: str, is_slope: bool) -> sp.Expr:
    return apply((derivative if is_slope else phi_of)(activation), named("z"))


def _value(activation: str, is_slope: bool, z: Any) -> Any:
    return value_of(_expression(activation, is_slope), {"z": z})
