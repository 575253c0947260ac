"""The legend above compared runs: as many columns and words as the panel has room for, and never one that is cut.

Names stand in one column or in two; a few that are wider than the panel end in an ellipsis. Where they would leave the
lines too little height, samples stand in one row with their letters alone, which stand at the ends of the lines, too;
in the lowest panels there is no legend. What is not there to its last letter is for the tooltip.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from vgdesk.present.comparison import RunLine
from vgdesk.ui.painting import draw_text, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS
from vgdesk.ui.plots.plot import HEADER_PIXELS
from vgdesk.ui.plots.run_lines import SAMPLE_PIXELS, paint_sample
from vgdesk.ui.theme import Theme

GAP, SPACE = 8.0, 12.0
"""Between sample and name, and behind a name."""
LEAST_DATA = 56.0
"""Height that the lines themselves must keep."""
_ROUND_DATA = HEADER_PIXELS + 2 * LINE_PIXELS + 14.0
"""Height of what stands around data and legend: the vertical axis' title, and tick labels and title of the other."""
_ONE_COLUMN = 3
"""More entries than these rather stand in two columns."""


class Legend(NamedTuple):
    """Is the form of a legend: entries fill a column from top to bottom, then the next.

    `is_whole` says that every name is there to its last letter.
    """

    rows: int
    columns: int
    has_names: bool
    is_whole: bool


NO_LEGEND = Legend(0, 1, False, False)


def fitted_legend(widths: Sequence[float], width: float, height: float) -> Legend:
    """Returns the legend for names so wide in a plot of this size, in pixels."""
    room = math.floor((height - _ROUND_DATA - LEAST_DATA) / HEADER_PIXELS)
    if not widths or room < 1:
        return NO_LEGEND
    taken = SAMPLE_PIXELS + GAP + SPACE
    for columns in (1, 2) if len(widths) <= _ONE_COLUMN else (2, 1):
        rows = -(-len(widths) // columns)
        if rows <= room and taken + max(widths) <= width / columns:
            return Legend(rows, columns, True, True)
    if len(widths) <= min(room, _ONE_COLUMN):
        return Legend(len(widths), 1, True, False)
    letters = len(widths) * (taken + text_size("W")[0])
    return Legend(1, len(widths), False, False) if letters <= width else NO_LEGEND


def paint_legend(
    painter: QPainter, lines: Sequence[RunLine], legend: Legend, row_rect: Callable[[int], QRectF], theme: Theme
) -> None:
    """Paints sample and name of each run into the header; `row_rect` returns a line of it, the legend's are from 1."""
    if not legend.rows:
        return
    for number, line in enumerate(lines):
        row = row_rect(1 + number % legend.rows)
        width = row.width() / legend.columns
        entry = QRectF(row.left() + width * (number // legend.rows), row.top(), width - SPACE, row.height())
        paint_sample(painter, line.look, entry.left(), entry.center().y(), theme)
        words = entry.adjusted(SAMPLE_PIXELS + GAP, 0, 0, 0)
        name = line.name if legend.has_names else line.name[0]
        draw_text(painter, words, name, theme.text, Qt.AlignmentFlag.AlignLeft)
