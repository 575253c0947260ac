"""The dialog behind File > Import CSV: which columns are inputs, which one is learnt, and by which network."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.errors import DocumentError
from vgdesk.spec.table import DELIMITERS, GOALS
from vgdesk.training.csv_file import file_name, likely_delimiter, read_header
from vgdesk.training.csv_table import ColumnKinds, column_kinds
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state.tables import TableChoice, Tables

BY_LOOK = "by-look"
MOST_NAMED = 3


class TableDialog(QDialog):
    """Shows the columns of a file; Import hands over what was chosen.

    The dialog stays until the table is on the desk: of one that does not fit it says why, and every choice stays.

    Raises
    ------
    DocumentError
        At construction, when the file has no readable first row.
    """

    def __init__(self, parent: QWidget, path: str, tables: Tables) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Import {file_name(path)}")
        self.resize(460, 520)
        self._path, self._tables = path, tables
        self._columns, self._is_refused = "", False
        tables.opened.connect(self._close)
        tables.refused.connect(self._refuse)
        self.delimiters = Choice("Delimiter", "What separates the columns")
        self.delimiters.offer(DELIMITERS.items())
        self.targets = Choice("Target", "The column to be learnt", 12)
        self.inputs = QListWidget()
        self.inputs.setAccessibleName("Inputs")
        self.goals = Choice("Kind", "Learn labels (classification) or numbers (regression)", 12)
        self.goals.offer([(BY_LOOK, "as the target looks"), *((goal, goal) for goal in GOALS)])
        self.hidden = QLineEdit("16,16")
        self.hidden.setAccessibleName("Hidden layers")
        self.held_out = self._make_held_out()
        self.standardise = QCheckBox("Mean 0 and deviation 1 for every column")
        self.standardise.setChecked(True)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "dim")
        self._arrange()
        self.delimiters.chosen.connect(lambda _: self._show_columns())
        self.targets.chosen.connect(lambda _: self._leave_out_target())
        for changed in (self.targets.chosen, self.goals.chosen, self.hidden.textEdited, self.inputs.itemChanged):
            changed.connect(lambda _: self._let_refusal_go())
        self.delimiters.show_choice(likely_delimiter(path))
        self._offer(read_header(path, self.delimiters.currentData()))

    def accept(self) -> None:
        self._say("Reading the table …", "dim")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
        self._tables.read(
            TableChoice(
                path=self._path,
                delimiter=self.delimiters.currentData(),
                target=self.targets.currentData(),
                inputs=tuple(item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked),
                goal=None if self.goals.currentData() == BY_LOOK else self.goals.currentData(),
                hidden=self.hidden.text(),
                standardise=self.standardise.isChecked(),
                held_out=self.held_out.value() / 100,
            )
        )

    def _close(self, _: object) -> None:
        super().accept()

    def _refuse(self, sentence: str) -> None:
        self._say(sentence, "alert")
        self._is_refused = True
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(True)

    def _let_refusal_go(self) -> None:
        """Says again what the file holds, once something is chosen that the refusal did not know of."""
        if self._is_refused:
            self._say(self._columns, "dim")

    def _say(self, sentence: str, role: str) -> None:
        self._is_refused = False
        self.words.setText(sentence)
        self.words.setProperty("role", role)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)

    def _make_held_out(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        spin.setRange(0.0, 90.0)
        spin.setDecimals(0)
        spin.setSingleStep(5.0)
        spin.setSuffix("%")
        spin.setValue(20.0)
        spin.setAccessibleName("Held out")
        spin.setToolTip("Share of the rows that is never trained on")
        refine_spin(spin)
        return spin

    def _arrange(self) -> None:
        form = QFormLayout()
        rows = {
            "&Delimiter": self.delimiters, "&Target": self.targets, "I&nputs": self.inputs, "&Kind": self.goals,
            "&Hidden layers": self.hidden, "Held &out": self.held_out, "&Standardise": self.standardise,
        }  # fmt: skip
        for words, widget in rows.items():
            form.addRow(words, widget)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("&Import")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.words)
        layout.addWidget(self.buttons)

    def _show_columns(self) -> None:
        try:
            self._offer(read_header(self._path, self.delimiters.currentData()))
        except DocumentError as error:
            self._offer([])
            self._say(str(error), "alert")

    def _offer(self, header: list[str]) -> None:
        """Offers the columns; the last one is the target until another is chosen, every other of numbers an input."""
        names = [name for name in dict.fromkeys(header) if name]
        self.targets.offer((name, name) for name in names)
        self.inputs.clear()
        kinds = column_kinds(self._path, self.delimiters.currentData()) if names else ColumnKinds([], [])
        for name in names:
            item = QListWidgetItem(name, self.inputs)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in kinds.numbers else Qt.CheckState.Unchecked)
        if names:
            self.targets.show_choice(names[-1])
        self._columns = _columns_words(names, kinds)
        self._say(self._columns, "dim")
        self._leave_out_target()

    def _leave_out_target(self) -> None:
        for item in self._items():
            if item.text() == self.targets.currentData():
                item.setCheckState(Qt.CheckState.Unchecked)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.targets.count() > 1)

    def _items(self) -> list[QListWidgetItem]:
        return [self.inputs.item(row) for row in range(self.inputs.count())]


def _columns_words(names: list[str], kinds: ColumnKinds) -> str:
    """Returns how many columns there are of each kind; those with words by name, because they may not be read."""
    texts = [name for name in names if name not in kinds.numbers]
    if not texts and not kinds.mixed:
        return f"{len(names)} {'column' if len(names) == 1 else 'columns'}, all of numbers"
    pure = len(names) - len(texts) - len(kinds.mixed)
    parts = [f"{pure} of numbers"] if pure or not kinds.mixed else []
    parts += [
        f"{len(some)} of {words} ({', '.join(some[:MOST_NAMED])}{', …' if len(some) > MOST_NAMED else ''})"
        for some, words in ((kinds.mixed, "numbers with words among them"), (texts, "text"))
        if some
    ]
    return f"{len(names)} {'column' if len(names) == 1 else 'columns'}: {', '.join(parts)}"
