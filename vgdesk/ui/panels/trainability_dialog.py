"""The dialog behind Tools > Trainability map: the ranges of `vgdesk trainability`."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sweep import Sweep
from vgdesk.spec.sweep_words import read_range, read_whole_range
from vgdesk.spec.trainability import trainability_sweep
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.panels.study_dialog import StudyDialog
from vgdesk.ui.state.maps import MapPlan

DEPTHS, SIGMA_W, POINTS, WIDTH, STEPS = "4:120", "0.5:4", 30, 64, 100
"""What `vgdesk trainability` takes where nothing is said."""
MOST_POINTS, MOST_WIDTH, MOST_STEPS = 100, 4096, 1_000_000


class TrainabilityDialog(StudyDialog):
    """Asks for the ranges of the map."""

    def __init__(self, parent: QWidget, experiment: Experiment, then: Callable[[MapPlan], object]) -> None:
        super().__init__(parent, "Trainability map", experiment, then)
        self.depths, self.sigma_w = QLineEdit(DEPTHS), QLineEdit(SIGMA_W)
        self.points = self._number(POINTS, 2, MOST_POINTS)
        self.width_of_layers = self._number(WIDTH, 1, MOST_WIDTH)
        self.steps = self._number(STEPS, 1, MOST_STEPS)
        rows = (
            ("D&epths", self.depths, "Range of the depth, LOW:HIGH"),
            ("Sc&ale σ_w", self.sigma_w, "Range of the weights' scale, LOW:HIGH"),
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

    def _number(self, value: int, least: int, most: int) -> QSpinBox:
        field = QSpinBox()
        field.setRange(least, most)
        field.setGroupSeparatorShown(True)
        field.setValue(value)
        field.valueChanged.connect(lambda _: self.follow())
        return field
