"""Draws the Theory workspace's own panels: the phase diagram and the depth planner."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.phase import PhaseScene, phase_scene
from vgdesk.spec.mixture import words_of
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk


class TheoryDrawing(QObject):
    """Draws "phase" and "planner"."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._key: object = None
        self._scene: PhaseScene | None = None

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {"phase": self._draw_phase, "planner": self._draw_planner}

    def _draw_planner(self) -> None:
        plans = self._desk.plans
        anew = " · planning anew …" if plans.is_awaited and plans.shown is not None else ""
        self._cards["planner"].show_scene(plans.shown, f"{plans.title}{anew}")

    def _draw_phase(self) -> None:
        from vgdesk.ui.plots.phase_plot import PhaseView

        phases = self._desk.phases
        scene = self._diagram()
        why = f"No phase diagram: {phases.reason}" if phases.reason else ""
        without = f" without {phases.beside}" if phases.beside else ""
        subject = (
            f"{words_of(self._activation())}{without} · drag the point, or move it by arrow keys"
            if scene
            else self._desk.session.training.title
        )
        self._cards["phase"].show_scene(PhaseView(scene, phases.point, why, phases.own_plan, phases.beside), subject)

    def _activation(self) -> str:
        rows = self._desk.phases.grid
        return rows.activation if rows else "identity"

    def _diagram(self) -> PhaseScene | None:
        """Returns the picture, made anew only where rows have come or something else is shown."""
        phases = self._desk.phases
        rows = phases.grid
        if rows is None:
            self._key = self._scene = None
            return None
        key = id(rows), phases.shown, phases.depth
        if key != self._key:
            told = rows.activation, rows.sigma_w, rows.sigma_b, phases.q, phases.chi_1
            self._scene = phase_scene(*told, phases.shown, phases.depth)
            self._key = key
        return self._scene
