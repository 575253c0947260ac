"""The table of a race: two lines per cell, and a column of tiny log-bar profiles, painted by hand.

A remedy's title and its honest word take as many lines as they need in the width there is; their row is as high.
"""

import math
from itertools import accumulate

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from vgdesk.present.race import COLUMN_HELP, COLUMNS, RaceRow, RaceScene, SmallProfile
from vgdesk.ui.fonts import text_font
from vgdesk.ui.painting import text_size
from vgdesk.ui.style import blend
from vgdesk.ui.theme import ThemeState

PROFILE_COLUMN, VERDICT_COLUMN = 1, 3
ROW_PIXELS, PROFILE_PIXELS, SMALL_PROFILE_PIXELS, PAD = 58, 106, 104, 7.0
LINE_PIXELS, SMALL_LINE_PIXELS, LARGE_TOP = 18.0, 15.0, 2.0
NAME_PIXELS = 168
"""Least width of a remedy's name; where the window is narrower the table scrolls sideways."""
_LARGE, _SMALL, HEADER_PIXELS = 13, 11, 13
_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_Index = QModelIndex | QPersistentModelIndex


class RaceModel(QAbstractTableModel):
    """Offers a `RaceScene` to a table view; a screen reader reads both lines of a cell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scene: RaceScene | None = None

    def show_scene(self, scene: RaceScene | None) -> None:
        """Shows another scene."""
        self.beginResetModel()
        self.scene = scene
        self.endResetModel()

    def row(self, number: int) -> RaceRow | None:
        """Returns a lane by its row."""
        rows = self.scene.rows if self.scene else ()
        return rows[number] if 0 <= number < len(rows) else None

    def row_of(self, name: str) -> int:
        """Returns the row of a lane, -1 where it takes no part."""
        rows = self.scene.rows if self.scene else ()
        return next((number for number, row in enumerate(rows) if row.name == name), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.scene.rows) if self.scene and not parent.isValid() else 0

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return COLUMN_HELP[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(part for part in cell_of(row, index.column()) if part)
        return row.tip if role == Qt.ItemDataRole.ToolTipRole else None


def cell_of(row: RaceRow, column: int) -> tuple[str, str]:
    """Returns both lines of a cell; the picture's column has none."""
    if column == PROFILE_COLUMN:
        return "", ""
    return row.cells[column if column == 0 else column - 1]


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
        """Returns how many of the uppermost `pixels` of a row end between two lines; 0 where its picture is cut."""
        row = self._model.row(number)
        if row is None:
            return 0
        (large, small), width = cell_of(row, 0), name_pixels - 2 * PAD
        heights = [LINE_PIXELS] * len(self._lines(large, width, self._large))
        heights += [SMALL_LINE_PIXELS] * len(self._lines(small, width, self._small))
        ends = accumulate(heights, initial=3 + LARGE_TOP)
        return max((math.ceil(end) + 1 for end in ends if ROW_PIXELS - 5 <= end < pixels), default=0)

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


class RaceTable(QTableView):
    """Gives the remedies the room that the numbers leave, but never less than their words need to be told apart."""

    def __init__(self) -> None:
        super().__init__()
        self._widths: dict[int, int] = {}

    def show_widths(self, widths: dict[int, int]) -> None:
        """Makes the columns with numbers so wide."""
        self._widths = widths
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._widths:
            room = self.viewport().width() - sum(self._widths.values())
            profile = PROFILE_PIXELS if room - PROFILE_PIXELS > NAME_PIXELS else SMALL_PROFILE_PIXELS
            name = max(NAME_PIXELS, room - profile)
            self.setColumnWidth(PROFILE_COLUMN, profile)
            self.setColumnWidth(0, name)
            self._fit_rows(name)

    def _fit_rows(self, name_pixels: int) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, RaceDelegate):
            for row in range(self.model().rowCount()):
                self.setRowHeight(row, delegate.row_pixels(row, name_pixels))


def header_pixels() -> int:
    """Returns the height of two lines of a header."""
    return math.ceil(2 * text_size("γ", text_font(HEADER_PIXELS).pixelSize())[1]) + 12
