"""Paints a laid out sheet: badges, titles, lit grounds, equations. The screen and copied pictures share it."""

from collections.abc import Set

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from vgdesk.ui.equations.layout import EQUATION_PIXELS, TITLE_PIXELS, PlacedEquation, SheetLayout
from vgdesk.ui.equations.painter import paint_equation
from vgdesk.ui.fonts import text_font
from vgdesk.ui.theme import LIGHT, Theme
from vgdesk.ui.typeset import unbroken

_CORNER = 4.0
_BADGE_PIXELS = 11
_PICTURE_SCALE = 3.0
_PICTURE_EDGE = 8


def paint_sheet(
    painter: QPainter,
    theme: Theme,
    layout: SheetLayout,
    exposed: QRectF,
    lit: Set[int] = frozenset(),
    pinned: Set[int] = frozenset(),
) -> None:
    """Paints what lies in the `exposed` part.

    Parameters
    ----------
    lit, pinned
        Indexes of the occurrences that have a ground, and of those whose ground also has an outline.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(exposed, QColor(theme.panel))
    _paint_texts(painter, theme, layout, exposed)
    _paint_badges(painter, theme, layout, exposed)
    painter.setBrush(QColor(theme.highlight))
    for index in sorted(lit):
        painter.setPen(QPen(QColor(theme.alert), 1) if index in pinned else QPen(Qt.PenStyle.NoPen))
        painter.drawRoundedRect(layout.occurrences[index].rect, _CORNER, _CORNER)
    for row, placed in enumerate(layout.equations):
        if placed.rect.adjusted(-2, -2, 2, 2).intersects(exposed):
            inks = {layout.occurrences[index].ink for index in lit if layout.occurrences[index].row == row}
            _paint_equation(painter, theme, placed, inks)


def sheet_picture(layout: SheetLayout) -> QImage:
    """Returns the sheet on white, three pixels to one of the screen, for the clipboard."""
    width, height = layout.size.width() + 2 * _PICTURE_EDGE, layout.size.height() + 2 * _PICTURE_EDGE
    image = QImage(round(width * _PICTURE_SCALE), round(height * _PICTURE_SCALE), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.panel))
    painter = QPainter(image)
    painter.scale(_PICTURE_SCALE, _PICTURE_SCALE)
    painter.translate(_PICTURE_EDGE, _PICTURE_EDGE)
    paint_sheet(painter, LIGHT, layout, QRectF(0, 0, layout.size.width(), layout.size.height()))
    painter.end()
    return image


def _paint_texts(painter: QPainter, theme: Theme, layout: SheetLayout, exposed: QRectF) -> None:
    painter.setFont(text_font(TITLE_PIXELS))
    painter.setPen(QColor(theme.dim))
    for text in (text for text in layout.texts if text.rect.intersects(exposed)):
        painter.drawText(text.rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, unbroken(text.text))


def _paint_badges(painter: QPainter, theme: Theme, layout: SheetLayout, exposed: QRectF) -> None:
    painter.setFont(text_font(_BADGE_PIXELS, QFont.Weight.DemiBold))
    painter.setBrush(QColor(theme.accent))
    for badge in (badge for badge in layout.badges if badge.rect.intersects(exposed)):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(badge.rect)
        painter.setPen(QColor(theme.accent_text))
        painter.drawText(badge.rect, Qt.AlignmentFlag.AlignCenter, str(badge.number))


def _paint_equation(painter: QPainter, theme: Theme, placed: PlacedEquation, lit_inks: set[str]) -> None:
    painter.save()
    plain, alert = QColor(theme.text), QColor(theme.alert)
    if placed.equation is None:
        painter.setFont(text_font(EQUATION_PIXELS * placed.scale))
        painter.setPen(plain)
        painter.drawText(placed.rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, placed.line.text)
    else:
        painter.translate(placed.rect.topLeft())
        painter.scale(placed.scale, placed.scale)
        paint_equation(painter, placed.equation, lambda ink: alert if ink in lit_inks else plain)
    painter.restore()
