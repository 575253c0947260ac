"""The dialog behind Tools > Trainability map: the ranges of `vgdesk trainability`.

The range of sigma_w is proposed around the network's critical start, for which the planner is asked; the width is the
network's own.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from vgdesk.engine.events import PlanReady
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sweep import Sweep
from vgdesk.spec.sweep_words import read_range, read_whole_range
from vgdesk.spec.trainability import trainability_sweep, usual_range
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.panels.study_dialog import StudyDialog
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.maps import MapPlan
from vgdesk.ui.state.plans import FIRST_LIMIT

DEPTHS, POINTS, STEPS = "4:120", 30, 100
"""What `vgdesk trainability` takes where nothing is said."""
MOST_POINTS, MOST_WIDTH, MOST_STEPS = 100, 4096, 1_000_000


class TrainabilityDialog(StudyDialog):
    """Asks for the ranges of the map."""

    def __init__(self, parent: QWidget, experiment: Experiment, jobs: Jobs, then: Callable[[MapPlan], object]) -> None:
        super().__init__(parent, "Trainability map", experiment, then)
        self._usual = _range_text(experiment, None)
        self.depths, self.sigma_w = QLineEdit(DEPTHS), QLineEdit(self._usual)
        self.points = self._number(POINTS, 2, MOST_POINTS)
        self.width_of_layers = self._number(experiment.feed_forward.widths[1], 1, MOST_WIDTH)
        self.steps = self._number(STEPS, 1, MOST_STEPS)
        rows = (
            ("D&epths", self.depths, "Range of the depth, LOW:HIGH"),
            ("Sc&ale σ", self.sigma_w, "Range of the weights' scale, LOW:HIGH"),
            ("&Points", self.points, "Values along each axis"),
            ("&Width", self.width_of_layers, "Units of each hidden layer"),
            ("&Steps", self.steps, "Steps of each training"),
        )
        for words, field, tip in rows:
            field.setAccessibleName(words.replace("&", ""))
            field.setToolTip(tip)
            if isinstance(field, QSpinBox):
                refine_spin(field)
            self.form.addRow(words, field)
        for field in (self.depths, self.sigma_w):
            field.textChanged.connect(lambda _: self.follow())
        self.add_common_rows()
        self.follow()
        jobs.answered.connect(self._take)
        self._wanted = jobs.ask().plan(experiment, float(FIRST_LIMIT))

    def sweep(self) -> Sweep:
        """Returns the map that is asked for."""
        return trainability_sweep(
            self.experiment,
            read_whole_range("depths", self.depths.text()),
            read_range("σ_w", self.sigma_w.text()),
            self.points.value(),
            self.width_of_layers.value(),
            self.steps.value(),
        )

    def subject(self) -> str:
        """Returns what the proposed file is called after."""
        return "trainability"

    def _take(self, event: object) -> None:
        """Proposes the range around the critical start, unless a person has typed one meanwhile."""
        if isinstance(event, PlanReady) and event.generation == self._wanted and self.sigma_w.text() == self._usual:
            self._usual = _range_text(self.experiment, event.plan.critical_sigma_w)
            self.sigma_w.setText(self._usual)

    def _number(self, value: int, least: int, most: int) -> QSpinBox:
        field = QSpinBox()
        field.setRange(least, most)
        field.setGroupSeparatorShown(True)
        field.setValue(value)
        field.valueChanged.connect(lambda _: self.follow())
        return field


def _range_text(experiment: Experiment, critical: float | None) -> str:
    low, high = usual_range(experiment, critical)
    return f"{low:g}:{high:g}"
