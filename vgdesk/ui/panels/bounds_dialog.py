"""The dialog behind Derivation > Bounds of a chain: (max|phi'| |w|)^L for any activation, weight and depth.

The largest slope comes from the symbolic process; every change is asked for once the fields have rested.
"""

from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from vgdesk.engine.events import BoundReady, JobFailed
from vgdesk.present.bounds import RULE, bound_lines
from vgdesk.spec.activation import ACTIVATION_FACTS, FORMULA, facts_of, require_activation
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.own_formulas import FormulaUse, formula_of
from vgdesk.ui.theme import ThemeState
from vgdesk.ui.typeset import unbroken

PAUSE_MS = 120
LARGEST_WEIGHT = 1e6
DEEPEST = 1_000_000
_JOB = "bound"
Spin = TypeVar("Spin", bound=QAbstractSpinBox)


class BoundsDialog(QDialog):
    """Shows how large the product of a chain's factors can be at most, and from which depth on a format loses it."""

    def __init__(self, parent: QWidget, activation: str, depth: int, jobs: Jobs, themes: ThemeState) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Bounds of a chain")
        self.resize(640, 420)
        self._jobs, self._themes, self._wanted = jobs, themes, -1
        self.activations = Choice("Activation", "Activation of every layer of the chain", 10)
        named = ((name, facts.words) for name, facts in ACTIVATION_FACTS.items())
        self.activations.offer(named, [(FORMULA, "Your own formula…")])
        self._show_activation(activation)
        self.weight = _field(QDoubleSpinBox(), "Weight of every layer")
        self.weight.setDecimals(4)
        self.weight.setRange(-LARGEST_WEIGHT, LARGEST_WEIGHT)
        self.weight.setSingleStep(0.1)
        self.weight.setValue(1.0)
        self.layers = _field(QSpinBox(), "Number of layers")
        self.layers.setRange(1, DEEPEST)
        self.layers.setValue(depth)
        self.words = _sentences()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._arrange()
        jobs.answered.connect(self._take)
        self.activations.chosen.connect(self._choose)
        self.weight.valueChanged.connect(lambda _: self._pause.start())
        self.layers.valueChanged.connect(lambda _: self._pause.start())
        self._ask()

    def done(self, result: int) -> None:
        self._jobs.note(_JOB, "")
        super().done(result)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow("&Activation φ", self.activations)
        form.addRow("&Weight w", self.weight)
        form.addRow("&Layers L", self.layers)
        buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(QLabel(RULE))
        layout.addWidget(self.words, 1)
        layout.addWidget(buttons)

    def _choose(self, activation: str) -> None:
        if activation != FORMULA:
            self._show_activation(activation)
            self._pause.start()
            return
        from vgdesk.ui.panels.formula_dialog import FormulaDialog

        self._show_activation(self._activation)
        use = FormulaUse("bounds of a chain", formula_of(self._activation), self._use_formula)
        FormulaDialog(self, (use,), self._jobs, self._themes).open()

    def _use_formula(self, formula: str) -> None:
        """Bounds a chain of one's own activation; raises `SpecError` where it is none."""
        activation = f"{FORMULA} {formula}"
        require_activation("activation", activation)
        self._choose(activation)

    def _show_activation(self, activation: str) -> None:
        self._activation = activation
        self.activations.show_choice(activation, facts_of(activation).words)

    def _ask(self) -> None:
        self._wanted = self._jobs.ask().find_bound(self._activation, self.weight.value(), self.layers.value())
        self._jobs.note(_JOB, "bounding a chain", self._wanted)

    def _take(self, event: object) -> None:
        match event:
            case BoundReady() if event.generation == self._wanted:
                self._jobs.note(_JOB, "")
                self.words.setText(unbroken("\n".join(f"• {line}" for line in bound_lines(event.bound))))
            case JobFailed() if event.generation == self._wanted:
                self.words.setText(event.sentence)
            case _:
                pass


def _field(spin: Spin, name: str) -> Spin:
    spin.setAccessibleName(name)
    refine_spin(spin)
    return spin


def _sentences() -> QLabel:
    words = QLabel()
    words.setAccessibleName("What the bound says")
    words.setWordWrap(True)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    reading = Qt.TextInteractionFlag
    words.setTextInteractionFlags(reading.TextSelectableByMouse | reading.TextSelectableByKeyboard)
    return words
