"""The table of compared runs, the accessible twin of their pictures."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.comparison_table import LEFT, RunTable
from vgdesk.ui.state.comparisons import Comparisons
from vgdesk.ui.theme import Theme, ThemeState

EMPTY = (
    "No runs kept yet.\nKeep the run on the desk (B), change something and keep it again; or let vgdesk train the "
    "network as it is and with one change; or open a run from a file."
)
_SAMPLE = QSize(44, 16)


class RunsTable(QWidget):
    """Shows a `RunTable`; Delete lets go of the run that the cursor is on."""

    def __init__(self, comparisons: Comparisons, themes: ThemeState) -> None:
        super().__init__()
        self._comparisons, self._themes = comparisons, themes
        self._scene: RunTable | None = None
        self.table = _Table(self._remove)
        self._words = QLabel(EMPTY)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "dim")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._words)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)
        themes.changed.connect(self._tint)

    @property
    def current_place(self) -> int:
        """Place of the run that the cursor is on, counting from 0; -1 for none."""
        return self.table.currentRow()

    def render(self, scene: RunTable | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a table, or how to fill it for None."""
        if scene is not self._scene:
            self._scene = scene
            self._fill(scene)
        self._pages.setCurrentWidget(self.table if scene else self._words)

    def _fill(self, scene: RunTable | None) -> None:
        at = self.table.currentRow(), self.table.currentColumn()
        self.table.clear()
        rows = scene.rows if scene else ()
        self.table.setRowCount(len(rows))
        self.table.setColumnCount(len(scene.head) if scene else 0)
        if scene is None:
            return
        for column, (name, told) in enumerate(zip(scene.head, scene.help, strict=True)):
            head = QTableWidgetItem(name)
            head.setToolTip(told)
            head.setTextAlignment(_side(name))
            self.table.setHorizontalHeaderItem(column, head)
            for number, row in enumerate(rows):
                self.table.setItem(number, column, _cell(row[column], name))
        self._tint(self._themes.current)
        self.table.resizeColumnsToContents()
        header = self.table.horizontalHeader()
        if header.length() < header.width():  # of a table on show Qt has just forgotten to stretch the last one
            header.setStretchLastSection(False)
            header.setStretchLastSection(True)
        if at[0] >= 0:
            self.table.setCurrentCell(min(at[0], len(rows) - 1), max(at[1], 0))

    def _tint(self, theme: Theme) -> None:
        ratio = self.devicePixelRatioF()
        for number in range(self.table.rowCount()):
            item = self.table.item(number, 0)
            if item is not None:
                item.setIcon(QIcon(_sample(number, theme, ratio)))

    def _remove(self) -> None:
        self._comparisons.remove(self.current_place)


class _Table(QTableWidget):
    """Is a table to be read: nothing in it is typed; Delete is told to `remove`."""

    def __init__(self, remove: Callable[[], None]) -> None:
        super().__init__()
        self._remove = remove
        self.setAccessibleName("Runs side by side")
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setIconSize(_SAMPLE)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)


def _cell(words: str, column: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setToolTip(words)
    item.setTextAlignment(_side(column))
    return item


def _side(column: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in LEFT else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _sample(number: int, theme: Theme, ratio: float) -> QPixmap:
    """Returns a piece of the run's line, as in the plots."""
    from vgdesk.ui.plots.run_lines import SAMPLE_PIXELS, paint_sample

    picture = QPixmap(_SAMPLE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_sample(painter, number, (_SAMPLE.width() - SAMPLE_PIXELS) / 2, _SAMPLE.height() / 2, theme)
    painter.end()
    return picture
