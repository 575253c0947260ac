"""What was found about an activation of one's own, in lines of words: for the terminal and for the window."""

import math

from vgdesk.present.formula.numbers import number_text
from vgdesk.records.examination import Examination, NumericCheck
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.facts import SATURATED, SEARCHED, Behaviour, Extreme, Kink
from vgdesk.spec.formula.values import values

_MOST_SPANS = 8
"""Flat intervals that are listed; more of them are counted."""
_BESIDE = 0.25
"""How far beside the steepest place the slope is looked at, too."""


def examination_lines(found: Examination) -> list[tuple[str, str]]:
    """Returns (name, words) pairs; a name is "" where a line goes on with the one before."""
    behaviour = found.behaviour
    kinks = [_kink_words(found, kink) for kink in behaviour.kinks] or ["none"]
    return [
        ("φ(z)", found.text),
        ("φ′(z)", found.slope),
        *(("" if n else "kinks", words) for n, words in enumerate(kinks)),
        ("range", f"{_bound(behaviour.lowest, 'least')}, {_bound(behaviour.highest, 'greatest')}"),
        ("max |φ′|", _steepest(found)),
        ("saturated", _intervals(behaviour)),
        ("limits", f"φ {_ends(behaviour.limits)}; φ′ {_ends(behaviour.slope_limits)}"),
        ("finite", _span(behaviour)),
    ]


def check_words(verdict: NumericCheck) -> str:
    """Returns the outcome of the check of the kernel, and the largest errors."""
    central, kernel = (number_text(error, 2) for error in (verdict.central_error, verdict.kernel_error))
    errors = f"central difference {central}, kernel {kernel}"
    return f"{'passed' if verdict.passed else 'FAILED'} at {verdict.points} points against 60 digits: {errors}"


def slope_at(found: Examination, kink: Kink) -> float:
    """Returns the slope that training and derivations use at the kink itself."""
    return values(own_activation(found.text).slope, [kink.at])[0]


def _kink_words(found: Examination, kink: Kink) -> str:
    jump = f", φ jumps from {_number(kink.value[0])} to {_number(kink.value[1])}" if kink.is_jump else ""
    below, above = kink.slope
    there = f"{_number(slope_at(found, kink))} there{jump}"
    return f"z = {_number(kink.at)}: φ′ {_number(below)} below, {_number(above)} above, {there}"


def _bound(extreme: Extreme, word: str) -> str:
    if math.isinf(extreme.value):
        return f"no {word} value".replace("  ", " ") if word else "unbounded"
    place = f"z = {_number(extreme.at)}" if math.isfinite(extreme.at) else f"z → {_number(extreme.at)}"
    reached = f"at {place}" if extreme.is_reached else f"approached as {place.replace('=', '→')}"
    return f"{word} {_number(extreme.value)} {reached}".strip()


def _steepest(found: Examination) -> str:
    """Returns the steepest slope, and that it is so along a stretch where it is the same to one side, too."""
    steepest = found.behaviour.steepest
    words = _bound(steepest, "")
    if not (steepest.is_reached and math.isfinite(steepest.at)):
        return words
    slope = own_activation(found.text).slope
    beside = values(slope, [steepest.at - _BESIDE, steepest.at - _BESIDE / 2])
    above = values(slope, [steepest.at + _BESIDE / 2, steepest.at + _BESIDE])
    is_flat = any(
        all(math.isclose(abs(one), steepest.value, rel_tol=1e-12) for one in side) for side in (beside, above)
    )
    return words.replace(" at z", " along a whole stretch, for one at z") if is_flat else words


def _number(value: float, digits: int = 6) -> str:
    return number_text(value, digits)


def _intervals(behaviour: Behaviour) -> str:
    if behaviour.saturated is None:
        return f"φ′ changes sign too often to tell where |φ′| < {SATURATED:g}"
    spans = [_interval(low, high) for low, high in behaviour.saturated]
    # of a slope without a limit far out only what lies near 0 is known
    seen = f", looked for in |z| < {SEARCHED:g}" if any(limit != limit for limit in behaviour.slope_limits) else ""
    if not spans:
        return f"nowhere is |φ′| < {SATURATED:g}{seen}"
    more = f" and {len(spans) - _MOST_SPANS} more" if len(spans) > _MOST_SPANS else ""
    return f"|φ′| < {SATURATED:g} for {', '.join(spans[:_MOST_SPANS])}{more}{seen}"


def _interval(low: float, high: float) -> str:
    """Returns an interval with as many digits as tell its ends apart, four at least."""
    for digits in range(4, 12):
        if _number(low, digits) != _number(high, digits):
            return f"{_number(low, digits)} < z < {_number(high, digits)}"
    return f"{_number(low, 12)} < z < {_number(high, 12)}"


def _ends(limits: tuple[float, float]) -> str:
    low, high = ("no limit" if end != end else f"{_number(end)}" for end in limits)
    return f"{low} (z → −∞), {high} (z → ∞)"


def _span(behaviour: Behaviour) -> str:
    low, high = behaviour.finite
    if math.isinf(low) and math.isinf(high):
        return "φ and φ′ are finite in float64 for every |z| up to 10⁶"
    return f"φ and φ′ exceed float64 outside {_number(low)} < z < {_number(high)}"
