"""SymPy expressions of single lines as formulas, in an order that does not depend on SymPy's.

Terms and factors stand in the order in which their symbols were introduced (derivatives of the loss first, then
parameters, then intermediates), so that w_1 x_1 + w_2 x_2 + b_1 reads as it was written.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from vgdesk.records.formula import (
    Call,
    Cases,
    Formula,
    Fraction,
    Negative,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
)

_SMALLEST_FRACTION = 1000
"""Fractions with a larger denominator are written as decimals: 1e-5, not 1/100000."""


class Speller:
    """Spells expressions whose symbols have formulas."""

    def __init__(self, symbols: Mapping[str, Formula]) -> None:
        self._symbols = symbols
        self._rank = {name: rank for rank, name in enumerate(symbols)}

    def spell(self, expression: Any) -> Formula:
        """Returns the formula of an expression."""
        arguments: tuple[Any, ...] = expression.args
        match expression:
            case sp.Symbol():
                return self._symbols[str(expression)]
            case sp.Rational():
                return _rational(expression)
            case sp.Add() if _common(expression)[0] != 1:
                share, rest = _common(expression)
                return _thin([_rational(share), self.spell(rest)])
            case sp.Add():
                return Sum(tuple(self.spell(term) for term in sorted(expression.args, key=self._order)))
            case sp.Mul() | sp.Pow():
                return self._product(expression)
            case sp.exp():
                return Power(Symbol("e"), self.spell(expression.args[0]))
            case sp.Piecewise():
                return Cases(tuple((self.spell(value), self._condition(when)) for value, when in arguments))
            case _:
                name = str(expression.func.__name__)
                return Call(Symbol({"log": "ln"}.get(name, name)), tuple(map(self.spell, arguments)))

    def _order(self, expression: Any) -> tuple[bool, list[int], str]:
        ranks = sorted(self._rank.get(str(symbol), -1) for symbol in expression.free_symbols)
        return not ranks and expression.is_number and expression != 1, ranks, str(expression)

    def _condition(self, condition: Any) -> Formula:
        if condition == sp.true:
            return Text("otherwise")
        if isinstance(condition, sp.And | sp.Or):
            word = Text("and" if isinstance(condition, sp.And) else "or")
            parts = [part for each in sorted(condition.args, key=str) for part in (word, self._condition(each))]
            return _thin(parts[1:])
        left, right = condition.args
        return Relation((self.spell(left), self.spell(right)), condition.rel_op)

    def _product(self, expression: Any) -> Formula:
        coefficient, rest = expression.as_coeff_Mul()
        if coefficient < 0:
            return Negative(self.spell(-expression))
        above, below = [], []
        for factor in sorted(sp.Mul.make_args(rest), key=self._order):
            base, exponent = factor.as_base_exp()
            if isinstance(factor, sp.Add):
                share, base = _common(factor)
                coefficient *= share
            if isinstance(base, sp.Symbol | sp.Add) and exponent.is_Rational and exponent < 0:
                below.append(self._power(base, -exponent))
            elif isinstance(factor, sp.Pow):
                above.append(self._power(base, exponent))
            else:
                above.append(self.spell(base if isinstance(factor, sp.Add) else factor))
        if coefficient != 1:
            above.insert(0, _rational(coefficient))
        return Fraction(_thin(above), _thin(below)) if below else _thin(above)

    def _power(self, base: Any, exponent: Any) -> Formula:
        return self.spell(base) if exponent == 1 else Power(self.spell(base), self.spell(exponent))


def _common(total: Any) -> tuple[Any, Any]:
    """Splits a sum into a share that all its terms have, 1/3 in a/3 - b/3, and the rest; 1 where they differ."""
    shares = {abs(term.as_coeff_Mul()[0]) for term in total.args}
    share = shares.pop() if len(shares) == 1 else sp.Integer(1)
    return share, total if share == 1 else sp.Add(*(term / share for term in total.args))


def _thin(factors: list[Formula]) -> Formula:
    if not factors:
        return Number(1.0)
    return factors[0] if len(factors) == 1 else Product(tuple(factors), "thin")


def _rational(number: Any) -> Formula:
    if number < 0:
        return Negative(_rational(-number))
    if number.q == 1 or number.q > _SMALLEST_FRACTION:
        return Number(float(number))
    return Fraction(Number(float(number.p)), Number(float(number.q)))
