"""The small chart of a claim: one row per number, with its bar and the bound that the claim names."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from vgdesk.present.claims import ClaimRow
from vgdesk.present.scenes import Tone
from vgdesk.ui.painting import LABEL_PIXELS, draw_text
from vgdesk.ui.theme import Theme, ThemeState

ROW = 20
_GLYPH = 20.0
_SHARES = (0.48, 0.20, 0.12, 0.20)
"""Of the width: words, bar, value, what the claim asks."""
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class ClaimChart(QWidget):
    """Paints the rows of one claim; a screen reader hears them from the card."""

    def __init__(self, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._rows: tuple[ClaimRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_rows(self, rows: tuple[ClaimRow, ...]) -> None:
        """Shows these rows."""
        if len(rows) != len(self._rows):
            self._rows = rows
            self.updateGeometry()
        self._rows = rows
        self.setVisible(bool(rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, ROW * len(self._rows) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, row in enumerate(self._rows):
            self._paint(painter, row, QRectF(0.0, 2.0 + number * ROW, self.width(), ROW))
        painter.end()

    def _paint(self, painter: QPainter, row: ClaimRow, rect: QRectF) -> None:
        theme = self._themes.current
        words, bar, value, wanted = _columns(rect)
        is_case = bool(row.wanted)
        text = theme.text if is_case else theme.dim
        glyph = theme.alert if row.tone is Tone.ALERT else theme.text if is_case else theme.dim
        draw_text(painter, QRectF(rect.left(), rect.top(), _GLYPH, ROW), row.glyph, glyph, _LEFT)
        draw_text(painter, words, row.words, text, _LEFT, LABEL_PIXELS)
        _paint_bar(painter, theme, row, bar)
        draw_text(painter, value, row.value, text, _RIGHT, LABEL_PIXELS)
        if is_case:
            draw_text(painter, wanted, f"claimed {row.wanted}", theme.dim, _LEFT, LABEL_PIXELS)


def _columns(rect: QRectF) -> list[QRectF]:
    """Returns the four columns of a row, right of its glyph."""
    left, room, columns = rect.left() + _GLYPH, rect.width() - _GLYPH, []
    for share in _SHARES:
        columns.append(QRectF(left, rect.top(), share * room - 12.0, rect.height()))
        left += share * room
    return columns


def _paint_bar(painter: QPainter, theme: Theme, row: ClaimRow, room: QRectF) -> None:
    if row.start == row.end and not row.bounds:
        return
    middle = room.center().y()
    painter.fillRect(QRectF(room.left(), middle - 0.5, room.width(), 1.0), QColor(theme.grid))
    left, right = sorted((row.start, row.end))
    bar = QRectF(room.left() + left * room.width(), middle - 4.0, max(2.0, (right - left) * room.width()), 8.0)
    painter.fillRect(bar, theme.tone(row.tone))
    zero = room.left() + row.start * room.width()
    painter.setPen(QPen(QColor(theme.dim), 1))
    painter.drawLine(QPointF(zero, middle - 6.0), QPointF(zero, middle + 6.0))
    painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
    for bound in row.bounds:
        x = room.left() + bound * room.width()
        painter.drawLine(QPointF(x, middle - 8.0), QPointF(x, middle + 8.0))
