"""Says in sentences what a search for a state found, and why there is none where there is none."""

from collections.abc import Iterator

from vgdesk.present.formula import number_text, to_text
from vgdesk.present.formula.numbers import DIGITS
from vgdesk.records.found_state import FactorPart, FoundState, Interval, SearchOutcome, WantedFactor

TARGET_DIGITS = 6
"""A target is said as it was given; more than six digits are seldom."""
MOST_DIGITS = 17
"""With them any two numbers of float64 differ."""


def state_sentence(found: FoundState) -> str:
    """Returns the outcome in a sentence or two."""
    asked = " and ".join(f"{factor.id} = {number_text(factor.target, TARGET_DIGITS)}" for factor in found.wanted)
    if found.outcome is SearchOutcome.FOUND:
        count = len(found.changes)
        moved = (
            "nothing had to change" if not count else "1 number changed" if count == 1 else f"{count} numbers changed"
        )
        return " ".join([f"Found a state with {asked}; {moved}.", *_conditions(found)])
    if found.outcome is SearchOutcome.IMPOSSIBLE:
        return " ".join(_obstacle(factor) for factor in found.wanted if _is_obstacle(factor))
    return (
        f"No state with {asked} was found from {found.starts} starts. The range of each factor alone allows it, so "
        "this is no proof; let more numbers free, or choose other targets."
    )


def change_lines(found: FoundState) -> list[str]:
    """Returns one line per number that changed."""
    return [f"{change.name}: {change_text(change.before, change.after)}" for change in found.changes]


def change_text(before: float, after: float) -> str:
    """Returns "0.03 → 0.06", with so many digits beyond the usual three that a change is seen to be one."""
    digits = DIGITS
    while before != after and digits < MOST_DIGITS and number_text(before, digits) == number_text(after, digits):
        digits += 1
    return f"{number_text(before, digits)} → {number_text(after, digits)}"


def interval_text(interval: Interval) -> str:
    """Returns an interval as it is written, e.g. "(0, 0.25]"; a single number as itself."""
    if interval.is_point:
        return number_text(interval.low)
    left, right = "(" if interval.is_low_open else "[", ")" if interval.is_high_open else "]"
    return f"{left}{_end(interval.low)}, {_end(interval.high)}{right}"


def _end(value: float) -> str:
    return {float("inf"): "∞", float("-inf"): "−∞"}.get(value) or number_text(value)


def _is_obstacle(factor: WantedFactor) -> bool:
    return factor.before != factor.target and not (factor.depends and factor.is_possible)


def _obstacle(factor: WantedFactor) -> str:
    name = f"{factor.id} = {to_text(factor.meaning)}"
    if not factor.depends:
        return f"There is no such state: {name} does not depend on what is free and stays {number_text(factor.before)}."
    target = number_text(factor.target, TARGET_DIGITS)
    reached = f"{name} lies in {interval_text(factor.interval)}, so it is never {target}"
    why = " and ".join(_told(part) for part in factor.parts)
    if not why:
        return f"There is no such state: {reached}."
    wish = _wish(factor)
    return f"There is no such state: {reached}: {why}{f'; {wish}' if wish else ''}."


def _told(part: FactorPart) -> str:
    between = "=" if part.interval.is_point else "in"
    return f"{to_text(part.formula)} {between} {interval_text(part.interval)}"


def _wish(factor: WantedFactor) -> str:
    """Says which part would need the other sign, where a sign is what forbids the target and a part is held fixed."""
    sign = (factor.target > 0) - (factor.target < 0)
    fixed = [part for part in factor.parts if part.interval.is_point and not part.is_free and part.interval.sign]
    if not sign or factor.interval.sign != -sign or not fixed:
        return ""
    words = " or ".join(f"a {_SIGNS[-part.interval.sign]} {to_text(part.formula)}" for part in fixed)
    return f"a {_SIGNS[sign]} {factor.id} needs {words}"


_SIGNS = {1: "positive", -1: "negative"}


def _conditions(found: FoundState) -> Iterator[str]:
    """Yields which sign the one free part of a factor had to have, where all others keep theirs."""
    for factor in found.wanted:
        undecided = [part for part in factor.parts if part.interval.sign == 0]
        others = [part for part in factor.parts if part.interval.sign]
        if len(undecided) != 1 or not others or factor.target == 0:
            continue
        sign = 1 if factor.target > 0 else -1
        for part in others:
            sign *= part.interval.sign
        fixed = " and ".join(_told(part) for part in others)
        wanted = _SIGNS[1 if factor.target > 0 else -1]
        yield f"With {fixed}, a {wanted} {factor.id} needs a {_SIGNS[sign]} {to_text(undecided[0].formula)}."
