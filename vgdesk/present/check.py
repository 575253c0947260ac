"""The three-way check in words: one line for the weight on show, one row per weight for the list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vgdesk.present.formula.numbers import bound_text, number_text
from vgdesk.spec.lowered import lowered

if TYPE_CHECKING:
    from vgdesk.records.derivation import CheckRow, Derivation, Verification

ROUTES = ("symbolic", "backprop", "difference")
AT_A_KINK = "at a kink"
CHECK_COLUMNS = ("Number", "Symbolic", "Back-propagated", "Central difference", "Rel. error b.-p.", "Rel. error c. d.")


def check_lines(verification: Verification, name: str, derivation: Derivation | None = None) -> tuple[str, ...]:
    """Returns one line about a weight, for less and less room; none for a weight that was not checked.

    It tells the weight's gradients by every route, whose mean they are, the largest relative error of all weights and
    the slope's words. First the slope and the error go, then the routes' names. Whose mean the numbers are goes never:
    the `derivation` above them is of one example, whose number stands beside the mean where there is room.
    """
    row = next((row for row in verification.rows if row.name == name), None)
    if row is None:
        return ()
    sign = "=" if row.agrees else "≠"
    if not math.isfinite(row.symbolic) and row.agrees:  # nothing that could be equal to anything
        sign = "|"
    numbers = _alike(row) if row.agrees else [number_of(value) for value in _values(row)]
    # At a kink the central difference is the mean of two slopes, equal to neither: it is not held beside the others.
    numbers = numbers[: 2 if verification.at_kink else 3]
    named = [f"{route} {number}" for route, number in zip(ROUTES, numbers, strict=False)]
    whose = examples_words(verification)
    lead, own = f"{whose}: " if whose else "", _own_words(derivation, name) if whose else ""
    parts = [part for part in (own, error_words(verification), slope_words(verification)) if part]
    lines = [*_shorter(lead + f" {sign} ".join(named), parts), *_shorter(lead + f" {sign} ".join(numbers), parts)]
    return tuple([*lines, lead + numbers[0]] if lead and row.agrees else lines)


def _shorter(first: str, parts: list[str]) -> list[str]:
    """Returns the text with all the parts behind it, then with one less, down to itself."""
    return [" · ".join([first, *parts[:count]]) for count in range(len(parts), -1, -1)]


def _own_words(derivation: Derivation | None, name: str) -> str:
    """Returns "example 1: −0.0328", the number that the derivation ends in, with its digits."""
    is_its = derivation is not None and derivation.wrt == name and derivation.example
    return f"example {derivation.example:,}: {number_text(derivation.value)}" if derivation and is_its else ""


def _values(row: CheckRow) -> tuple[float, float, float]:
    return row.symbolic, row.backpropagated, row.central_difference


def _alike(row: CheckRow) -> list[str]:
    """Returns the texts of numbers that agree: with four digits, or fewer where they lie on two sides of a half.

    0.013605 ± 10⁻¹² is 0.0136 and 0.01361 with four digits, and "0.0136 = 0.01361" reads as a fault; at a kink the
    central difference is no part of it.
    """
    compared = _values(row)[: 2 if row.slope_below is not None else 3]
    texts = (([number_text(value, digits) for value in compared]) for digits in (4, 3, 2))
    return next((found for found in texts if len(set(found)) == 1), [number_of(value) for value in compared])


def error_words(verification: Verification) -> str:
    """Returns a bound, rounded up, of the relative errors of both routes against the symbolic one."""
    if math.isnan(verification.largest_error_backpropagated):
        return "nothing finite to compare"
    largest = max(verification.largest_error_backpropagated, verification.largest_error_central or 0.0)
    return f"error ≤ {bound_text(largest, 1)}" if largest < math.inf else "error ∞"


def slope_words(verification: Verification) -> str:
    """Returns the slope of the Taylor remainder, the one farther from 2 where routes differ; a kink leaves none."""
    slopes = [s for s in (verification.taylor_symbolic, verification.taylor_backpropagated) if s is not None]
    if not slopes:
        return AT_A_KINK if verification.at_kink else "no slope"
    return f"slope {max(slopes, key=lambda slope: abs(slope - 2)):.2f}"


def examples_words(verification: Verification) -> str:
    """Returns whose mean loss is differentiated; nothing of one example, which is what the derivation shows, too."""
    return f"mean of examples 1–{verification.examples}" if verification.examples > 1 else ""


def check_sentence(verification: Verification) -> str:
    """Returns the outcome in words, its weight spelt like the typeset ones beside it."""
    return lowered(verification.sentence)


def check_cells(row: CheckRow) -> tuple[str, ...]:
    """Returns the texts of one row under `CHECK_COLUMNS`; "differs" stands beside the name of one that does.

    Where a kink leaves no central difference the slopes on its two sides stand in place of their mean.
    """
    name = lowered(row.name) if row.agrees else f"{lowered(row.name)} differs"
    numbers = [number_text(value, 12) for value in _values(row)]
    if row.slope_below is not None and row.slope_above is not None:
        numbers[2] = f"{number_text(row.slope_below, 6)} below, {number_text(row.slope_above, 6)} above"
    errors = (row.relative_error_backpropagated, row.relative_error_central)
    return (name, *numbers, *map(_error_of, errors))


def number_of(value: float) -> str:
    """Returns a gradient with four digits: three of them and the words around them fit beside each other."""
    return number_text(value, 4)


def _error_of(error: float | None) -> str:
    if error is None:
        return AT_A_KINK
    if math.isnan(error):
        return "nothing to compare"
    return number_text(error, 2) if error < math.inf else "∞"
