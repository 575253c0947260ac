"""Numbers in a formula, by the one rule of everything that is typed (`vgdesk.spec.typed`): digits, point and exponent.

Python's own reader would take 1_000 and 0x10, too, and would read 1e-400 as 0 without a word.
"""

import math

from vgdesk.errors import FormulaError, shortened
from vgdesk.spec.formula.tree import Constant
from vgdesk.spec.typed import real_number

LARGEST_INTEGER = 10**15


def constant(value: object, text: str, place: int) -> Constant:
    """Returns what Python read from a piece of the formula's text, where it is a number that a formula may hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError(f"only numbers and names stand in a formula, got {str(value)[:40]!r}", place)
    number = _real(text, "a number", place)
    if isinstance(value, int) and value > LARGEST_INTEGER:
        raise FormulaError(f"an integer must be at most 1e15, got one of {len(str(value))} digits", place)
    if not math.isfinite(number):
        raise FormulaError("a number must be finite; this one exceeds 1.8e308", place)
    return Constant(number)


def parameter_number(text: str, place: int) -> float:
    """Returns the number after a parameter's equals sign."""
    value = _real(text, "the number of a parameter", place)
    if not abs(value) <= LARGEST_INTEGER:
        raise FormulaError(f"a parameter must be a number of at most 1e15, got {text[:40]!r}", place)
    return value


def _real(text: str, what: str, place: int) -> float:
    try:
        value = real_number(text)
    except ValueError:
        sentence = f"{what} is written in digits, point and exponent such as 1.5e-3, got {shortened(text)!r}"
        raise FormulaError(sentence, place) from None
    mantissa = text.lower().partition("e")[0]
    if value == 0.0 and any(digit in "123456789" for digit in mantissa):
        raise FormulaError(f"{what} must be 0 or at least 4.9e-324 in size, got {shortened(text)!r}", place)
    return value
