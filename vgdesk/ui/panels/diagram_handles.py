"""The row of *handles* below a diagram that is edited, and the hint under them.

Under a column stands the handle that adds a unit to it, between two columns the one that adds a layer.
"""

from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.records.derivation import PlaceKind
from vgdesk.ui.panels.diagram_layout import DiagramLayout
from vgdesk.ui.theme import Theme

HANDLES_HEIGHT, HINT_HEIGHT = 28, 24
_BELOW_HINT = 4
"""Pixels between the hint and the border, where the focus ring is."""
SMALLEST_PITCH = 46.0
"""Pixels between columns below which there is no room for handles; keys and table remain."""
_WORDS_FROM = 110
"""Pixels between two columns from which on the handle between them bears words."""
HINTS = (
    "click two units: connect or disconnect · double click: rename · right click: activation · Del: remove"
    " · + L F2 A: by keyboard · Esc: done",
    "click two units: connect · double click: rename · right click: activation · Del: remove · Esc: done",
    "click two units to connect them · Del removes · Esc: done",
    "Esc: done",
)


class Handle(NamedTuple):
    """Is one button of the board: what it adds ("unit" or "layer"), to or above which layer, and where it stands."""

    adds: str
    layer: int
    area: QRectF


def handles_of(columns: dict[int, float], height: float) -> list[Handle]:
    """Returns the handles from left to right in a board of this height; none where columns stand too close."""
    xs = [columns[layer] for layer in sorted(columns)]
    if len(xs) > 1 and min(right - left for left, right in pairwise(xs)) < SMALLEST_PITCH:
        return []
    y = height - HINT_HEIGHT - HANDLES_HEIGHT / 2
    made: list[Handle] = []
    for layer, x in enumerate(xs):
        made.append(Handle("unit", layer, QRectF(x - 10, y - 10, 20, 20)))
        if layer + 1 < len(xs):
            middle = (x + xs[layer + 1]) / 2
            half = 28 if xs[layer + 1] - x >= _WORDS_FROM else 9
            made.append(Handle("layer", layer, QRectF(middle - half, y - 10, 2 * half, 20)))
    return made


def columns_of(scene: DiagramScene, layout: DiagramLayout) -> dict[int, float]:
    """Returns the x of every layer's column in pixels, the inputs' under 0."""
    columns: dict[int, float] = {}
    for index, node in enumerate(scene.nodes):
        if node.place.kind is PlaceKind.UNIT:
            columns.setdefault(node.place.layer, float(layout.centres[index][0]))
    return columns


def draw_handle(painter: QPainter, theme: Theme, handle: Handle, is_under_pointer: bool) -> None:
    """Draws one handle."""
    painter.setPen(QPen(QColor(theme.accent if is_under_pointer else theme.dim), 1.2))
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(handle.area, 10, 10)
    wide = handle.area.width() > 30
    painter.setPen(QColor(theme.accent if is_under_pointer else theme.text))
    words = "+" if handle.adds == "unit" else "+ layer" if wide else "|"
    painter.drawText(handle.area, Qt.AlignmentFlag.AlignCenter, words)


def draw_hint(painter: QPainter, theme: Theme, width: float, height: float) -> None:
    """Draws what clicks and keys do on the board: the longest of `HINTS` that fits."""
    room = QRectF(8, height - HINT_HEIGHT, width - 16, HINT_HEIGHT - _BELOW_HINT)
    measure = painter.fontMetrics().horizontalAdvance
    words = next((hint for hint in HINTS if measure(hint) <= room.width()), HINTS[-1])
    painter.setPen(QColor(theme.dim))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
