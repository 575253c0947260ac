"""The units of the network table: a row for each, with its name and an activation of its own."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QTableWidgetItem, QWidget

from vgdesk.spec import edit
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.panels.table_page import Cell, TablePage, cell
from vgdesk.ui.state.network_editor import Change, NetworkEditor

HEADERS = ["Layer", "Unit", "Name", "Activation"]
NAME, ACTIVATION = 2, 3
UNIT_ACTIVATIONS = tuple(name for name in ACTIVATIONS if name != "prelu")
"""What a unit of a mixed layer can have; the slope of PReLU belongs to the whole layer."""
ACTIVATION_HINT = "A name, elu(0.5) with a number of your own, or formula: and a formula in z"


class UnitPage(TablePage):
    """Edits the name and the activation of every unit."""

    def __init__(self, editor: NetworkEditor) -> None:
        super().__init__(editor, "Units")
        self._places: list[tuple[int, int]] = []
        self.table.setItemDelegateForColumn(ACTIVATION, _ActivationDelegate(self.table, UNIT_ACTIVATIONS))

    def render(self, experiment: Experiment) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows the units of an experiment."""
        network = experiment.feed_forward
        self._places = list(network.units())
        rows: list[list[Cell]] = []
        for layer, unit in self._places:
            activation = cell(network.activation_of(layer, unit))
            activation.setToolTip(ACTIVATION_HINT)
            word = "output" if layer == network.depth else str(layer)
            rows.append([cell(word, False), cell(str(unit), False), cell(network.unit_name(layer, unit)), activation])
        self.fill(HEADERS, rows)

    def typed(self, row: int, column: int, item: QTableWidgetItem) -> tuple[Change, str] | None:
        place, text = self._places[row], item.text().strip()
        if column == NAME:
            return lambda experiment: edit.with_name(experiment, *place, text), "rename unit"
        if column == ACTIVATION:
            return lambda experiment: edit.with_unit_activation(experiment, *place, text), "change activation"
        return None


class _ActivationDelegate(QStyledItemDelegate):
    """Opens a list of names, into which anything else can be typed, only where a cell is edited."""

    def __init__(self, parent: QWidget, names: Sequence[str]) -> None:
        super().__init__(parent)
        self._names = names

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(self._names)
        box.setAccessibleName("Activation of the unit")
        box.activated.connect(lambda: self._finish(box))
        return box

    def _finish(self, box: QComboBox) -> None:
        """Takes a choice from the list at once, as every other list of the table does."""
        self.commitData.emit(box)
        self.closeEditor.emit(box, QStyledItemDelegate.EndEditHint.NoHint)
