"""Expressions as functions of mpmath numbers: each line of a symbolic network becomes one, in the digits of its caller.

A sigmoid or tanh near its limit has more digits than its caller asks for, as many as tell it from the limit: the loss
of a unit at z = 150 depends on 1 - y = e^-150 = 1e-65, which y with 60 digits does not hold. The compiled functions are
SymPy code for expressions that we built ourselves.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import sympy as sp

from vgdesk.symbolic.reverse import Line, symbols_of

_LARGE_BITS, _MOST_BITS = 64, 10**5
"""Exponents between 2^64 and 2^100000 are split; so many digits must ln 2 have, and so many may a y near its limit."""

Arithmetic = Callable[[Mapping[str, Any]], Any]
CompiledLine = tuple[str, Arithmetic]


def compiled(assignments: Sequence[Line]) -> list[CompiledLine]:
    """Returns each line's target with the function that evaluates it."""
    return [(str(target), _arithmetic(expression)) for target, expression in assignments]


def _arithmetic(expression: Any) -> Arithmetic:
    """Returns the function that evaluates an expression.

    Sums, products and powers, of which a network mostly consists, are walked through: that is evaluated after
    microseconds, where generating code takes a millisecond. Only functions become code, once for all their arguments.
    """
    arguments: tuple[Any, ...] = expression.args
    match expression:
        case sp.Symbol(name=name):
            return lambda values: values[name]
        case sp.Rational(p=p, q=q):
            return lambda values: mpmath.mpf(p) / q
        case sp.Add():
            terms = [_arithmetic(term) for term in arguments]
            return lambda values: mpmath.fsum(term(values) for term in terms)
        case sp.Mul(args=(sp.Integer(p=whole), factor)):
            single = _arithmetic(factor)
            return lambda values: mpmath.fmul(whole, single(values), exact=True)
        case sp.Mul():
            factors = [_arithmetic(factor) for factor in arguments]
            return lambda values: mpmath.fprod(factor(values) for factor in factors)
        case sp.Pow(args=(sp.Add(args=(sp.Integer(p=1), sp.exp(args=(negative,)))), sp.Integer(p=-1))):
            negated = _arithmetic(negative)
            return lambda values: _sigmoid(-negated(values))
        case sp.Pow(exp=sp.Integer(p=power)):
            base = _arithmetic(arguments[0])
            return lambda values: base(values) ** power
        case sp.tanh():
            z = _arithmetic(arguments[0])
            return lambda values: _tanh(z(values))
        case _:
            return _function(expression)


def _sigmoid(z: Any) -> Any:
    return _exact_sum(1, -1 / (1 + _exponential(z))) if z > 0 else 1 / (1 + _exponential(-z))


def _tanh(z: Any) -> Any:
    if abs(z) < 1:
        return mpmath.tanh(z)
    side = 1 if z > 0 else -1
    return _exact_sum(side, -2 * side / (1 + _exponential(2 * abs(z))))


def _exact_sum(limit: int, rest: Any) -> Any:
    """Returns limit + rest with all the digits of the rest, unless that is too small for any."""
    bits = -mpmath.mag(rest)
    if bits > _MOST_BITS:
        return mpmath.mpf(limit)
    with mpmath.extraprec(max(bits, 0)):
        return limit + rest


def _function(expression: sp.Expr) -> Arithmetic:
    symbols = symbols_of(expression)
    places = [sp.Symbol(f"argument_{place}", real=True) for place in range(len(symbols))]
    code = _code(expression.xreplace(dict(zip(symbols, places, strict=True))), tuple(places))
    names = [str(symbol) for symbol in symbols]
    return lambda values: code(*[values[name] for name in names])


@lru_cache(maxsize=500)
def _code(expression: sp.Expr, places: tuple[sp.Symbol, ...]) -> Any:
    return sp.lambdify(places, expression, modules=[{"exp": _exponential}, "mpmath"])


def _exponential(x: Any) -> Any:
    """Returns e^x, as 2^n e^r where x is large.

    Of a whole number mpmath multiplies e with itself, a bit at a time: with 420 digits that of 1e617 takes a hundred
    times as long as of any other number of this size, and a loss of such numbers is asked for a thousand times.
    """
    size = mpmath.mag(x) if isinstance(x, mpmath.mpf) and mpmath.isfinite(x) and x != 0 else 0
    if not _LARGE_BITS < size < _MOST_BITS:
        return mpmath.exp(x)
    with mpmath.extraprec(size):
        n = mpmath.floor(x / mpmath.ln2)
        r = x - n * mpmath.ln2
    return mpmath.ldexp(mpmath.exp(r), int(n))
