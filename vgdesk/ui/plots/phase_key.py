"""The key of the phase diagram: samples of its lines above it, and the bar of its colours at its right."""

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from vgdesk.present.phase import PhaseScene
from vgdesk.ui.painting import TICK_PIXELS, draw_text, text_size
from vgdesk.ui.plots.axes import linear_chooser
from vgdesk.ui.plots.diverging import diverging
from vgdesk.ui.plots.viridis import viridis

COLOUR_BAR, GAP, LABEL_WIDTH = 12.0, 12.0, 46.0
INK, _PAPER = "#161b26", "#f7f7f7"
"""Of the lines, and of the ground on which the key shows them: the diagram is as pale in a dark theme, too."""
CRITICAL_PEN, COMPANION_PEN = QPen(QColor(INK), 2.0), QPen(QColor(INK), 1.2, Qt.PenStyle.DotLine)


def draw_key(painter: QPainter, rect: QRectF, scene: PhaseScene, colour: str) -> None:
    """Paints what the lines are, beside one another from the left of the rectangle."""
    words = "χ₁ = 1"
    width = text_size(words)[0]
    y = round(rect.center().y()) + 0.5
    _draw_sample(painter, rect.left(), y, CRITICAL_PEN)
    draw_text(painter, rect.adjusted(26, 0, 0, 0), words, colour, Qt.AlignmentFlag.AlignLeft)
    if scene.depth:
        left = rect.left() + 26 + width + 18
        _draw_sample(painter, left, y, COMPANION_PEN)
        rest = rect.adjusted(left - rect.left() + 26, 0, 0, 0)
        words = f"5 ξ = {scene.depth} layers, your network's depth"
        draw_text(painter, rest, words, colour, Qt.AlignmentFlag.AlignLeft)


def draw_colour_bar(painter: QPainter, plot: QRectF, scene: PhaseScene, colour: str) -> None:
    """Paints the colours and their numbers at the right of the plot."""
    bar = QRectF(round(plot.right() + GAP), plot.top(), COLOUR_BAR, plot.height())
    ramp = np.linspace(1.0, -1.0, 256)[:, None]
    table = np.ascontiguousarray(diverging(ramp, -1.0, 1.0) if scene.shown == "chi" else viridis()[::-1])
    painter.drawImage(bar, QImage(table.data, 1, 256, 4, QImage.Format.Format_RGBA8888).copy())
    low, high = scene.colour_range
    for value, label in linear_chooser(low, high)(bar.height()):
        y = bar.bottom() - (value - low) / (high - low) * bar.height()
        place = QRectF(bar.right() + 5, y - 8, LABEL_WIDTH, 16)
        draw_text(painter, place, label, colour, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)


def _draw_sample(painter: QPainter, left: float, y: float, pen: QPen) -> None:
    """Draws a piece of a line of the diagram, 20 pixels long, on a ground like the diagram's."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_PAPER))
    painter.drawRoundedRect(QRectF(left - 3, y - 6.5, 26, 13), 3, 3)
    painter.setPen(pen)
    painter.drawLine(QLineF(left, y, left + 20, y))
