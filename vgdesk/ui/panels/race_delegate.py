"""The cells of a race, painted by hand: two lines of words each, and a column of tiny log-bar profiles.

A remedy's title and its honest word take as many lines as they need in the width there is; their row is as high.
"""

import math
from itertools import accumulate

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from vgdesk.present.race import COLUMNS, RaceRow, SmallProfile
from vgdesk.ui.fonts import text_font
from vgdesk.ui.panels.race_model import PROFILE_COLUMN, VERDICT_COLUMN, RaceModel, cell_of
from vgdesk.ui.style import blend
from vgdesk.ui.theme import ThemeState

ROW_PIXELS, PAD = 58, 7.0
PICTURE_PIXELS = ROW_PIXELS - 5
"""Of the uppermost pixels of a row, those that its picture takes."""
LINE_PIXELS, SMALL_LINE_PIXELS, LARGE_TOP = 18.0, 15.0, 2.0
_LARGE, _SMALL = 13, 11
_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_Index = QModelIndex | QPersistentModelIndex


class RaceDelegate(QStyledItemDelegate):
    """Paints the cells of a `RaceModel`."""

    def __init__(self, model: RaceModel, themes: ThemeState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._themes = model, themes
        self._large, self._small = text_font(_LARGE), text_font(_SMALL)
        self._shortened: dict[tuple[str, int, int], str] = {}
        self._broken: dict[tuple[str, int, int], tuple[str, ...]] = {}

    def widths(self) -> dict[int, int]:
        """Returns how wide the columns with words must be, but for the first, which takes the rest.

        Called once per scene; Qt's own way of asking each cell as often as it lays out the table takes 20 ms.
        """
        rows = self._model.scene.rows if self._model.scene else ()
        large, small = QFontMetricsF(self._large), QFontMetricsF(self._small)
        found: dict[int, int] = {}
        for column in range(VERDICT_COLUMN - 1, len(COLUMNS)):
            cells = {cell_of(row, column) for row in rows} | {(line, "") for line in COLUMNS[column].split("\n")}
            widest = max(max(large.horizontalAdvance(a), small.horizontalAdvance(b)) for a, b in cells)
            found[column] = math.ceil(widest + 2 * PAD) + 2
        self._shortened.clear()
        self._broken.clear()
        return found

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = self._model.row(index.row()), self._themes.current
        if row is None or self._model.scene is None:
            return
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(blend(theme.accent, theme.panel, 0.18)))
        elif row.is_current:
            painter.fillRect(rect, QColor(theme.raised))
        if index.column() == PROFILE_COLUMN:
            if row.profile is not None:
                room = rect.adjusted(PAD, 5, -PAD, 0)
                room.setHeight(ROW_PIXELS - 10)  # the same in rows of many lines: bars are compared over rows
                self._profile(painter, room, row, row.profile)
            return
        self._words(painter, rect.adjusted(PAD, 3, -PAD, -3), row, index.column())

    def _words(self, painter: QPainter, room: QRectF, row: RaceRow, column: int) -> None:
        theme, (large, small) = self._themes.current, cell_of(row, column)
        line = QRectF(room.left(), room.top() + LARGE_TOP, room.width(), LINE_PIXELS)
        colour = theme.tone(row.tone) if column == VERDICT_COLUMN else QColor(theme.text)
        for text in self._lines(large, room.width(), self._large) if column == 0 else (large,):
            self._line(painter, line, text, colour, self._large)
            line = line.translated(0, LINE_PIXELS)
        for text in self._lines(small, room.width(), self._small) if column == 0 else (small,):
            self._line(painter, line, text, QColor(theme.dim), self._small)
            line = line.translated(0, SMALL_LINE_PIXELS)

    def row_pixels(self, number: int, name_pixels: int) -> int:
        """Returns how high a row must be for its title and its honest word in so wide a first column."""
        row = self._model.row(number)
        if row is None:
            return ROW_PIXELS
        (large, small), width = cell_of(row, 0), name_pixels - 2 * PAD
        titles, words = self._lines(large, width, self._large), self._lines(small, width, self._small)
        needed = LARGE_TOP + len(titles) * LINE_PIXELS + len(words) * SMALL_LINE_PIXELS + 8
        return max(ROW_PIXELS, math.ceil(needed))

    def whole_lines(self, number: int, name_pixels: int, pixels: int) -> int:
        """Returns how many of the uppermost `pixels` of a row end between two lines; 0 where there is no whole one."""
        row = self._model.row(number)
        if row is None:
            return 0
        (large, small), width = cell_of(row, 0), name_pixels - 2 * PAD
        heights = [LINE_PIXELS] * len(self._lines(large, width, self._large))
        heights += [SMALL_LINE_PIXELS] * len(self._lines(small, width, self._small))
        ends = list(accumulate(heights, initial=3 + LARGE_TOP))[1:]
        return max((math.ceil(end) + 1 for end in ends if end < pixels), default=0)

    def _lines(self, text: str, width: float, font: QFont) -> tuple[str, ...]:
        """Returns a text in lines that are no wider than that, as far as its words allow."""
        key = text, round(width), font.pixelSize()
        if key not in self._broken:
            metrics, lines = QFontMetricsF(font), [""]
            for word in text.split():
                longer = f"{lines[-1]} {word}".strip()
                if lines[-1] and metrics.horizontalAdvance(longer) > width:
                    lines.append(word)
                else:
                    lines[-1] = longer
            self._broken[key] = tuple(lines)
        return self._broken[key]

    def _line(self, painter: QPainter, room: QRectF, text: str, colour: QColor, font: QFont) -> None:
        """Draws one line; what was shortened to a width once is not measured again."""
        if not text:
            return
        key = text, round(room.width()), font.pixelSize()
        if key not in self._shortened:
            metrics = QFontMetricsF(font)
            self._shortened[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 0.5)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(room, _ALIGNED, self._shortened[key])

    def _profile(self, painter: QPainter, room: QRectF, row: RaceRow, profile: SmallProfile) -> None:
        scene, theme = self._model.scene, self._themes.current
        if scene is None:
            return

        def height(value: float) -> float:
            return room.bottom() - (value - scene.low) / (scene.high - scene.low) * room.height()

        column = room.width() / max(1, len(profile.end), len(profile.start))
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(room.left(), height(0.0)), QPointF(room.right(), height(0.0)))
        for number, value in enumerate(profile.end):
            if math.isfinite(value):
                left, top = room.left() + number * column, height(value)
                bar = QRectF(left, min(top, room.bottom() - 1), max(1.0, column * 0.78), max(1.0, room.bottom() - top))
                painter.fillRect(bar, theme.tone(row.tone))
        painter.setPen(QPen(QColor(theme.text), 1))
        points = [
            QPointF(room.left() + (number + 0.39) * column, height(value))
            for number, value in enumerate(profile.start)
            if math.isfinite(value)
        ]
        painter.drawPolyline(QPolygonF(points))
