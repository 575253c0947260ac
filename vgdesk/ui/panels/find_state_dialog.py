"""The dialog behind Derivation > Find a state: which factors should have which values, and what may move for it."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.formula import number_text, to_text
from vgdesk.records.derivation import Derivation, Factor
from vgdesk.spec.lowered import lowered
from vgdesk.spec.typed import real_number
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.state.state_search import StateSearch
from vgdesk.ui.typeset import rich

COLUMNS = ("Factor", "is", "Value now", "Target")
TARGET = 3
DIGITS = 6
"""Of a factor's value: what is typed beside it may differ from it by little."""
HINT = "Type a target for one or more factors. Ticked numbers may change; nothing else does."

_NAME = Qt.ItemDataRole.UserRole


class FindStateDialog(QDialog):
    """Shows the factors of a derivation; Find hands the targets over and waits for the answer of the process."""

    def __init__(self, parent: QWidget, derivation: Derivation, names: Sequence[str], search: StateSearch) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Find a state: factors of ∂L/∂{lowered(derivation.wrt)}")
        self.resize(560, 560)
        self._search, self._wrt, self._ids = search, derivation.wrt, [factor.id for factor in derivation.factors]
        self.factors = self._make_factors(derivation.factors)
        self.free = self._make_free(names)
        self.words = QLabel(HINT)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._arrange()
        self.factors.itemChanged.connect(lambda _: self._follow())
        self.free.itemChanged.connect(lambda _: self._follow())
        search.ended.connect(self._end)
        self._follow()

    def accept(self) -> None:
        self.words.setText("Searching…")
        self._search.search(self._wrt, self._targets() or {}, list(self._ticked()))
        self._follow()

    def reject(self) -> None:
        self._search.give_up()
        super().reject()

    def _make_factors(self, factors: tuple[Factor, ...]) -> QTableWidget:
        table = QTableWidget(len(factors), len(COLUMNS))
        table.setAccessibleName("Factors and their targets")
        table.setHorizontalHeaderLabels(COLUMNS)
        table.verticalHeader().hide()
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        for row, factor in enumerate(factors):
            fixed = (
                lowered(factor.id),
                f"{to_text(factor.meaning)} = {to_text(factor.closed_form)}",
                number_text(factor.value, DIGITS),
            )
            for column, text in enumerate(fixed):
                cell = QTableWidgetItem(text)
                cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
                table.setItem(row, column, cell)
            target = QTableWidgetItem("")
            target.setToolTip(f"The value that {lowered(factor.id)} should have; empty for any")
            table.setItem(row, TARGET, target)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        if factors:
            table.setCurrentCell(0, TARGET)
        return table

    def _make_free(self, names: Sequence[str]) -> QListWidget:
        shown = QListWidget()
        shown.setAccessibleName("What may change")
        shown.setFlow(QListWidget.Flow.LeftToRight)
        shown.setWrapping(True)
        shown.setResizeMode(QListWidget.ResizeMode.Adjust)
        shown.setSpacing(3)
        for name in names:
            item = QListWidgetItem(lowered(name), shown)
            item.setData(_NAME, name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        return shown

    def _arrange(self) -> None:
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.find_button = self.buttons.button(kinds.Ok)
        self.find_button.setText("&Find")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.factors, 2)
        may = QLabel("What may &change")
        may.setBuddy(self.free)
        layout.addWidget(may)
        layout.addWidget(self.free, 2)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.buttons)

    def _targets(self) -> dict[str, float] | None:
        """Returns the typed targets by factor, or None where one is no number."""
        found: dict[str, float] = {}
        for row, name in enumerate(self._ids):
            cell = self.factors.item(row, TARGET)
            text = cell.text().strip().replace("−", "-") if cell is not None else ""
            if not text:
                continue
            try:
                found[name] = real_number(text)
            except ValueError:
                return None
        return found

    def _ticked(self) -> Iterator[str]:
        for row in range(self.free.count()):
            item = self.free.item(row)
            if item.checkState() == Qt.CheckState.Checked:
                yield item.data(_NAME)

    def _follow(self) -> None:
        """Lets Find be pressed as soon as there is something to be found."""
        targets = self._targets()
        self.find_button.setEnabled(bool(targets) and any(self._ticked()) and not self._search.is_running)
        if targets is None:
            self.words.setText("A target must be a number such as 0.03 or -1e-4.")
        elif not self._search.is_running and self.words.text().startswith("A target must"):
            self.words.setText(HINT)

    def _end(self, sentence: str, found: bool) -> None:
        if found:
            super().accept()
        else:
            self.words.setText(rich(sentence))
            self._follow()
