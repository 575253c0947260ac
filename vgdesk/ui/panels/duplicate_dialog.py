"""The dialog behind Tools > Duplicate with one change: which change, to what, and for how many steps."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vgdesk.errors import SpecError
from vgdesk.spec.difference import difference_words
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.vary import varied
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state.one_change import changeables, with_change

USUAL_STEPS, MOST_STEPS = 500, 1_000_000


class DuplicateDialog(QDialog):
    """Lets a person choose one change; Train hands over the experiment as it is and with the change.

    It gives them no letters: where the comparison holds a run already, the run keeps the letter that it has.
    """

    def __init__(
        self,
        parent: QWidget,
        experiment: Experiment,
        then: Callable[[tuple[Experiment, ...]], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Duplicate with one change")
        self.resize(460, 0)
        self._experiment, self._then = experiment, then
        self._offered = changeables(experiment)
        self.fields = Choice("What to change", "The one thing in which the two networks differ", 16)
        self.fields.offer((key, one.words) for key, one in self._offered.items())
        self.options = Choice("New value", "What it becomes", 16)
        self.number = QLineEdit()
        self.number.setAccessibleName("New number")
        self._values = QStackedWidget()
        for widget in (self.options, self.number):
            self._values.addWidget(widget)
        self.steps = QSpinBox()
        self.steps.setRange(1, MOST_STEPS)
        self.steps.setAccessibleName("Steps of both trainings")
        refine_spin(self.steps)
        self.steps.setValue(min(experiment.training.steps, USUAL_STEPS))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self._arrange()
        self.fields.chosen.connect(self._choose_field)
        self.options.chosen.connect(lambda _: self._follow())
        self.number.textChanged.connect(lambda _: self._follow())
        self.finished.connect(self.deleteLater)
        self._choose_field(self.fields.currentData())

    def accept(self) -> None:
        changed = self._changed()
        if changed is not None:
            steps = self.steps.value()
            self._then(tuple(varied(one, "steps", steps) for one in (self._experiment, changed)))
            super().accept()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow("&Change", self.fields)
        form.addRow("&To", self._values)
        form.addRow("&Steps", self.steps)
        form.labelForField(self._values).setBuddy(self.options)  # pyright: ignore[reportAttributeAccessIssue]
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("T&rain both")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        title = QLabel(f"{self._experiment.title}, seed {self._experiment.seed}: as it is, and with one change.")
        title.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        layout.addLayout(form)
        layout.addWidget(self.words)
        layout.addWidget(self.buttons)

    def _choose_field(self, key: str) -> None:
        one = self._offered[key]
        if one.options:
            self.options.offer(one.options)
            self._values.setCurrentWidget(self.options)
        else:
            self.number.setText(one.now)
            self._values.setCurrentWidget(self.number)
        self._follow()

    def _changed(self) -> Experiment | None:
        """Returns the changed one, or None where what is typed is none."""
        key = self.fields.currentData()
        value = self.options.currentData() if self._offered[key].options else self.number.text()
        try:
            return with_change(self._experiment, key, value)
        except SpecError as error:
            self._say(f"{error}.", "alert")
        return None

    def _follow(self) -> None:
        """Says what is changed, or why it cannot be trained."""
        changed = self._changed()
        if changed is not None:
            self._say(f"The change: {difference_words(self._experiment, changed)}.", "dim")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(changed is not None)

    def _say(self, sentence: str, role: str) -> None:
        self.words.setText(sentence)
        self.words.setProperty("role", role)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
