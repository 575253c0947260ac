"""The picture of an activation of one's own: phi and phi' as curves between axes that hold them.

The axis holds both curves whole, unless they grow so steeply far out (e^z) that all between would be flat: then it ends
where most of what lies near 0 is seen, and a note says how far the curves go on.
"""

import math
from dataclasses import dataclass

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.sheet import sheet_line
from vgdesk.present.sheet_scene import EquationSheet, SheetStep
from vgdesk.present.ticks import round_ceiling, round_values
from vgdesk.records.examination import Examination

TALLEST = 10.0
"""An axis never ends below it for the sake of what lies near 0."""
_NEAR = 2.0
"""|z| up to which most of both curves has to be seen."""
_MOST = 0.9
"""Share of the numbers there that is most of them: the rest may be a pole's."""
_STRETCH = 8.0
"""So many times as high as for what lies near 0 an axis may be to hold the curves whole."""
_CURVES = ((1, "φ"), (2, "φ′"))


@dataclass(frozen=True)
class OwnPicture:
    """Is what the dialog shows of a formula: typeset lines, two curves, and what is left out of them in `note`."""

    sheet: EquationSheet
    curve: tuple[tuple[float, float, float], ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    kinks: tuple[float, ...]
    note: str = ""


def own_picture(found: Examination) -> OwnPicture:
    """Returns the picture of a formula."""
    step = SheetStep(1, "expand", "", tuple(map(sheet_line, found.definitions)), "", detail=False)
    sheet = EquationSheet("", "Your own activation", "z", (step,), {}, {})
    end = _end(found)
    numbers = [min(max(y, -end), end) for row in found.curve for y in row[1:] if not math.isnan(y)]
    low, high = min([*numbers, 0.0]), max([*numbers, 1.0])
    room = 0.06 * (high - low)
    ticks = tuple(round_values(low, high, 5))
    kinks = tuple(kink.at for kink in found.behaviour.kinks)
    return OwnPicture(sheet, found.curve, (low - room, high + room), ticks, kinks, _note(found, end))


def _end(found: Examination) -> float:
    """Returns |y| beyond which nothing is drawn."""
    sizes = [_sizes(found, column, math.inf) for column, _ in _CURVES]
    near = [_sizes(found, column, _NEAR) for column, _ in _CURVES]
    wanted = max([TALLEST, *(one[math.ceil(_MOST * len(one)) - 1] for one in near if one)])
    tallest = max((one[-1] for one in sizes if one), default=0.0)
    return tallest if tallest <= _STRETCH * wanted else round_ceiling(wanted)


def _sizes(found: Examination, column: int, reach: float) -> list[float]:
    """Returns |phi| or |phi'| where it is finite, sorted."""
    rows = (row for row in found.curve if abs(row[0]) <= reach)
    return sorted(abs(row[column]) for row in rows if math.isfinite(row[column]))


def _note(found: Examination, end: float) -> str:
    """Returns how far the curves go on beyond the axis, "" where it holds them."""
    tallest = [(name, max(_sizes(found, column, math.inf), default=0.0)) for column, name in _CURVES]
    beyond = [f"|{name}| reaches {number_text(size, 3)}" for name, size in tallest if size > end]
    return f"cut at ±{number_text(end, 3)}: {', '.join(beyond)}" if beyond else ""
