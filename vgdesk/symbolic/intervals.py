"""Interval arithmetic over expressions: where can a value lie at all, when some of its symbols may be any number?

    [a, b] + [c, d] = [a + c, b + d]
    [a, b] [c, d]   = hull of ac, ad, bc, bd
    1 / [a, b]      = [1/b, 1/a] where 0 lies outside

(Moore, Kearfott & Cloud 2009, ch. 2). A symbol that occurs twice counts as two, so an interval may be too wide but
never too narrow: what lies outside is impossible, what lies inside may be. An end is *open* where it is never reached,
as 0 and 1 are by a sigmoid.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from vgdesk.records.found_state import Interval
from vgdesk.symbolic.activations import ncdf

ANY = Interval(-math.inf, math.inf, True, True)


def point(value: float) -> Interval:
    """Returns the interval of a single number."""
    return Interval(value, value)


def hull(ends: list[tuple[float, bool]]) -> Interval:
    """Returns the smallest interval around (value, whether it is only approached); a reached end closes it."""
    low, high = min(value for value, _ in ends), max(value for value, _ in ends)
    return Interval(
        low,
        high,
        all(is_open for value, is_open in ends if value == low),
        all(is_open for value, is_open in ends if value == high),
    )


def interval_of(expression: Any, known: Mapping[str, Interval]) -> Interval:
    """Returns an interval that holds every value of an expression whose symbols lie in the known ones."""
    match expression:
        case sp.Symbol(name=name):
            return known[name]
        case sp.Number():
            return point(float(expression))
        case sp.Add():
            return _folded(expression, known, _added)
        case sp.Mul():
            share = _share(expression)
            return interval_of(share, known) if share is not None else _folded(expression, known, _multiplied)
        case sp.Pow(exp=sp.Integer(p=power)):
            return _powered(interval_of(expression.args[0], known), power)
        case sp.Piecewise():
            return _joined([interval_of(branch.args[0], known) for branch in expression.args])
        case _:
            rising = _RISING.get(expression.func)
            return _mapped(rising, interval_of(expression.args[0], known)) if rising else _number(expression)


def _number(expression: sp.Expr) -> Interval:
    """Returns the value of a constant such as sqrt(2/pi); of anything else nothing is known."""
    return point(float(expression)) if not expression.free_symbols else ANY


def _share(expression: sp.Mul) -> Any:
    """Returns x / (x + rest) as 1 / (1 + rest/x), in which x counts as one number, or None; softmax is such a share."""
    for divisor in expression.args:
        if isinstance(divisor, sp.Pow) and divisor.exp == -1 and isinstance(divisor.base, sp.Add):
            for part in expression.args:
                if part in divisor.base.args and part.free_symbols:
                    others = [other for other in expression.args if other not in (part, divisor)]
                    rest = sp.Add(*(term for term in divisor.base.args if term != part))
                    return sp.Mul(*others, 1 / (1 + rest / part))
    return None


def _folded(expression: sp.Expr, known: Mapping[str, Interval], joined: Callable[..., Interval]) -> Interval:
    first, *others = (interval_of(part, known) for part in expression.args)
    for other in others:
        first = joined(first, other)
    return first


def _added(one: Interval, other: Interval) -> Interval:
    return Interval(
        one.low + other.low,
        one.high + other.high,
        one.is_low_open or other.is_low_open,
        one.is_high_open or other.is_high_open,
    )


def _multiplied(one: Interval, other: Interval) -> Interval:
    return hull([_corner(a, b) for a in _ends(one) for b in _ends(other)])


def _corner(one: tuple[float, bool], other: tuple[float, bool]) -> tuple[float, bool]:
    """Returns the product of two ends; 0 times anything is 0, and reached where the 0 is."""
    zeros = [is_open for value, is_open in (one, other) if value == 0]
    return (0.0, all(zeros)) if zeros else (one[0] * other[0], one[1] or other[1])


def _ends(interval: Interval) -> tuple[tuple[float, bool], tuple[float, bool]]:
    return (interval.low, interval.is_low_open), (interval.high, interval.is_high_open)


def _powered(base: Interval, power: int) -> Interval:
    if power < 0:
        return _inverse(_powered(base, -power))
    ends = [(_raised(value, power), is_open) for value, is_open in _ends(base)]
    if power % 2 == 0 and base.low < 0 < base.high:
        ends.append((0.0, False))
    return hull(ends)


def _raised(value: float, power: int) -> float:
    try:
        return value**power
    except OverflowError:
        return math.inf if value > 0 or power % 2 == 0 else -math.inf


def _inverse(interval: Interval) -> Interval:
    """Returns 1 / interval; where it holds 0 inside or as a reached end nothing is known."""
    if interval.low < 0 < interval.high or interval.contains(0.0):
        return ANY
    side = 1.0 if interval.high > 0 else -1.0
    return hull([(1 / value if value else side * math.inf, is_open) for value, is_open in _ends(interval)])


def _joined(parts: list[Interval]) -> Interval:
    return hull([end for part in parts for end in _ends(part)])


def _mapped(rising: Callable[[float], float], interval: Interval) -> Interval:
    return hull([(_image(rising, value), is_open) for value, is_open in _ends(interval)])


def _image(rising: Callable[[float], float], value: float) -> float:
    try:
        return rising(value)
    except OverflowError:
        return math.inf
    except ValueError:  # log of 0, or of what only a too wide interval holds
        return -math.inf


_RISING: dict[Any, Callable[[float], float]] = {
    sp.exp: math.exp,
    sp.log: math.log,
    sp.tanh: math.tanh,
    sp.erf: math.erf,
    log1p: math.log1p,
    expm1: math.expm1,
    ncdf: lambda value: math.erfc(-value / math.sqrt(2)) / 2,
}
