"""A list ends with a whole row: what of the next one would stand cut at the lower edge is covered.

A row of several lines of which enough can be seen is shown as far as its lines are whole. On the cover stands how many
rows are still to come, so that nobody takes the last one in sight for the last there is.
The mouse goes through it, to the row that lies there.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QWidget

from vgdesk.ui.painting import TICK_PIXELS, draw_text
from vgdesk.ui.theme import ThemeState

LINE_PIXELS = 15
"""Height below which the cover stays without words."""


class _Cover(NamedTuple):
    """Is where the cover lies, how much of its top lets lines of a row be seen, what picture is covered, the words."""

    place: QRect
    lines: int
    picture: QRect
    words: str


class WholeRows(QWidget):
    """Lies over the part of a row at the lower edge of a view; a row that is higher than the view is not covered.

    `whole_lines(row, pixels)` returns how much of the uppermost pixels of a row to show, 0 for nothing of it. `picture`
    is the column of a picture and the pixels below which the picture is covered, however much is shown of the lines.
    """

    def __init__(
        self,
        view: QAbstractItemView,
        themes: ThemeState,
        whole_lines: Callable[[int, int], int] = lambda _row, _: 0,
        picture: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(view)
        self._view, self._themes, self._whole_lines = view, themes, whole_lines
        self._picture, self._lines = picture, 0
        self._shown: _Cover | None = None
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.viewport().installEventFilter(self)
        themes.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows whatever the view shows, just before it is painted."""
        if event.type() in (QEvent.Type.Paint, QEvent.Type.Resize):
            self._follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._themes.current, QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.panel))
        room = self.height() - self._lines
        if room >= LINE_PIXELS:
            line = QRectF(8, self._lines, self.width() - 16, min(room, 2 * LINE_PIXELS))
            draw_text(painter, line, self.words, theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)
        painter.end()

    def _follow(self) -> None:
        cover = self._cover()
        if cover == self._shown:
            return  # to paint it again would have the view below painted again, and so on without end
        self._shown = cover
        if cover is None:
            self.hide()
            return
        self._lines, self.words = cover.lines, cover.words
        self.setGeometry(cover.place)
        lines = QRect(0, 0, cover.place.width(), self._lines)
        self.setMask(QRegion(self.rect()) - lines + cover.picture)
        self.show()
        self.raise_()
        self.update()

    def _cover(self) -> "_Cover | None":
        """Returns what is to be covered now; None for nothing."""
        first, top = self._first_cut()
        seen, model = self._view.viewport().geometry(), self._view.model()
        if first < 0 or top <= 0:
            return None
        shown = self._whole_lines(first, max(0, seen.height() - top - LINE_PIXELS))
        picture = self._cut_picture(first, shown)
        lines = shown if picture is not None else 0
        top += shown - lines
        rest = model.rowCount() - first
        return _Cover(
            QRect(seen.left(), seen.top() + top, seen.width(), seen.height() - top),
            lines,
            picture or QRect(),
            f"↓ {rest} more {'row' if rest == 1 else 'rows'}",
        )

    def _cut_picture(self, row: int, shown: int) -> QRect | None:
        """Returns where the row's picture is above the cover, in the cover's pixels; None where none is cut."""
        if self._picture is None or not 0 < shown < self._picture[1]:
            return None
        cell = self._view.visualRect(self._view.model().index(row, self._picture[0]))
        return QRect(cell.left(), 0, cell.width(), shown)

    def _first_cut(self) -> tuple[int, int]:
        """Returns (row, its upper edge) of the row that the lower edge cuts, or (-1, 0)."""
        height = self._view.viewport().height()
        index = self._view.indexAt(QPoint(4, height - 1))
        rect = self._view.visualRect(index)
        is_cut = index.isValid() and rect.bottom() >= height
        return (index.row(), rect.top()) if is_cut else (-1, 0)
