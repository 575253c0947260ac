"""Draws the two upper panels: the diagram of a network, and its derivation or the formula of one layer."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vgdesk.present.derivation_views import view_sheet
from vgdesk.present.diagram import diagram_scene
from vgdesk.present.layer_formula import layer_sheet
from vgdesk.present.scenes import EquationSheet
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.time_formula import time_sheet
from vgdesk.present.waterfall import waterfall_scene
from vgdesk.records.derivation import Derivation
from vgdesk.records.derivation_views import Ledger
from vgdesk.records.places import Places, signal_places
from vgdesk.ui.drawing.moment import shown_row
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.panels.network_card import NetworkCard
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.view import Role

SHEET_SECONDS = 0.25
"""A layer's formula follows a running training this often: typesetting 60 times a second would help nobody."""

START_WORDS = (
    "Diagram and derivation show the weights the training starts from. The plots show how the gradients change."
)


class FormulaDrawing(QObject):
    """Draws "network" and "derivation"; `postponed` names a panel that should be drawn again later."""

    postponed = Signal(str)
    sheet_changed = Signal()

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._sheet_key: object = None
        self._sheet_time = 0.0

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {"network": self._draw_network, "derivation": self._draw_derivation}

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
            self.postponed.emit("derivation")
            return
        self._sheet_key, self._sheet_time = key, time.perf_counter()
        sheet = self._formula_sheet() if is_formula else self._layer_sheet(subject.layer)
        moment, why = self._start_words() if is_formula else ("", "")
        card.show_scene(sheet, f"{subject.experiment.title}{moment}", not is_formula, why)
        if isinstance(card, DerivationCard):
            ledger = self._desk.formulas.view
            card.show_waterfall(waterfall_scene(ledger) if is_formula and isinstance(ledger, Ledger) else None)
        self.sheet_changed.emit()

    def _wanted_sheet(self) -> tuple[object, ...]:
        """Returns what tells one sheet from another: the derivation, or experiment, layer and row."""
        subject = self._desk.view.diagram
        if subject.role is Role.FORMULA:
            return (id(self._derivation()), id(self._desk.formulas.view), self._start_words())
        return (subject.experiment, subject.layer, shown_row(self._desk))

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
        row = shown_row(self._desk)
        experiment = self._desk.session.training
        if history.signals is Places.TIME:
            return time_sheet(experiment, history.profile(row, "state"), layer)
        return layer_sheet(experiment, history.profile(row), history.profile(row, "delta"), layer)
