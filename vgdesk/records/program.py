"""Straight-line arithmetic as data: what one process writes down, another evaluates without knowing any algebra.

A program has *slots*. The first hold the numbers that are given, the next its constants, and every instruction appends
one slot: an operation on earlier ones. There are no loops, no branches and no names to look up from text, so a program
from another process can do nothing but arithmetic; a case distinction computes both sides and chooses.

Arithmetic is float64 and never raises: what overflows is infinite, what has no value is nan, as in the kernels.
"""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from vgdesk.errors import SpecError


class Instruction(msgspec.Struct, frozen=True, array_like=True):
    """Appends the result of one of `OPERATIONS` on earlier slots."""

    operation: str
    slots: tuple[int, ...]


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """Is straight-line arithmetic.

    Attributes
    ----------
    given
        How many slots hold given numbers.
    constants
        What the slots after them hold.
    instructions
        In order, one more slot each.
    """

    given: int
    constants: tuple[float, ...]
    instructions: tuple[Instruction, ...]

    def runner(self) -> Callable[[Sequence[float]], list[float]]:
        """Returns the function that fills all slots from the given numbers.

        Raises
        ------
        SpecError
            When an operation is unknown, or reads a slot that is not filled yet.
        """
        steps = [self._step(number, one) for number, one in enumerate(self.instructions)]

        def run(given: Sequence[float]) -> list[float]:
            slots = [*given, *self.constants]
            append = slots.append
            for function, first, second, more in steps:
                if more is None:
                    append(function(slots[first], slots[second]))
                else:
                    append(function([slots[slot] for slot in more]))
            return slots

        return run

    def _step(self, number: int, one: Instruction) -> tuple[Callable[..., float], int, int, tuple[int, ...] | None]:
        filled = self.given + len(self.constants) + number
        if any(not 0 <= slot < filled for slot in one.slots):
            raise SpecError(f"instruction {number} must read slots from 0 to {filled - 1}, got {one.slots}")
        if one.operation in _OF_TWO and len(one.slots) == 2:
            return _OF_TWO[one.operation], *one.slots, None
        if one.operation in _OF_ALL and len(one.slots) == _OF_ALL[one.operation][1]:
            return _OF_ALL[one.operation][0], 0, 0, one.slots
        if one.operation in _OF_MANY:
            return _OF_MANY[one.operation], 0, 0, one.slots
        raise SpecError(f"unknown operation {one.operation!r} on {len(one.slots)} slots; known are {OPERATIONS}")


def _calm(function: Callable[..., float]) -> Callable[..., float]:
    """Returns the function with infinity where it overflows and nan where it has no value."""

    def calm(*arguments: Any) -> float:
        try:
            return function(*arguments)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError, TypeError):
            return math.nan

    return calm


def _power(base: float, exponent: float) -> float:
    try:
        value = base**exponent
    except ZeroDivisionError:
        return math.nan
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    return value if isinstance(value, float) else math.nan  # a root of a negative number is complex


def _quotient(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator != 0.0 else math.nan


def _one(function: Callable[[float], float]) -> Callable[[list[float]], float]:
    calm = _calm(function)
    return lambda slots: calm(slots[0])


def _logarithm(value: float) -> float:
    return -math.inf if value == 0.0 else math.log(value)


def _logistic(value: float) -> float:
    """1 / (1 + e^-x) without overflow, by the sign of x."""
    if value >= 0.0:
        return 1.0 / (1.0 + math.exp(-value))
    small = math.exp(value)
    return small / (1.0 + small)


def _softplus(value: float) -> float:
    """log(1 + e^x), which is x where e^x overflows."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


def _sum(values: list[float]) -> float:
    """Adds exactly and rounds once; infinities of both signs make nan."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):
        return sum(values)


_OF_TWO: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": _power,
    "/": _quotient,
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "max": lambda a, b: math.nan if a != a or b != b else max(a, b),
    "min": lambda a, b: math.nan if a != a or b != b else min(a, b),
}
_OF_ONE: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "expm1": math.expm1,
    "log": _logarithm,
    "log1p": math.log1p,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "atan": math.atan,
    "erf": math.erf,
    "ncdf": lambda x: math.erfc(-x / math.sqrt(2.0)) / 2.0,
    "abs": abs,
    "sign": lambda x: x if x != x else float((x > 0) - (x < 0)),
    "sigmoid": _logistic,
    "softplus": _softplus,
    "not": lambda x: float(not x),
}
_OF_MANY: dict[str, Callable[[list[float]], float]] = {
    "sum": _sum,
    "product": math.prod,
    "and": lambda values: float(all(values)),
    "or": lambda values: float(any(values)),
}
_OF_ALL: dict[str, tuple[Callable[[list[float]], float], int]] = {
    **{name: (_one(function), 1) for name, function in _OF_ONE.items()},
    "where": (lambda slots: slots[1] if slots[0] else slots[2], 3),
}
OPERATIONS = ", ".join([*_OF_TWO, *_OF_ALL, *_OF_MANY])
"""The names of all operations, in a sentence."""
