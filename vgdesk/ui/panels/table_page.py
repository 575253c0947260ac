"""What the pages of the network table share: a list whose cells tell what a person typed, and buttons below it.

A cell may hold a widget, such as a list of choices. Those of a deep network would hold the window up for a fifth of a
second: the first rows, which are seen, get theirs at once, the others a few rows per turn of the event loop.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.errors import SpecError
from vgdesk.spec.typed import whole_number
from vgdesk.ui.panels.fitted_columns import fit_again, fit_columns
from vgdesk.ui.state.network_editor import Change, NetworkEditor
from vgdesk.ui.turns import take_turns

ROWS_AT_ONCE, ROWS_PER_TURN = 4, 3
"""Rows whose widgets are made before the list is seen, and rows per turn after that."""
Cell = QTableWidgetItem | Callable[[], QWidget]
"""What stands in a cell, or what makes it."""


class TablePage(QWidget):
    """Is one page; `tried` tells of each edit why it was refused, "" where it was done."""

    tried = Signal(str)

    def __init__(self, editor: NetworkEditor, name: str) -> None:
        super().__init__()
        self._editor = editor
        self._is_filling = False
        self._fillings = 0
        self._headers: list[str] = []
        self.table = QTableWidget()
        self.table.setAccessibleName(name)
        self.table.verticalHeader().hide()
        fit_columns(self.table)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.itemChanged.connect(self._take)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.table, 1)
        self._buttons = QHBoxLayout()
        self._column.addLayout(self._buttons)

    def typed(self, row: int, column: int, item: QTableWidgetItem) -> tuple[Change, str] | None:
        """Returns the edit that a typed or ticked cell means, and its words; raises `SpecError` for no number."""
        raise NotImplementedError

    def edit(self, change: Change, words: str) -> None:
        """Does an edit."""
        self.tried.emit(self._editor.attempt(change, words))

    def add_button(self, words: str, react: Callable[[], None]) -> None:
        """Puts a button below the list, at the right of those before."""
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: react())
        self._buttons.addWidget(button)

    def fill(self, headers: list[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Shows these cells; the cursor stays where it was."""
        at = self.table.currentRow(), self.table.currentColumn()
        self._is_filling = True
        self.table.clearContents()
        if headers != self._headers:  # before there are rows: a column measures all its cells when it is named
            self._headers = headers
            self.table.setColumnCount(len(headers))
            self.table.setHorizontalHeaderLabels(headers)
        self.table.setRowCount(len(rows))
        making: dict[int, list[tuple[int, Callable[[], QWidget]]]] = {}
        for row, cells in enumerate(rows):
            for column, content in enumerate(cells):
                if isinstance(content, QTableWidgetItem):
                    self.table.setItem(row, column, content)
                else:
                    making.setdefault(row, []).append((column, content))
        self._fillings += 1
        self._make(dict(list(making.items())[:ROWS_AT_ONCE]), self._fillings)
        fit_again(self.table.horizontalHeader())
        later = list(making.items())[ROWS_AT_ONCE:]
        blocks = [dict(later[first : first + ROWS_PER_TURN]) for first in range(0, len(later), ROWS_PER_TURN)]
        take_turns(self, *(partial(self._make, block, self._fillings) for block in blocks))
        if at[0] >= 0:
            self.table.setCurrentCell(min(at[0], len(rows) - 1), min(at[1], len(headers) - 1))
        self._is_filling = False

    def _make(self, rows: dict[int, list[tuple[int, Callable[[], QWidget]]]], filling: int) -> None:
        """Makes the widgets of some rows, unless the list has been filled anew since."""
        if filling != self._fillings:
            return
        for row, makers in rows.items():
            for column, make in makers:
                self.table.setCellWidget(row, column, make())

    def _take(self, item: QTableWidgetItem) -> None:
        if self._is_filling:
            return
        try:
            meant = self.typed(item.row(), item.column(), item)
        except SpecError as error:
            self.tried.emit(str(error))
            return
        if meant is not None:
            self.edit(*meant)


def cell(text: str, is_editable: bool = True) -> QTableWidgetItem:
    """Returns a cell with a text."""
    item = QTableWidgetItem(text)
    if not is_editable:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    return item


def tick(is_on: bool) -> QTableWidgetItem:
    """Returns a cell that is ticked or not."""
    item = QTableWidgetItem()
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
    return item


def is_ticked(item: QTableWidgetItem) -> bool:
    """Whether a cell is ticked."""
    return item.checkState() == Qt.CheckState.Checked


def whole(what: str, text: str) -> int:
    """Returns the integer that was typed; raises `SpecError` where it is none."""
    try:
        return whole_number(text)
    except ValueError:
        raise SpecError(f"{what} must be an integer, got {text!r}") from None
