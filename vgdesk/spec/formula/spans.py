"""Between which bounds a tree's value lies for all real z: interval arithmetic with open ends.

It proves that 1 + exp(u) is never 0 and that 1 - tanh(u) is positive, also where float64 has rounded it to 0. It never
claims too little: a bound that cannot be shown is infinite.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable
from vgdesk.spec.formula.values import sigmoid, softplus


class Span(NamedTuple):
    """Is an interval; `is_low_open` says that `low` itself is never reached."""

    low: float
    high: float
    is_low_open: bool = False
    is_high_open: bool = False

    @property
    def is_positive(self) -> bool:
        """Whether every value is above 0."""
        return self.low > 0 or (self.low == 0 and self.is_low_open)

    @property
    def is_nonnegative(self) -> bool:
        """Whether no value is below 0."""
        return self.low >= 0

    @property
    def is_nonzero(self) -> bool:
        """Whether no value is 0."""
        return self.is_positive or _mirrored(self).is_positive


_LINE = Span(-math.inf, math.inf, True, True)
_ASYMPTOTES = {
    "exp": (0.0, math.inf), "expm1": (-1.0, math.inf), "tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0),
    "softplus": (0.0, math.inf), "erf": (-1.0, 1.0), "atan": (-math.pi / 2, math.pi / 2), "sinh": (-math.inf, math.inf),
}  # fmt: skip
"""Rising functions and what they approach without reaching it."""
_RISING: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "expm1": math.expm1, "tanh": math.tanh, "sigmoid": sigmoid, "erf": math.erf, "atan": math.atan,
    "softplus": softplus, "sinh": math.sinh,
}  # fmt: skip


def span_of(tree: Tree) -> Span:
    """Returns bounds of the tree's values over the whole real line."""
    match tree:
        case Variable():
            return _LINE
        case Constant(value=value):
            return Span(value, value)
        case Operation(name="where", arguments=(_, a, b)):
            return _hull(span_of(a), span_of(b))
        case Operation(name=name, arguments=arguments):
            return _apply(name, [span_of(argument) for argument in arguments])


def _apply(name: str, spans: list[Span]) -> Span:
    u, v = spans[0], spans[-1]
    match name:
        case "neg":
            return _mirrored(u)
        case "+":
            return _sum(u, v)
        case "-":
            return _sum(u, _mirrored(v))
        case "*":
            return _product(u, v)
        case "/":
            return _product(u, _reciprocal(v))
        case "**":
            return _power(u, v.low)
        case "max":
            return Span(max(u.low, v.low), max(u.high, v.high), u.is_positive or v.is_positive)
        case "min":
            return Span(min(u.low, v.low), min(u.high, v.high))
        case "relu":
            return Span(max(u.low, 0.0), max(u.high, 0.0), u.is_positive and u.is_low_open)
        case "sqrt":
            return Span(math.sqrt(max(u.low, 0.0)), math.sqrt(max(u.high, 0.0)), u.is_positive)
        case "abs":
            return _absolute(u)
        case "sin" | "cos" | "sign":
            return Span(-1.0, 1.0)
        case "cosh":
            return Span(1.0, math.inf)
        case _:
            return _rising(name, u) if name in _RISING else _LINE


def _rising(name: str, u: Span) -> Span:
    low, high = (_limit(name, end) for end in (u.low, u.high))
    floor, ceiling = _ASYMPTOTES[name]
    return Span(low, high, u.is_low_open or low == floor, u.is_high_open or high == ceiling)


def _limit(name: str, x: float) -> float:
    if math.isinf(x):
        return _ASYMPTOTES[name][x > 0]
    try:
        return _RISING[name](x)
    except OverflowError:
        return math.copysign(math.inf, x)


def _mirrored(u: Span) -> Span:
    return Span(-u.high, -u.low, u.is_high_open, u.is_low_open)


def _hull(u: Span, v: Span) -> Span:
    low, high = min(u.low, v.low), max(u.high, v.high)
    is_low_open = all(span.is_low_open for span in (u, v) if span.low == low)
    return Span(low, high, is_low_open, all(span.is_high_open for span in (u, v) if span.high == high))


def _sum(u: Span, v: Span) -> Span:
    low, high = u.low + v.low, u.high + v.high
    # A rounded sum of open ends may lie on the wrong side; but 0 + 0 and 1 - 1 are exact.
    return Span(low, high, u.is_low_open or v.is_low_open, u.is_high_open or v.is_high_open)


def _product(u: Span, v: Span) -> Span:
    corners = [_times(a, b) for a in (u.low, u.high) for b in (v.low, v.high)]
    is_nonzero = u.is_nonzero and v.is_nonzero
    low, high = min(corners), max(corners)
    return Span(low, high, low == 0 and is_nonzero, high == 0 and is_nonzero)


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _reciprocal(u: Span) -> Span:
    if not u.is_nonzero:
        return _LINE
    if u.high <= 0:
        return _mirrored(_reciprocal(_mirrored(u)))
    high = 1 / u.low if u.low > 0 else math.inf
    return Span(1 / u.high, high, math.isinf(u.high) or u.is_high_open, u.is_low_open)


def _absolute(u: Span) -> Span:
    if u.low >= 0:
        return u
    if u.high <= 0:
        return _mirrored(u)
    ends = [(-u.low, u.is_low_open), (u.high, u.is_high_open)]
    high = max(end for end, _ in ends)
    return Span(0.0, high, False, all(is_open for end, is_open in ends if end == high))


def _power(u: Span, exponent: float) -> Span:
    if exponent < 0:
        return _reciprocal(_power(u, -exponent))
    if exponent.is_integer() and exponent % 2:
        return Span(_raised(u.low, exponent), _raised(u.high, exponent), u.is_low_open, u.is_high_open)
    base = _absolute(u) if exponent.is_integer() else Span(max(u.low, 0.0), max(u.high, 0.0), u.is_positive)
    return Span(_raised(base.low, exponent), _raised(base.high, exponent), base.is_low_open, base.is_high_open)


def _raised(base: float, exponent: float) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.copysign(math.inf, base)
