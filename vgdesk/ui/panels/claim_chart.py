"""Paints the small chart of a claim: one row per number, with its bar and the bound that the claim names."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from vgdesk.present.claims import ClaimRow
from vgdesk.present.scenes import Tone
from vgdesk.ui.painting import LABEL_PIXELS, draw_text
from vgdesk.ui.panels.claim_layout import ROW
from vgdesk.ui.theme import Theme

_GLYPH = 20.0
_SHARES = (0.48, 0.20, 0.12, 0.20)
"""Of the width: words, bar, value, what the claim asks."""
_WITHOUT_BARS = (0.66, 0.0, 0.12, 0.22)
_GUTTER = 14.0
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def paint_rows(painter: QPainter, theme: Theme, rows: tuple[ClaimRow, ...], room: QRectF) -> None:
    """Paints the rows from the top of `room` downwards."""
    shares = _SHARES if any(_has_bar(row) for row in rows) else _WITHOUT_BARS
    for number, row in enumerate(rows):
        _paint(painter, theme, row, QRectF(room.left(), room.top() + number * ROW, room.width(), ROW), shares)


def _paint(painter: QPainter, theme: Theme, row: ClaimRow, rect: QRectF, shares: tuple[float, ...]) -> None:
    words, bar, value, wanted = _columns(rect, shares)
    is_case = bool(row.wanted)
    text = theme.text if is_case else theme.dim
    glyph = theme.alert if row.tone is Tone.ALERT else text
    draw_text(painter, QRectF(rect.left(), rect.top(), _GLYPH, ROW), row.glyph, glyph, _LEFT)
    draw_text(painter, words, row.words, text, _LEFT, LABEL_PIXELS)
    _paint_bar(painter, theme, row, bar)
    draw_text(painter, value, row.value, text, _RIGHT, LABEL_PIXELS)
    if is_case:
        draw_text(painter, wanted, f"claimed {row.wanted}", theme.dim, _LEFT, LABEL_PIXELS)


def _has_bar(row: ClaimRow) -> bool:
    return row.start != row.end or bool(row.bounds)


def _columns(rect: QRectF, shares: tuple[float, ...]) -> list[QRectF]:
    """Returns the four columns of a row, right of its glyph."""
    left, room, columns = rect.left() + _GLYPH, rect.width() - _GLYPH, []
    for share in shares:
        columns.append(QRectF(left, rect.top(), share * room - _GUTTER, rect.height()))
        left += share * room
    return columns


def _paint_bar(painter: QPainter, theme: Theme, row: ClaimRow, room: QRectF) -> None:
    """Paints the bar from its start, a stroke where it starts, and a dotted stroke at each bound."""
    if not _has_bar(row):
        return
    middle = room.center().y()
    painter.fillRect(QRectF(room.left(), middle - 0.5, room.width(), 1.0), QColor(theme.grid))
    left, right = sorted((row.start, row.end))
    bar = QRectF(room.left() + left * room.width(), middle - 4.0, max(2.0, (right - left) * room.width()), 8.0)
    painter.fillRect(bar, theme.tone(row.tone))
    _stroke(painter, QPen(QColor(theme.dim), 1), room, row.start, 6.0)
    for bound in row.bounds:
        _stroke(painter, QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine), room, bound, 8.0)


def _stroke(painter: QPainter, pen: QPen, room: QRectF, place: float, half: float) -> None:
    x, middle = room.left() + place * room.width(), room.center().y()
    painter.setPen(pen)
    painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half))
