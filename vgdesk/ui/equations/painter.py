"""Paints a typeset equation: a fill per glyph, bars and seams on whole device pixels, so that it is crisp anywhere."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from vgdesk.ui.equations.svg_reader import Bar, Equation, Glyph

InkColour = Callable[[str], QColor]
"""Ink of the SVG -> the colour it is shown in."""


def paint_equation(painter: QPainter, equation: Equation, colour_of: InkColour) -> None:
    """Paints the equation with its top left corner at the painter's origin, at the painter's scale."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for glyph in equation.glyphs:
        if glyph.band is None:
            # One fill per glyph is two to three times as fast as one merged path.
            painter.fillPath(glyph.path, colour_of(glyph.ink))
        else:
            _paint_piece(painter, glyph, glyph.band, colour_of(glyph.ink))
    for bar in equation.bars:
        _paint_bar(painter, bar, colour_of(bar.ink))
    painter.restore()


def _paint_piece(painter: QPainter, glyph: Glyph, band: tuple[float, float], colour: QColor) -> None:
    """Paints a piece of a tall bracket between seams that lie on device pixels, so that no seam shows."""
    top, bottom = (_on_device_row(painter, edge) for edge in band)
    painter.save()
    painter.setClipRect(
        QRectF(glyph.bounds.left() - 2, top, glyph.bounds.width() + 4, bottom - top), Qt.ClipOperation.IntersectClip
    )
    painter.fillPath(glyph.path, colour)
    painter.restore()


def _paint_bar(painter: QPainter, bar: Bar, colour: QColor) -> None:
    """Fills whole device rows: at least one, and as many as the thickness asks for."""
    scale = painter.deviceTransform().m22()
    rows = max(1, round(bar.thickness * scale))
    top = _on_device_row(painter, bar.y - rows / scale / 2)
    painter.fillRect(QRectF(bar.left, top, bar.right - bar.left, rows / scale), colour)


def _on_device_row(painter: QPainter, y: float) -> float:
    """Returns the border between device rows that is nearest to y."""
    to_device = painter.deviceTransform()
    row = round(to_device.map(QPointF(0.0, y)).y())
    from_device, _ = to_device.inverted()
    return from_device.map(QPointF(0.0, float(row))).y()
