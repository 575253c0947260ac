"""The outcome of the three-way check in words, and which of its rows have nothing to compare."""

import math

from vgdesk.diagnosis.words import number_words
from vgdesk.records.derivation import CheckRow

ROUTES = ("symbolic", "back-propagated")


def is_alone(symbolic: float, central: float) -> bool:
    """Whether back-propagation has nothing to be held beside: the loss has no digit left in the two other ways."""
    return math.isnan(symbolic) and not math.isfinite(central)


def is_lost(row: CheckRow) -> bool:
    """Whether there is nothing to compare: neither way has a number, or back-propagation alone has one or has none.

    A back-propagated gradient that alone is none is wrong, for float64 could have held it, unless the loss itself is
    none in float64: a step ends there, and nothing is propagated back (see `verify`).
    """
    return math.isnan(row.relative_error_backpropagated)


def is_held_beside(row: CheckRow) -> bool:
    """Whether the symbolic gradient and the central difference are numbers, whatever back-propagation has."""
    return math.isfinite(row.symbolic) and math.isfinite(row.central_difference)


def outcome_sentence(
    rows: tuple[CheckRow, ...],
    worst: CheckRow,
    kink: bool,
    slopes: tuple[float | None, float | None],
    examples: int,
) -> str:
    """Returns how the ways compare, in words for people.

    Parameters
    ----------
    worst
        The row with the largest error.
    kink
        Whether some unit stands at one.
    slopes
        Of the Taylor remainder, by `ROUTES`; None where there is none.
    examples
        How many the loss is the mean of.
    """
    sentence = _agreement(rows, worst, kink, examples) if worst.agrees else _disagreement(worst, kink, examples)
    lost = [row for row in rows if is_lost(row)]
    if lost and worst.agrees:
        sentence = _without_numbers(rows, lost)
    told = [f"{slope:.2f} ({route})" for slope, route in zip(slopes, ROUTES, strict=True) if slope is not None]
    if told:
        sentence += f" The Taylor remainder falls with slope {' and '.join(told)}; 2 is right, 1 is wrong."
    if kink:
        sentence += " Some unit stands at a kink, where the central difference does not count."
    return sentence


def _without_numbers(rows: tuple[CheckRow, ...], lost: list[CheckRow]) -> str:
    """Returns that gradients are not finite, of how many parameters, and that the others agree."""
    if any(math.isfinite(row.backpropagated) for row in lost):
        return _without_others(len(rows), len(lost))
    if any(map(is_held_beside, lost)):
        return (
            "The loss, or a number on the way to it, is beyond float64, so nothing is propagated back: there is "
            "nothing to compare the others with."
        )
    if len(lost) == len(rows):
        return f"No gradient is finite for these numbers ({len(rows)} parameters): there is nothing to compare."
    which = f"{len(lost)} of {len(rows)} gradients are not finite for these numbers, {lost[0].name} among them"
    return f"{which}; the others agree."


def _without_others(rows: int, lost: int) -> str:
    """Returns that so many gradients have a number by back-propagation alone."""
    which, rest = ("all", "") if lost == rows else (f"{lost} of", " The others agree.")
    return (
        f"Only back-propagation has numbers for {which} {rows} gradients: a unit is so near its limit that the loss "
        f"has no digits for a symbolic gradient or a central difference. There is nothing to compare.{rest}"
    )


def _agreement(rows: tuple[CheckRow, ...], worst: CheckRow, kink: bool, examples: int) -> str:
    """Returns that all ways agree, of those that count."""
    largest = max(worst.relative_error_backpropagated, 0.0 if kink else worst.relative_error_central or 0.0)
    ways = "symbolic = back-propagated" + ("" if kink else " = central difference")
    gradients = f"All {len(rows)} gradients{_of_the_mean(examples)} agree"
    return f"{gradients}: {ways} (largest relative error {number_words(largest)}, at {worst.name})."


def _disagreement(worst: CheckRow, kink: bool, examples: int) -> str:
    numbers = f"symbolic {worst.symbolic:.6g}, back-propagated {worst.backpropagated:.6g}"
    ways = "two" if kink else "three"
    if not kink:
        numbers += f", central difference {worst.central_difference:.6g}"
    of_what = f",{_of_the_mean(examples)}" if examples > 1 else ""
    return f"The {ways} ways disagree at {worst.name}{of_what}: {numbers}."


def _of_the_mean(examples: int) -> str:
    """Returns what is differentiated where it is more than the one example that a derivation shows."""
    return f" of the mean loss of examples 1 to {examples}" if examples > 1 else ""
