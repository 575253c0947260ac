"""What was found about an activation of one's own, in lines of words: for the terminal and for the window."""

import math
from dataclasses import dataclass

from vgdesk.present.sheet import sheet_line
from vgdesk.present.sheet_scene import EquationSheet, SheetStep
from vgdesk.present.ticks import round_values
from vgdesk.records.examination import Examination
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.facts import SATURATED, Behaviour, Extreme, Kink
from vgdesk.spec.formula.values import values

TALLEST = 10.0


def examination_lines(found: Examination) -> list[tuple[str, str]]:
    """Returns (name, words) pairs; a name is "" where a line goes on with the one before."""
    behaviour = found.behaviour
    kinks = [_kink_words(found, kink) for kink in behaviour.kinks] or ["none"]
    return [
        ("phi(z)", found.text),
        ("phi'(z)", found.slope),
        *(("" if n else "kinks", words) for n, words in enumerate(kinks)),
        ("range", f"{_bound(behaviour.lowest, 'least')}, {_bound(behaviour.highest, 'greatest')}"),
        ("max |phi'|", _bound(behaviour.steepest, "")),
        ("saturated", _intervals(behaviour)),
        ("limits", f"phi {_ends(behaviour.limits)}; phi' {_ends(behaviour.slope_limits)}"),
        ("finite", _span(behaviour)),
    ]


@dataclass(frozen=True)
class OwnPicture:
    """Is what the dialog shows of a formula: typeset lines, and phi and phi' as curves between axes that hold them."""

    sheet: EquationSheet
    curve: tuple[tuple[float, float, float], ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    kinks: tuple[float, ...]


def own_picture(found: Examination) -> OwnPicture:
    """Returns the picture of a formula; numbers beyond `TALLEST` leave the plot instead of flattening it."""
    step = SheetStep(1, "expand", "", tuple(map(sheet_line, found.definitions)), "", detail=False)
    sheet = EquationSheet("", "Your own activation", "z", (step,), {}, {})
    numbers = [y for row in found.curve for y in row[1:] if abs(y) <= TALLEST]
    low, high = min([*numbers, 0.0]), max([*numbers, 1.0])
    room = 0.06 * (high - low)
    ticks = tuple(round_values(low, high, 5))
    return OwnPicture(sheet, found.curve, (low - room, high + room), ticks, tuple(k.at for k in found.behaviour.kinks))


def slope_at(found: Examination, kink: Kink) -> float:
    """Returns the slope that training and derivations use at the kink itself."""
    return values(own_activation(found.text).slope, [kink.at])[0]


def _kink_words(found: Examination, kink: Kink) -> str:
    jump = f", phi jumps from {kink.value[0]:.6g} to {kink.value[1]:.6g}" if kink.is_jump else ""
    below, above = kink.slope
    return f"z = {kink.at:.6g}: phi' {below:.6g} below, {above:.6g} above, {slope_at(found, kink):.6g} there{jump}"


def _bound(extreme: Extreme, word: str) -> str:
    if math.isinf(extreme.value):
        return f"no {word} value".replace("  ", " ") if word else "unbounded"
    place = f"z = {extreme.at:.6g}" if math.isfinite(extreme.at) else f"z -> {extreme.at:g}"
    reached = f"at {place}" if extreme.is_reached else f"approached as {place.replace('=', '->')}"
    return f"{word} {extreme.value:.6g} {reached}".strip()


def _intervals(behaviour: Behaviour) -> str:
    spans = [f"{low:.4g} < z < {high:.4g}" for low, high in behaviour.saturated]
    return f"|phi'| < {SATURATED:g} for {', '.join(spans)}" if spans else f"nowhere is |phi'| < {SATURATED:g}"


def _ends(limits: tuple[float, float]) -> str:
    low, high = ("no limit" if end != end else f"{end:.6g}" for end in limits)
    return f"{low} (z -> -inf), {high} (z -> inf)"


def _span(behaviour: Behaviour) -> str:
    low, high = behaviour.finite
    if math.isinf(low) and math.isinf(high):
        return "phi and phi' are finite in float64 for every |z| up to 1e6"
    return f"phi and phi' exceed float64 outside {low:.6g} < z < {high:.6g}"
