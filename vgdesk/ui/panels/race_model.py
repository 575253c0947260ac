"""The rows of a race as a table view asks for them: a column of pictures among those with two lines of words."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from vgdesk.present.race import COLUMN_HELP, COLUMNS, RaceRow, RaceScene

PROFILE_COLUMN, VERDICT_COLUMN = 1, 3
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
