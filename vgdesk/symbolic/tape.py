"""Writes the lines of a network down as a `vgdesk.records.program.Program`, which needs no SymPy to be evaluated.

An expression becomes instructions from the leaves up; equal subexpressions get one slot. Forms that would lose digits
or overflow in float64 have operations of their own: 1/(1 + e^-x) and log1p(e^x). 1/cosh(x)^2 is left: its overflow ends
in 0, as it should.
"""

from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from vgdesk.errors import SpecError
from vgdesk.records.program import Instruction, Program
from vgdesk.symbolic.activations import ncdf
from vgdesk.symbolic.reverse import Line

_FUNCTIONS: dict[Any, str] = {
    sp.exp: "exp",
    sp.log: "log",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.atan: "atan",
    sp.erf: "erf",
    sp.Abs: "abs",
    sp.sign: "sign",
    expm1: "expm1",
    log1p: "log1p",
    ncdf: "ncdf",
}
_RELATIONS: dict[Any, tuple[str, bool]] = {
    sp.StrictGreaterThan: (">", False),
    sp.GreaterThan: (">=", False),
    sp.StrictLessThan: (">", True),
    sp.LessThan: (">=", True),
    sp.Equality: ("==", False),
    sp.Unequality: ("!=", False),
}
"""The operation, and whether its sides are exchanged."""


class Tape:
    """Collects instructions; `slots` says where each name stands.

    Parameters
    ----------
    given
        Names of the given numbers, in the order of their slots.
    """

    def __init__(self, given: list[str]) -> None:
        self.slots: dict[str, int] = {name: slot for slot, name in enumerate(given)}
        self._given = len(given)
        self._constants: dict[float, int] = {}
        self._instructions: list[tuple[str, tuple[int, ...]]] = []
        self._known: dict[tuple[str, tuple[int, ...]], int] = {}
        self._spelt: dict[Any, int] = {}

    def program(self) -> tuple[Program, dict[str, int]]:
        """Returns the program, and the slot of every name in it."""
        shift = len(self._constants)

        def place(slot: int) -> int:
            """While the tape is written constants have negative numbers, and results follow the given ones."""
            if slot < 0:
                return self._given - slot - 1
            return slot if slot < self._given else slot + shift

        instructions = tuple(Instruction(name, tuple(map(place, slots))) for name, slots in self._instructions)
        program = Program(given=self._given, constants=tuple(self._constants), instructions=instructions)
        return program, {name: place(slot) for name, slot in self.slots.items()}

    def write(self, lines: list[Line]) -> None:
        """Adds lines in order; each may read names given and earlier targets."""
        for target, expression in lines:
            self.name(str(target), self.add_expression(expression))

    def name(self, name: str, slot: int) -> None:
        """Gives a slot a name."""
        self.slots[name] = slot
        self._spelt[sp.Symbol(name, real=True)] = slot

    def add(self, operation: str, *slots: int) -> int:
        """Adds an instruction unless the same stands already; returns its slot."""
        key = operation, slots
        if key not in self._known:
            self._known[key] = self._given + len(self._instructions)
            self._instructions.append(key)
        return self._known[key]

    def constant(self, value: float) -> int:
        """Returns the slot of a constant."""
        return self._constants.setdefault(float(value), -len(self._constants) - 1)

    def add_expression(self, expression: Any) -> int:
        """Returns the slot of an expression's value."""
        if expression not in self._spelt:
            self._spelt[expression] = self._add(expression)
        return self._spelt[expression]

    def _add(self, expression: Any) -> int:
        arguments: tuple[Any, ...] = expression.args
        match expression:
            case sp.Symbol(name=name):
                return self.slots[name]
            case sp.Add():
                return self._many("+", "sum", arguments)
            case sp.Mul():
                return self._product(arguments)
            case sp.Pow():
                return self._power(*arguments)
            case sp.Piecewise():
                return self._cases(arguments)
            case sp.And() | sp.Or():
                return self.add("and" if isinstance(expression, sp.And) else "or", *map(self.add_expression, arguments))
            case sp.Not():
                return self.add("not", self.add_expression(arguments[0]))
            case _ if expression in (sp.true, sp.false):
                return self.constant(float(bool(expression)))
            case _ if not expression.free_symbols:
                return self.constant(float(expression.evalf(20)))
            case _:
                return self._function(expression, arguments)

    def _many(self, of_two: str, of_many: str, arguments: tuple[Any, ...]) -> int:
        slots = [self.add_expression(argument) for argument in arguments]
        return self.add(of_two if len(slots) == 2 else of_many, *slots)

    def _product(self, arguments: tuple[Any, ...]) -> int:
        """Divides once by what has negative exponents, so that nothing is rounded twice."""
        arguments = _with_logistic_slopes(arguments)
        below = [factor for factor in arguments if _is_inverse(factor)]
        if len(below) != 1 or _logistic_argument(below[0]) is not None:
            return self._many("*", "product", arguments)
        above = [factor for factor in arguments if factor is not below[0]]
        numerator = self.add_expression(above[0]) if len(above) == 1 else self._many("*", "product", tuple(above))
        return self.add("/", numerator, self.add_expression(1 / below[0]))

    def _power(self, base: Any, exponent: Any) -> int:
        argument = _logistic_argument(base**exponent)
        if argument is not None:
            return self.add("sigmoid", self.add_expression(argument))
        if exponent == 1:
            return self.add_expression(base)
        if exponent == sp.Rational(1, 2):
            return self.add("sqrt", self.add_expression(base))
        if exponent == -1:
            return self.add("/", self.constant(1.0), self.add_expression(base))
        if exponent == 2:
            slot = self.add_expression(base)
            return self.add("*", slot, slot)
        return self.add("**", self.add_expression(base), self.add_expression(exponent))

    def _cases(self, arguments: tuple[Any, ...]) -> int:
        """Chooses from the last case up; where no condition holds there is no value."""
        rows = list(arguments)
        slot = self.add_expression(rows.pop()[0]) if rows[-1][1] == sp.true else self.constant(float("nan"))
        for value, condition in reversed(rows):
            slot = self.add("where", self.add_expression(condition), self.add_expression(value), slot)
        return slot

    def _function(self, expression: Any, arguments: tuple[Any, ...]) -> int:
        kind = type(expression)
        if kind in _RELATIONS:
            name, is_exchanged = _RELATIONS[kind]
            sides = [self.add_expression(argument) for argument in arguments]
            return self.add(name, *(reversed(sides) if is_exchanged else sides))
        if kind is sp.ITE:
            return self.add("where", *map(self.add_expression, arguments))
        if kind not in _FUNCTIONS:
            raise SpecError(f"numbers cannot be changed where {kind.__name__} occurs in a formula")
        if kind is log1p and isinstance(arguments[0], sp.exp):
            return self.add("softplus", self.add_expression(arguments[0].args[0]))
        return self.add(_FUNCTIONS[kind], self.add_expression(arguments[0]))


def _is_inverse(factor: Any) -> bool:
    return isinstance(factor, sp.Pow) and factor.exp.is_Rational and bool(factor.exp < 0)


def _with_logistic_slopes(factors: tuple[Any, ...]) -> tuple[Any, ...]:
    """Writes e^u / (1 + e^u)^2, whose parts overflow, as the product of two logistic functions."""
    for factor in factors:
        argument = _logistic_argument(1 / factor.base) if isinstance(factor, sp.Pow) and factor.exp == -2 else None
        if argument is not None and sp.exp(-argument) in factors:
            others = [other for other in factors if other not in (factor, sp.exp(-argument))]
            return (*others, 1 / (1 + sp.exp(argument)), 1 / (1 + sp.exp(-argument)))
    return factors


def _logistic_argument(expression: Any) -> Any:
    """Returns x where the expression is 1 / (1 + e^-x), else None."""
    if not (isinstance(expression, sp.Pow) and expression.exp == -1 and isinstance(expression.base, sp.Add)):
        return None
    terms: tuple[Any, ...] = expression.base.args
    one, *others = sorted(terms, key=lambda term: term != 1)
    if one != 1 or len(others) != 1 or not isinstance(others[0], sp.exp):
        return None
    negated: Any = others[0].args[0]
    return -negated
