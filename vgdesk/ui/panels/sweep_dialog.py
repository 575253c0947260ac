"""The dialog behind Tools > Sweep: which fields take which values, in the words of `vgdesk sweep --vary`."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QToolButton, QWidget

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.sweep_words import read_values
from vgdesk.spec.vary import SHORT, WHOLE_NETWORK, varied
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.panels.study_dialog import StudyDialog
from vgdesk.ui.state.maps import MapPlan

FIELDS = (*WHOLE_NETWORK, "seed", *SHORT)
FIRST = {
    FeedForward: (("depth", "2,5,10,20"), ("activation", "sigmoid,tanh,relu")),
    None: (("seed", "0:5"), ("learning_rate", "0.01,0.1,1")),
}
"""What is proposed for networks of layers, and for others."""
HOW = "a,b,c or LOW:HIGH or LOW:HIGH:COUNT"
MOST_FIELDS, MOST_STEPS = 6, 1_000_000


class AxisRow:
    """Is one line: a field, its values, and the button that takes the line away."""

    def __init__(self, field: str, values: str) -> None:
        self.field, self.values, self.remove = QComboBox(), QLineEdit(values), QToolButton()
        self.field.setEditable(True)
        self.field.addItems(list(FIELDS))
        self.field.setEditText(field)
        self.field.setToolTip("A field, or a path in the experiment's JSON such as network.layers.0.width")
        self.values.setPlaceholderText(HOW)
        self.values.setToolTip(
            "a,b,c; or LOW:HIGH, whole numbers without the last; or LOW:HIGH:COUNT, evenly spaced with both ends"
        )
        self.remove.setText("×")
        self.remove.setToolTip("Do not vary this field")

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """What stands in the line, from the left."""
        return self.field, self.values, self.remove

    def name(self, number: int) -> None:
        """Tells a screen reader which line it is in."""
        for widget, word in zip(self.widgets, ("Field", "Values of field", "Remove field"), strict=True):
            widget.setAccessibleName(f"{word} {number}")
        if (line := self.field.lineEdit()) is not None:
            line.setAccessibleName(f"Field {number}")


class SweepDialog(StudyDialog):
    """Asks for fields and values."""

    def __init__(self, parent: QWidget, experiment: Experiment, then: Callable[[MapPlan], object]) -> None:
        super().__init__(parent, "Sweep", experiment, then)
        self.rows: list[AxisRow] = []
        self._lines = QWidget()
        self._grid = QGridLayout(self._lines)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.add = QPushButton("&Add a field")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(lambda: self._add_row("", ""))
        self.steps = QSpinBox()
        self.steps.setRange(1, MOST_STEPS)
        self.steps.setGroupSeparatorShown(True)
        self.steps.setAccessibleName("Steps of each training")
        refine_spin(self.steps)
        self.steps.setValue(experiment.training.steps)
        self.steps.valueChanged.connect(lambda _: self.follow())
        vary = QLabel("&Vary")
        vary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.form.addRow(vary, self._lines)
        self.form.addRow("", self.add)
        self.form.addRow("&Steps", self.steps)
        self.add_common_rows()
        proposed = FIRST.get(type(experiment.network), FIRST[None])
        for field, values in proposed:
            self._add_row(field, values)
        vary.setBuddy(self.rows[0].field)
        self.rows[0].field.setFocus()
        self.follow()

    def sweep(self) -> Sweep:
        """Returns what is asked for. The ends of each axis are tried here, every combination where it is trained."""
        axes = tuple(_axis(row) for row in self.rows if row.field.currentText().strip() or row.values.text().strip())
        start = varied(self.experiment, "steps", self.steps.value())
        for axis in axes:
            for value in dict.fromkeys((axis.values[0], axis.values[-1])):  # in order: the first that fails is told
                varied(start, axis.field, value)
        return Sweep(experiment=start, axes=axes)

    def subject(self) -> str:
        """Returns the fields, for the proposed file's name."""
        return "-".join(axis.field.rpartition(".")[2] for axis in self.sweep().axes)

    def _add_row(self, field: str, values: str) -> None:
        row = AxisRow(field, values)
        row.field.editTextChanged.connect(lambda _: self.follow())
        row.values.textChanged.connect(lambda _: self.follow())
        row.remove.clicked.connect(lambda: self._remove_row(row))
        self.rows.append(row)
        self._arrange_rows()
        row.field.setFocus()

    def _remove_row(self, row: AxisRow) -> None:
        self.rows.remove(row)
        for widget in row.widgets:
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._arrange_rows()
        self.add.setFocus()
        self.follow()

    def _arrange_rows(self) -> None:
        for number, row in enumerate(self.rows):
            row.name(number + 1)
            row.remove.setEnabled(len(self.rows) > 1)
            for column, widget in enumerate(row.widgets):
                self._grid.addWidget(widget, number, column)
        self.add.setEnabled(len(self.rows) < MOST_FIELDS)


def _axis(row: AxisRow) -> Axis:
    field, values = row.field.currentText().strip(), row.values.text().strip()
    if not values:
        raise SpecError(f"{field[:80]} needs values: {HOW}")
    return Axis(field=field, values=read_values(field, values))
