"""Brings the panels up to date: what changed is noted, and at the next frame the visible panels are drawn.

Nothing is drawn twice in a frame and nothing is drawn that cannot be seen. When the panels together take longer than
`BUDGET_SECONDS`, the rest waits for the next frame, so that the window answers however fast the training goes.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vgdesk.present.derivation_views import view_sheet
from vgdesk.present.diagram import diagram_scene
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.lag import lag_scene
from vgdesk.present.layer_formula import layer_sheet
from vgdesk.present.loss import loss_scene
from vgdesk.present.profile import profile_scene
from vgdesk.present.scenes import EquationSheet, ProfileScene
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.status import status_sentence
from vgdesk.present.time_formula import time_sheet
from vgdesk.records.derivation import Derivation
from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places, signal_places
from vgdesk.spec.recording import QUANTITIES
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.panels.network_card import NetworkCard
from vgdesk.ui.panels.quantity_card import QuantityCard
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.runs import RunState
from vgdesk.ui.state.view import Role

FRAME_MS = 16
BUDGET_SECONDS = 0.008
SHEET_SECONDS = 0.25
"""A layer's formula follows a running training this often: typesetting 60 times a second would help nobody."""

START_WORDS = (
    "Diagram and derivation show the weights the training starts from. The plots show how the gradients change."
)
LOSS_WORDS = {
    "mse": "mean squared error",
    "half-mse-sum": "½ Σ (y − t)²",
    "bce": "binary cross-entropy",
    "softmax-cross-entropy": "cross-entropy",
}


class Presenter(QObject):
    """Draws scenes into cards; `status_changed` carries the sentence for the status bar."""

    status_changed = Signal(str)
    sheet_changed = Signal()

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._draw: dict[str, Callable[[], None]] = {
            "profile": self._draw_profile,
            "network": self._draw_network,
            "derivation": self._draw_derivation,
            "heatmap": self._draw_heatmap,
            "loss": self._draw_loss,
            "lag": self._draw_lag,
            "status": self._draw_status,
        }
        self._dirty: list[str] = []
        self._sheet_key: object = None
        self._sheet_time = 0.0
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._draw_frame)
        self._connect()
        self.refresh(*self._draw)

    def refresh(self, *panels: str) -> None:
        """Notes that these panels are out of date."""
        self._dirty += [panel for panel in panels if panel not in self._dirty]
        if not self._timer.isActive():
            self._timer.start()

    @property
    def is_up_to_date(self) -> bool:
        """Whether every visible panel shows the latest state."""
        return not any(self._is_visible(panel) for panel in self._dirty)

    def _connect(self) -> None:
        desk = self._desk
        desk.runs.rows_changed.connect(
            lambda: self.refresh("profile", "heatmap", "loss", "lag", "status", *self._layer_panels())
        )
        desk.runs.state_changed.connect(lambda _: self.refresh("status", *self._layer_panels()))
        desk.formulas.derivation_changed.connect(lambda: self.refresh("network", "derivation", "profile"))
        desk.selection.pinned_changed.connect(lambda _: self.refresh("network", "derivation", "profile"))
        desk.selection.current_changed.connect(lambda _: self.refresh("profile", "lag"))
        desk.quantity.changed.connect(lambda: self.refresh("profile", "heatmap"))
        desk.predictions.changed.connect(lambda: self.refresh("profile"))
        desk.session.formula_changed.connect(lambda _: self.refresh("network", "derivation", "profile"))
        desk.session.training_changed.connect(lambda _: self.refresh(*self._draw))
        for card in self._cards.values():
            card.shown.connect(self.refresh)

    def _layer_panels(self) -> tuple[str, ...]:
        is_moving = self._desk.view.diagram.layer or self._desk.session.is_shared
        return ("derivation",) if is_moving else ()

    def _is_visible(self, panel: str) -> bool:
        return panel == "status" or self._cards[panel].isVisible()

    def _draw_frame(self) -> None:
        deadline = time.perf_counter() + BUDGET_SECONDS
        for panel in [panel for panel in self._dirty if self._is_visible(panel)]:
            self._dirty.remove(panel)
            self._draw[panel]()
            if time.perf_counter() > deadline:
                return
        if not self._dirty or self.is_up_to_date:
            self._timer.stop()

    def _draw_network(self) -> None:
        subject = self._desk.view.diagram
        derivation = self._derivation() if subject.role is Role.FORMULA else None
        scene = diagram_scene(subject.experiment, derivation)
        is_turned = subject.role is Role.TRAINING
        card = self._cards["network"]
        if isinstance(card, NetworkCard):
            card.show_choice(not is_turned)
        told = f" · {scene.note}" if scene.note else ""
        word = signal_places(subject.experiment.network)[0].word
        shown = f"{subject.experiment.title} · {word} {subject.layer}{told}" if is_turned else ""
        card.show_scene(scene, shown, is_turned)

    def _draw_derivation(self) -> None:
        subject = self._desk.view.diagram
        card = self._cards["derivation"]
        is_formula = subject.role is Role.FORMULA
        if isinstance(card, DerivationCard):
            card.show_formula_controls(is_formula)
        key = self._wanted_sheet()
        if key == self._sheet_key and card.scene is not None:
            return
        if is_formula and self._awaits_view(card.scene):
            return
        if not is_formula and self._is_too_soon(key):
            self.refresh("derivation")
            return
        self._sheet_key, self._sheet_time = key, time.perf_counter()
        sheet = self._formula_sheet() if is_formula else self._layer_sheet(subject.layer)
        moment, why = self._start_words() if is_formula else ("", "")
        card.show_scene(sheet, f"{subject.experiment.title}{moment}", not is_formula, why)
        self.sheet_changed.emit()

    def _wanted_sheet(self) -> tuple[object, ...]:
        """Returns what tells one sheet from another: the derivation, or experiment, layer and row."""
        subject = self._desk.view.diagram
        if subject.role is Role.FORMULA:
            return (id(self._derivation()), id(self._desk.formulas.view), self._start_words())
        return (subject.experiment, subject.layer, self._row(self._desk.runs.history))

    def _awaits_view(self, shown: EquationSheet | None) -> bool:
        """Whether the chosen view is being made, and what is shown meanwhile is of the same network."""
        derivation = self._derivation()
        return bool(
            self._desk.formulas.awaits_view and shown and derivation and shown.experiment == derivation.experiment
        )

    def _is_too_soon(self, key: tuple[object, ...]) -> bool:
        """Whether only the row moved on, and the last sheet is still fresh."""
        last = self._sheet_key
        is_same_layer = isinstance(last, tuple) and last[:-1] == key[:-1]
        return is_same_layer and time.perf_counter() - self._sheet_time < SHEET_SECONDS

    def _start_words(self) -> tuple[str, str]:
        """Returns what to say, short and long, where the network on show is being trained and has moved on."""
        if not self._desk.session.is_shared or self._desk.runs.steps < 2:
            return "", ""
        return " · at the start values", START_WORDS

    def _derivation(self) -> Derivation | None:
        """Returns the derivation on show, None while the one of another network is still there."""
        derivation = self._desk.formulas.derivation
        return derivation if derivation and derivation.experiment == self._desk.session.formula.name else None

    def _formula_sheet(self) -> EquationSheet | None:
        derivation = self._derivation()
        if derivation is None:
            return None
        view = self._desk.formulas.view
        return view_sheet(view) if view else equation_sheet(derivation)

    def _layer_sheet(self, layer: int) -> EquationSheet | None:
        history = self._desk.runs.history
        if history.rows == 0:
            return None
        row = self._row(history)
        experiment = self._desk.session.training
        if history.signals is Places.TIME:
            return time_sheet(experiment, history.profile(row, "state"), layer)
        return layer_sheet(experiment, history.profile(row), history.profile(row, "delta"), layer)

    def _row(self, history: GradientHistory) -> int:
        """Returns the row that is pointed at or pinned, else the latest one."""
        for reference in (self._desk.selection.current, self._desk.selection.pinned):
            if reference and reference.step is not None and reference.experiment == history.experiment:
                return history.row_of(reference.step)
        return history.rows - 1

    def _draw_profile(self) -> None:
        role = self._desk.view.profile.role
        scene, subject = self._profile(role)
        self._cards["profile"].show_scene(scene, subject, role is Role.FORMULA)
        if isinstance(card := self._cards["profile"], QuantityCard):
            card.show_choice(scene is not None and role is not Role.FORMULA)
            card.show_heading(_profile_heading(scene))

    def _profile(self, role: Role) -> tuple[ProfileScene | None, str]:
        profile, history = self._desk.formulas.profile, self._desk.runs.history
        formula, training = self._desk.session.formula, self._desk.session.training
        is_own = profile is not None and profile.experiment == formula.name
        if (
            profile is not None
            and is_own
            and (role is Role.FORMULA or (self._desk.session.is_shared and not history.rows))
        ):
            return profile_scene(profile, formula.title, "symbolic"), f"{formula.title} · symbolic"
        if history.rows == 0:
            return None, f"{training.title} · no step yet"
        row = self._row(history)
        moment = f"step {history.step_numbers[row]}"
        profile_shown = history.profile(row, self._desk.quantity.shown(history))
        predicted = self._desk.predictions.profile(profile_shown.quantity)
        return profile_scene(profile_shown, training.title, moment, predicted), f"{training.title} · {moment}"

    def _draw_heatmap(self) -> None:
        history, title = self._desk.runs.history, self._desk.session.training.title
        scene = heatmap_scene(history, title, self._desk.quantity.shown(history)) if history.rows else None
        self._cards["heatmap"].show_scene(scene, f"{title} · {scene.subtitle}" if scene else title)

    def _draw_loss(self) -> None:
        history, experiment = self._desk.runs.history, self._desk.session.training
        words = LOSS_WORDS[experiment.loss]
        scene = loss_scene(history, words, experiment.title) if history.rows else None
        explanation = scene.subtitle if scene else ""
        self._cards["loss"].show_scene(scene, experiment.title, explanation=explanation)

    def _draw_lag(self) -> None:
        history, title = self._desk.runs.history, self._desk.session.training.title
        scene = lag_scene(history, self._row(history), title) if history.rows else None
        self._cards["lag"].show_scene(scene, f"{title} · {scene.subtitle}" if scene else "recurrent networks only")

    def _draw_status(self) -> None:
        history, state = self._desk.runs.history, self._desk.runs.state
        words = {RunState.PAUSED: " · paused", RunState.FINISHED: f" · {self._desk.runs.ending}"}.get(state, "")
        self.status_changed.emit(f"{status_sentence(history)}{words}")


def _profile_heading(scene: ProfileScene | None) -> str:
    """Returns what the bars are bars of."""
    if scene is None or not QUANTITIES[scene.quantity].words.startswith("gradient"):
        return "Gradient per layer" if scene is None else f"Per {scene.places.word}"
    return f"Gradient per {scene.places.word}"
