"""Brings the panels up to date: what changed is noted, and at the next frame the visible panels are drawn.

Nothing is drawn twice in a frame and nothing is drawn that cannot be seen. When the panels together take longer than
`BUDGET_SECONDS`, the rest waits for the next frame, so that the window answers however fast the training goes.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from vgdesk.ui.drawing.answer_drawing import AnswerDrawing
from vgdesk.ui.drawing.claims_drawing import ClaimsDrawing
from vgdesk.ui.drawing.comparison_drawing import COMPARE_PANELS, ComparisonDrawing
from vgdesk.ui.drawing.formula_drawing import FormulaDrawing
from vgdesk.ui.drawing.run_drawing import RunDrawing
from vgdesk.ui.drawing.spectra_drawing import SpectraDrawing
from vgdesk.ui.drawing.study_drawing import StudyDrawing
from vgdesk.ui.drawing.theory_drawing import TheoryDrawing
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.run_state import RunState
from vgdesk.ui.state.view import Role

FRAME_MS = 8
BUDGET_SECONDS = 0.008
MOVING, MOST_MOVING = ("profile", "heatmap", "loss", "lag"), 1
"""Plots that follow every step of a training, and how many of them are drawn in a frame: painting is the larger part of
the work, and comes after the drawing. The others take their turn in the next frame. Two plots in each frame of 16 ms
are as many, but hold the window's thread up for twice as long at once."""


class Presenter(QObject):
    """Draws scenes into cards; `status_changed` carries the sentence for the status bar."""

    status_changed = Signal(str)
    sheet_changed = Signal()

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        formulas, runs = FormulaDrawing(desk, cards, self), RunDrawing(desk, cards, self)
        formulas.postponed.connect(self.refresh)
        formulas.sheet_changed.connect(self.sheet_changed)
        runs.status_changed.connect(self.status_changed)
        self._draw: dict[str, Callable[[], None]] = formulas.draw | runs.draw
        for drawing in (TheoryDrawing, SpectraDrawing, AnswerDrawing, ClaimsDrawing, StudyDrawing, ComparisonDrawing):
            self._draw |= drawing(desk, cards, self).draw
        self._dirty: list[str] = []
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._draw_frame)
        self._connect()
        self.refresh(*self._draw)

    def refresh(self, *panels: str) -> None:
        """Notes that these panels are out of date."""
        self._dirty += [panel for panel in panels if panel not in self._dirty]
        if not self._timer.isActive():
            self._timer.start()

    def hasten(self, panel: str) -> None:
        """Draws a panel in the next turn and before all others: somebody drags what it shows."""
        self.refresh(panel)
        QTimer.singleShot(0, self, lambda: self._draw_at_once(panel))

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
        desk.formulas.derivation_changed.connect(lambda: self.refresh("network", "derivation", *self._profile_panel()))
        desk.selection.pinned_changed.connect(lambda _: self.refresh("network", "derivation", "profile"))
        desk.selection.current_changed.connect(lambda _: self.refresh("profile", "lag"))
        desk.quantity.changed.connect(lambda: self.refresh("profile", "heatmap"))
        desk.predictions.changed.connect(lambda: self.refresh("profile"))
        desk.session.formula_changed.connect(lambda _: self.refresh("network", "derivation", "profile"))
        desk.session.training_changed.connect(lambda _: self.refresh(*self._draw))
        desk.predictions.changed.connect(lambda: self.refresh("derivation"))
        desk.sheet_route.changed.connect(lambda: self.refresh("derivation"))
        desk.plans.changed.connect(lambda: self.refresh("planner", "phase"))
        desk.predictions.previewed.connect(lambda: self.hasten("profile"))
        desk.plans.previewed.connect(lambda: self.refresh("planner", "phase"))
        desk.phases.changed.connect(lambda: self.refresh("phase"))
        desk.phases.moved.connect(lambda: self.refresh("phase"))

        desk.claims.changed.connect(lambda: self.refresh("claims"))

        desk.diagnoses.changed.connect(lambda: self.refresh("verdict"))
        desk.remedies.changed.connect(lambda: self.refresh("remedies"))
        desk.races.changed.connect(lambda: self.refresh("race"))

        desk.spectra.changed.connect(lambda: self.refresh("spectrum", "circle"))

        desk.maps.changed.connect(lambda: self.refresh("map"))
        desk.formats.changed.connect(lambda: self.refresh("formats"))
        desk.saturations.changed.connect(lambda: self.refresh("saturation"))

        desk.comparisons.changed.connect(lambda: self.refresh(*COMPARE_PANELS))
        # whether the diagram stands beside it decides what the derivation says of its network
        self._cards["derivation"].shown.connect(lambda _: self.refresh("derivation"))
        for card in self._cards.values():
            card.shown.connect(lambda _: self.refresh())  # what was out of date while hidden is still noted

    def _layer_panels(self) -> tuple[str, ...]:
        desk = self._desk
        is_moving = desk.view.diagram.layer or desk.session.is_shared or desk.sheet_route.is_theory
        return ("derivation",) if is_moving else ()

    def _profile_panel(self) -> tuple[str, ...]:
        """Names the profile unless it shows a run, which a changed derivation does not touch."""
        if self._desk.session.is_shared:
            return ("profile",)  # the exact gradients stand over the bars
        shows_run = self._desk.view.profile.role is not Role.FORMULA and self._desk.runs.history.rows > 0
        return () if shows_run and self._desk.formulas.is_live else ("profile",)

    def _is_visible(self, panel: str) -> bool:
        return panel == "status" or self._cards[panel].isVisible() or self._cards[panel].is_followed

    def _draw_at_once(self, panel: str) -> None:
        if panel in self._dirty and self._is_visible(panel):
            self._dirty.remove(panel)
            self._draw[panel]()
            if isinstance(view := self._cards[panel].view, QAbstractScrollArea):
                view.viewport().repaint()  # Qt would wait for 5 ms, in case that more were to be painted

    def _draw_frame(self) -> None:
        deadline = time.perf_counter() + BUDGET_SECONDS
        moved = 0
        for panel in [panel for panel in self._dirty if self._is_visible(panel)]:
            if panel in MOVING and self._desk.runs.state is RunState.RUNNING:
                moved += 1
                if moved > MOST_MOVING:
                    continue
            self._dirty.remove(panel)
            self._draw[panel]()
            if time.perf_counter() > deadline:
                return
        if not self._dirty or self.is_up_to_date:
            self._timer.stop()
