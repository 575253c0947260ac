"""Paints the lines of compared runs: each with its colour, its dash, its markers, and its letter where it ends."""

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from vgdesk.present.comparison import RunLine
from vgdesk.present.run_look import Dash, Marker, look_of
from vgdesk.present.scenes import Mark
from vgdesk.ui.painting import TICK_PIXELS, draw_text
from vgdesk.ui.theme import Theme

ToPixels = Callable[[float, float], QPointF]

MARKER_PIXELS = 3.2
SAMPLE_PIXELS = 34.0
"""Length of the sample in a legend."""
LETTER_PIXELS, LETTER_LINE = 16.0, 12.0
_PATTERNS = {Dash.DASHED: [5.0, 3.0], Dash.DOTTED: [1.5, 2.5], Dash.MIXED: [6.0, 2.5, 1.5, 2.5]}
_MARKER_DISTANCE = 9.0
_STROKE = 1.4


def run_pen(number: int, theme: Theme) -> QPen:
    """Returns the pen of the run at a place, counting from 0."""
    look = look_of(number)
    pen = QPen(theme.tone(look.tone), _STROKE)
    if look.dash in _PATTERNS:
        pen.setDashPattern(_PATTERNS[look.dash])
    return pen


def paint_line(painter: QPainter, line: RunLine, to_pixels: ToPixels, theme: Theme, has_markers: bool) -> None:
    """Paints the finite stretches of a line, and its markers where they keep their distance."""
    finite = np.flatnonzero(np.isfinite(line.y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(run_pen(line.look, theme))
    last = -math.inf
    for stretch in np.split(finite, np.flatnonzero(np.diff(finite) > 1) + 1):
        points = [to_pixels(float(line.x[k]), float(line.y[k])) for k in stretch]
        painter.drawPolyline(QPolygonF(points))
        if has_markers or len(points) == 1:
            for point in points:
                if point.x() - last >= _MARKER_DISTANCE:
                    paint_marker(painter, line.look, point, theme)
                    last = point.x()
            painter.setPen(run_pen(line.look, theme))
            painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_marker(painter: QPainter, number: int, centre: QPointF, theme: Theme) -> None:
    """Paints the marker of the run at a place."""
    look = look_of(number)
    colour = theme.tone(look.tone)
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(QColor(theme.panel) if look.is_hollow else colour)
    r = MARKER_PIXELS
    box = QRectF(centre.x() - r, centre.y() - r, 2 * r, 2 * r)
    corners = {
        Marker.TRIANGLE: [QPointF(0, -r * 1.2), QPointF(r * 1.1, r * 0.9), QPointF(-r * 1.1, r * 0.9)],
        Marker.DIAMOND: [QPointF(0, -r * 1.3), QPointF(r * 1.3, 0), QPointF(0, r * 1.3), QPointF(-r * 1.3, 0)],
    }
    match look.marker:
        case Marker.CIRCLE:
            painter.drawEllipse(box)
        case Marker.SQUARE:
            painter.drawRect(box)
        case _:
            painter.drawPolygon(QPolygonF([centre + corner for corner in corners[look.marker]]))


def paint_marks(painter: QPainter, line: RunLine, to_pixels: ToPixels, plot: QRectF, theme: Theme) -> None:
    """Paints what has no place on the axis: a ring or a cross at the foot, an arrow at the top."""
    painter.setPen(QPen(theme.tone(look_of(line.look).tone), 1.4))
    painter.setBrush(QColor(theme.panel))
    r = MARKER_PIXELS
    for x, mark in line.marks:
        column = to_pixels(x, 0.0).x()
        foot, head = QPointF(column, plot.bottom() - r - 2), QPointF(column, plot.top() + 2)
        if mark is Mark.ZERO:
            painter.drawEllipse(foot, r, r)
        elif mark is Mark.NAN:
            painter.drawLine(foot + QPointF(-r, -r), foot + QPointF(r, r))
            painter.drawLine(foot + QPointF(-r, r), foot + QPointF(r, -r))
        else:
            painter.drawPolygon(QPolygonF([head, head + QPointF(-r, 2 * r), head + QPointF(r, 2 * r)]))


def paint_sample(painter: QPainter, number: int, left: float, middle: float, theme: Theme) -> None:
    """Paints a piece of a run's line with its marker, for legends and tables."""
    painter.setPen(run_pen(number, theme))
    painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE_PIXELS, middle))
    paint_marker(painter, number, QPointF(left + SAMPLE_PIXELS / 2, middle), theme)


def paint_letters(painter: QPainter, ends: list[tuple[float, RunLine]], plot: QRectF, theme: Theme) -> None:
    """Writes each line's letter beside its end, given as heights in pixels; letters make room for each other."""
    ordered = sorted(ends, key=lambda end: end[0])
    heights = letter_heights([height for height, _ in ordered], plot.bottom() - 6)
    for height, (_, line) in zip(heights, ordered, strict=True):
        rect = QRectF(plot.right() + 6, height - 8, LETTER_PIXELS, 16)
        colour = theme.tone(look_of(line.look).tone).name()
        draw_text(painter, rect, line.name[0], colour, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)


def letter_heights(wanted: list[float], lowest: float) -> list[float]:
    """Returns heights near the wanted ones, which increase, that keep their distance and end above `lowest`."""
    placed: list[float] = []
    for height in wanted:
        placed.append(max(height, placed[-1] + LETTER_LINE) if placed else height)
    limit = lowest
    for number in reversed(range(len(placed))):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - LETTER_LINE
    return placed
