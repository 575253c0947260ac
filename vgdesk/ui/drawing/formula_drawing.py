"""Draws the two upper panels: the diagram of a network, and its derivation or the formula of one layer."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vgdesk.present.derivation_views import view_sheet_beside
from vgdesk.present.diagram import diagram_scene
from vgdesk.present.layer_formula import layer_sheet
from vgdesk.present.sheet import STEPS_KIND, equation_sheet, equation_sheet_beside
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.present.theory_formula import has_theory_sheet, theory_sheet
from vgdesk.present.time_formula import time_sheet
from vgdesk.present.unfolding import NOTHING_UNFOLDED
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
"""A layer's formula follows a running training, or the point that is dragged in the phase diagram, this often.

Typesetting 60 times a second would help nobody.
"""

ORIGIN = "Of “{}”, not of the network that is trained: a click on one of its bars shows the formula there."
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
        self._sheet_time = self._sheet_cost = 0.0
        self._told: tuple[object, ...] = ()
        """Kept as long as their sheet is: `_sheet_key` holds only their identities."""

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
        subject, theory_layer = self._desk.view.diagram, self._theory_layer()
        card = self._cards["derivation"]
        if self._awaits_theory(card.scene):
            return
        is_formula = subject.role is Role.FORMULA and not theory_layer
        if isinstance(card, DerivationCard):
            card.show_formula_controls(is_formula)
            card.show_routes(self._has_two_routes())
            card.show_origin(self._origin_words() if is_formula else "")
        key = self._wanted_sheet()
        if key == self._sheet_key and card.scene is not None:
            return
        if is_formula and self._awaits_view(card.scene):
            return
        if self._desk.predictions.is_preview and time.perf_counter() - self._sheet_time < SHEET_SECONDS:
            self.postponed.emit("derivation")
            return
        if self._is_too_often() if is_formula else self._is_too_soon(key):
            self.postponed.emit("derivation")
            return
        self._sheet_key, self._sheet_time = key, time.perf_counter()
        self._told = self._derivation(), self._desk.formulas.view, self._desk.predictions.prediction
        sheet = self._formula_sheet() if is_formula else self._layer_sheet(theory_layer or subject.layer)
        moment, why = self._start_words() if is_formula else ("", "")
        whose = self._whose_words() if is_formula else ""
        title = self._desk.predictions.of.title if theory_layer else f"{subject.experiment.title}{whose}{moment}"
        card.show_scene(sheet, title, self._pinned_layer() > 0 if theory_layer else not is_formula, why)
        self._sheet_cost = time.perf_counter() - self._sheet_time
        if isinstance(card, DerivationCard):
            ledger = self._desk.formulas.view
            card.show_waterfall(waterfall_scene(ledger) if is_formula and isinstance(ledger, Ledger) else None)
        self.sheet_changed.emit()

    def _wanted_sheet(self) -> tuple[object, ...]:
        """Returns what tells one sheet from another: the derivation, or experiment, layer and row."""
        subject = self._desk.view.diagram
        if layer := self._theory_layer():
            return ("theory", id(self._desk.predictions.prediction), layer, shown_row(self._desk))
        if subject.role is Role.FORMULA:
            return (id(self._derivation()), id(self._desk.formulas.view), self._start_words())
        return (subject.experiment, subject.layer, shown_row(self._desk))

    def _theory_layer(self) -> int:
        """Returns the layer whose formula theory tells, 0 for none: the pinned one, at theory's home else the first."""
        if not has_theory_sheet(self._desk.predictions.prediction):
            return 0
        return min(self._chosen_theory(), self._desk.session.training.feed_forward.depth)

    def _chosen_theory(self) -> int:
        """Returns the layer that theory is asked to tell of, whether or not it has answered; 0 for none."""
        route = self._desk.sheet_route
        if not route.is_theory:
            return 0
        return self._pinned_layer() or int(route.is_home and not self._is_formula_pinned())

    def _has_two_routes(self) -> bool:
        has_layer = self._desk.sheet_route.is_home or self._pinned_layer() > 0
        return has_layer and has_theory_sheet(self._desk.predictions.prediction)

    def _pinned_layer(self) -> int:
        pinned = self._desk.selection.pinned
        return pinned.layer if pinned and pinned.experiment == self._desk.session.training.name else 0

    def _is_formula_pinned(self) -> bool:
        pinned = self._desk.selection.pinned
        return pinned is not None and pinned.experiment == self._desk.session.formula.name

    def _awaits_theory(self, shown: EquationSheet | None) -> bool:
        """Whether theory has not answered yet, and what is shown meanwhile is its sheet, under its network's title."""
        predictions, last = self._desk.predictions, self._sheet_key
        is_theory = shown is not None and isinstance(last, tuple) and last[0] == "theory"
        return is_theory and predictions.prediction is None and predictions.is_awaited and self._chosen_theory() > 0

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

    def _is_too_often(self) -> bool:
        """Whether changing numbers would spend more than a third of the time on spelling sheets."""
        return self._desk.formulas.is_live and time.perf_counter() - self._sheet_time < 3 * self._sheet_cost

    def _start_words(self) -> tuple[str, str]:
        """Returns what to say, short and long, where the network on show is being trained and has moved on."""
        if not self._desk.session.is_shared or self._desk.runs.steps < 2:
            return "", ""
        return " · at the start values", START_WORDS

    def _whose_words(self) -> str:
        """Returns of which of several examples the derivation is."""
        derivation = self._derivation()
        return f" · {derivation.whose}" if derivation and derivation.whose else ""

    def _origin_words(self) -> str:
        """Returns of which network the derivation is where another one is trained and its diagram is not beside it."""
        session = self._desk.session
        is_beside = "network" in self._cards and self._cards["network"].isVisible()
        return "" if session.is_shared or is_beside else ORIGIN.format(session.formula.title)

    def _derivation(self) -> Derivation | None:
        """Returns the derivation on show, None while the one of another network is still there."""
        derivation = self._desk.formulas.derivation
        return derivation if derivation and derivation.experiment == self._desk.session.formula.name else None

    def _formula_sheet(self) -> EquationSheet | None:
        derivation = self._derivation()
        if derivation is None:
            return None
        if not self._desk.formulas.is_live:
            return self._desk.formulas.sheet
        view = self._desk.formulas.view
        unfolding = getattr(self._cards["derivation"].view, "unfolding", NOTHING_UNFOLDED)
        if view is not None:
            return view_sheet_beside(view, self._cards["derivation"].scene, unfolding)
        former = self._former_sheet(derivation)
        if former is None:
            return equation_sheet(derivation)
        return equation_sheet_beside(derivation, former, unfolding)

    def _former_sheet(self, derivation: Derivation) -> EquationSheet | None:
        """Returns what is shown where numbers are being changed and what is folded of it may stay."""
        card = self._cards["derivation"]
        former: EquationSheet | None = card.scene
        if not self._desk.formulas.is_live or former is None:
            return None
        latest = derivation.experiment, derivation.wrt, STEPS_KIND, len(derivation.steps)
        return former if (former.experiment, former.wrt, former.kind, len(former.steps)) == latest else None

    def _layer_sheet(self, layer: int) -> EquationSheet | None:
        """Returns the formula of a layer; what theory says of it needs no training."""
        experiment, predictions = self._desk.session.training, self._desk.predictions
        history, row = self._desk.runs.history, shown_row(self._desk)
        if predictions.prediction is not None and self._theory_layer():
            of = predictions.of  # a dragged network is not the one that was measured
            measured = history.profile(row) if history.rows and of == experiment else None
            return theory_sheet(of, predictions.prediction, layer, measured)
        if history.rows == 0:
            return None
        if history.signals is Places.TIME:
            return time_sheet(experiment, history.profile(row, "state"), layer)
        return layer_sheet(experiment, history.profile(row), history.profile(row, "delta"), layer)
