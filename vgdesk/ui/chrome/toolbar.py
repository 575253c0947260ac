"""The toolbar: run control, then what is trained (network, activation, initialisation, seed), then how fast.

With less room the words go and the icons stay, so that nothing is clipped.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATION_FACTS, FORMULA
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.chrome.workspaces import NARROW
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.rule_number import RuleNumber
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state import edits
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.initialisations import INITIALISATIONS, OTHERS, initialisation_key, number_of
from vgdesk.ui.state.speed import FIRST_SPEED, SPEED_POSITIONS, position_of, speed_at, speed_text
from vgdesk.ui.state.view import Role

WIDE = 1600
"""From this many pixels on every button has its word beside its icon."""
BUTTONS = ("train", "pause", "step", "reset")
LAST_BUTTONS = ("settings", "palette")


class Toolbar(QWidget):
    """Edits the training experiment and controls its run."""

    let_go = Signal()
    """Somebody has closed a list that the mouse had opened; the keyboard belongs to the panels again."""

    def __init__(self, desk: Desk, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._desk = desk
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._words: list[QLabel] = []
        self._is_following = False
        self._buttons = [self._button(actions[name]) for name in BUTTONS]
        self._buttons[0].setProperty("primary", True)
        self._row.addSpacing(6)
        self.networks = self._choice(
            "Trained", "Choose the network that is trained", 9, self._choose_network, "Trained network"
        )
        self.networks.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.networks.setMaximumWidth(300)
        self._row.setStretchFactor(self.networks, 20)
        self.activations = self._choice("Activation", "Activation of the hidden layers", 6, self._choose_activation)
        families = _families({key: (f.family, f.words) for key, f in ACTIVATION_FACTS.items()})
        self.activations.offer(*families, [(FORMULA, "Your own formula…")])
        self.initialisations = self._choice("Init", "How the weights are drawn", 8, self._choose_initialisation)
        self.initialisations.offer(*_families({key: (o.family, o.words) for key, o in INITIALISATIONS.items()}))
        self.number = RuleNumber()
        self.number.chosen.connect(self._choose_number)
        refine_spin(self.number)
        self._row.addWidget(self.number)
        self.seed = self._make_seed()
        self.speed, self._speed_words = self._make_speed()
        self._row.addStretch(0)
        self._buttons += [self._button(actions[name]) for name in LAST_BUTTONS]
        desk.session.training_changed.connect(self._follow_experiment)
        self._follow_experiment(desk.session.training)
        self._follow_speed(FIRST_SPEED)
        desk.when_complete(self._begin)

    def fit(self, width: int) -> None:
        """Leaves out words where the window is not wide enough for them; the main button keeps its word."""
        for label in self._words:
            label.setVisible(width >= NARROW)
        styles = Qt.ToolButtonStyle
        for button in self._buttons[1:]:
            button.setToolButtonStyle(styles.ToolButtonTextBesideIcon if width >= WIDE else styles.ToolButtonIconOnly)
        self.seed.setPrefix("" if width >= NARROW else "seed ")
        self._row.setSpacing(6 if width >= NARROW else 4)

    def _begin(self) -> None:
        """Offers the examples, whose reading can wait, and follows the run."""
        self.networks.offer((name, example(name).title) for name in EXAMPLES)
        self._follow_experiment(self._training)
        self._desk.runs.speed_changed.connect(self._follow_speed)
        self._follow_speed(self._desk.runs.speed)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.iconText())
        self._row.addWidget(button)
        return button

    def _word(self, text: str, buddy: QWidget) -> None:
        label = QLabel(text)
        label.setProperty("role", "dim")
        label.setBuddy(buddy)
        self._words.append(label)
        self._row.addWidget(label)
        self._row.addWidget(buddy)

    def _choice(self, word: str, tip: str, letters: int, react: Callable[[str], None], name: str = "") -> Choice:
        choice = Choice(name or word, tip, letters)
        choice.chosen.connect(react)
        choice.let_go.connect(self.let_go)
        self._word(word, choice)
        return choice

    def _make_seed(self) -> QSpinBox:
        spin = QSpinBox()
        spin.setRange(0, 2**31 - 1)
        spin.setMaximumWidth(90)
        spin.setAccessibleName("Seed")
        spin.setToolTip("Draws the weights and the order of the examples; the same seed gives the same run")
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self._choose_seed)
        refine_spin(spin)
        self._word("Seed", spin)
        return spin

    def _make_speed(self) -> tuple[QSlider, QLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, SPEED_POSITIONS)
        slider.setMinimumWidth(60)
        slider.setMaximumWidth(130)
        slider.setAccessibleName("Training speed")
        slider.setToolTip("Steps per second, from 1 to as many as the machine can do")
        slider.valueChanged.connect(lambda position: self._choose_speed(position))
        self._word("Speed", slider)
        words = QLabel()
        words.setMinimumWidth(words.fontMetrics().horizontalAdvance("10,000 steps/s") + 4)
        self._row.addWidget(words)
        return slider, words

    def _choose_network(self, name: str) -> None:
        self._desk.session.choose_training(self._desk.session.find(name))

    def _choose_activation(self, name: str) -> None:
        if name == FORMULA:
            self.ask_for_formula()
            return
        if name == edits.MIXED:
            self._follow_experiment(self._training)
            return
        self._edit(lambda experiment: edits.with_activation(experiment, name))

    def ask_for_formula(self, role: Role = Role.TRAINING) -> None:
        """Opens the dialog for the network of a role; until a formula is used, the list shows what is trained."""
        from vgdesk.ui.panels.formula_dialog import FormulaDialog
        from vgdesk.ui.state.own_formulas import formula_uses

        self._follow_experiment(self._training)
        uses = formula_uses(self._desk)
        first = list(uses).index(role) if role in uses else 0
        FormulaDialog(self, tuple(uses.values()), self._desk.jobs, self._desk.themes, first).open()

    def _choose_initialisation(self, key: str) -> None:
        if key in INITIALISATIONS:
            self._edit(lambda experiment: edits.with_initialisation(experiment, key))

    def _choose_number(self, number: float) -> None:
        key = initialisation_key(self._training)
        if key in INITIALISATIONS:
            self._edit(lambda experiment: edits.with_initialisation(experiment, key, number))

    def _choose_seed(self, seed: int) -> None:
        if not self._is_following:
            self._edit(lambda experiment: edits.with_seed(experiment, seed))

    def _choose_speed(self, position: int) -> None:
        if self._desk.is_complete and position != position_of(self._desk.runs.speed):
            self._desk.runs.set_speed(speed_at(position))

    @property
    def _training(self) -> Experiment:
        return self._desk.session.training

    def _edit(self, change: Callable[[Experiment], Experiment]) -> None:
        try:
            self._desk.session.choose_training(change(self._training))
        except SpecError as error:
            self._desk.messages.post(str(error), "edit")
            self._follow_experiment(self._training)
        else:
            self._desk.messages.settle("edit")

    def _follow_experiment(self, experiment: Experiment) -> None:
        """Shows the experiment; a number rounded by a spin box on its way to the screen is not a person's edit."""
        self._is_following = True
        self.networks.show_choice(experiment.name, experiment.title)
        activation = edits.hidden_activation(experiment)
        self.activations.show_choice(activation, edits.activation_words(experiment))
        is_free = edits.has_free_activation(experiment)
        self.activations.setEnabled(is_free)
        self.activations.setToolTip(
            "Activation of the hidden layers" if is_free else "The cell's gates fix the activation"
        )
        key = initialisation_key(experiment)
        self.initialisations.show_choice(key, OTHERS.get(key, ""))
        self.number.show_number(*number_of(experiment))
        self.seed.setValue(experiment.seed)
        self._is_following = False

    def _follow_speed(self, speed: float | None) -> None:
        self.speed.setValue(position_of(speed))
        self._speed_words.setText(speed_text(speed))


def _families(words: dict[str, tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Returns (key, words) pairs, those of one family together, from key -> (family, words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, (family, text) in words.items():
        found.setdefault(family, []).append((key, text))
    return list(found.values())
