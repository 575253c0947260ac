"""The layer table: gradient per layer as cells that a screen reader walks and a spreadsheet takes."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView

from vgdesk.present.layer_table import LayerTable
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.panels.fitted_columns import fit_columns
from vgdesk.ui.state.selection import Reference, Selection

Index = QModelIndex | QPersistentModelIndex
_ROLE, _ROOT = Qt.ItemDataRole, QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LayerModel(QAbstractTableModel):
    """Holds a `LayerTable`; a table of the same shape changes numbers only, so that the reader's place stays."""

    def __init__(self) -> None:
        super().__init__()
        self.table: LayerTable | None = None

    def show_table(self, table: LayerTable | None) -> None:
        """Shows another table."""
        former, self.table = self.table, table
        if former is not None and table is not None and _shape(former) == _shape(table):
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
        else:
            self.beginResetModel()
            self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return len(self.table.rows) if self.table and not parent.isValid() else 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(self.table.columns) if self.table and not parent.isValid() else 0

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Returns what is shown; the tooltip has a digit more, and a screen reader hears the column's name, too."""
        if self.table is None or not index.isValid():
            return None
        cell = self.table.rows[index.row()][index.column()]
        match role:
            case _ROLE.DisplayRole:
                return cell.shown
            case _ROLE.ToolTipRole:
                return cell.told or None
            case _ROLE.AccessibleTextRole:
                return f"{self.table.columns[index.column()]}: {cell.shown}" if index.column() else cell.shown
            case _ROLE.TextAlignmentRole:
                return _RIGHT if index.column() else None
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        """Returns the names of the columns."""
        if self.table is None or role != _ROLE.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self.table.columns[section]


class LayerTableView(QTableView):
    """Shows the table; the current row lights up its layer everywhere, Enter pins it, Ctrl+C copies."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection, self._model = selection, LayerModel()
        self.setModel(self._model)
        self.setAccessibleName("Layer table")
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)  # Tab leaves the table; arrows walk its cells
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalHeader().hide()
        fit_columns(self)
        self.selectionModel().currentChanged.connect(lambda current, _: self._selection.hover(self._reference(current)))

    @property
    def table(self) -> LayerTable | None:
        """What is shown."""
        return self._model.table

    def render(self, table: LayerTable | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a table; None empties the view."""
        if table != self._model.table:
            self._model.show_table(table)
            self.setAccessibleDescription(table.heading if table else "")

    def copy(self) -> None:
        """Puts the whole table on the clipboard with all digits."""
        if self._model.table is not None:
            QGuiApplication.clipboard().setText(self._model.table.as_text())

    def copy_selected(self) -> None:
        """Puts the marked cells on the clipboard with all digits; the whole table where only one is marked."""
        marked = self.selectedIndexes()
        table = self._model.table
        if table is None or len(marked) < 2:
            self.copy()
            return
        rows, columns = {one.row() for one in marked}, sorted({one.column() for one in marked})
        lines = ["\t".join(table.rows[row][column].exact for column in columns) for row in sorted(rows)]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies, pins and releases by keys; everything else walks the cells."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._reference(self.currentIndex()):
            self._selection.pin(self._reference(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def _reference(self, index: QModelIndex) -> Reference | None:
        table = self._model.table
        if table is None or not index.isValid():
            return None
        return Reference(table.experiment, Place(PlaceKind.LAYER, table.places[index.row()]))


def _shape(table: LayerTable) -> tuple[int, int]:
    return len(table.rows), len(table.columns)
