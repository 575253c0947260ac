"""The views of panels that are not on the way to the first sight: each is made when its panel is first seen.

Their modules are imported then, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

_MAP = ("sweep", "trainability", "go_on_sweep", "stop_sweep", "export_figure", "maximise")
_FIGURE = ("export_figure", "maximise")
_RUNS = ("remove_run", "clear_comparison", "export_figure", "maximise")

Put = Callable[[str, QWidget, tuple[str, ...]], None]
"""Puts a view into a panel, with the actions of its context menu."""


class LaterViews(QObject):
    """Waits for panels to be seen; those that are seen now get their views at once."""

    def __init__(self, window: Window, put: Put, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._put = window, put
        self._makers: dict[str, Callable[[], None]] = {
            "phase": self._add_phase,
            "planner": self._add_planner,
            "spectrum": self._add_spectrum,
            "circle": self._add_circle,
            "verdict": self._add_verdict,
            "remedies": self._add_remedies,
            "race": self._add_race,
            "claims": self._add_claims,
            "map": self._add_map,
            "formats": self._add_formats,
            "saturation": self._add_saturation,
            "compared_profiles": self._add_compared_profiles,
            "compared_losses": self._add_compared_losses,
            "compared_maps": self._add_compared_maps,
            "compared_runs": self._add_compared_runs,
        }
        for panel in self._makers:
            card = window.cards[panel]
            card.shown.connect(self._make)
            if card.isVisible():
                self._make(panel)

    def _make(self, panel: str) -> None:
        if self._window.cards[panel].view is None:
            self._makers[panel]()

    def _add_phase(self) -> None:
        from vgdesk.ui.plots.phase_plot import PhasePlot

        desk = self._window.desk
        self._put("phase", PhasePlot(desk.selection, desk.themes, desk.phases), ("make_critical", *_FIGURE))
        desk.plans.begin()

    def _add_planner(self) -> None:
        from vgdesk.ui.panels.planner_view import PlannerView

        desk = self._window.desk
        self._put("planner", PlannerView(desk.plans, desk.themes), ("make_critical", "maximise"))
        desk.plans.begin()

    def _add_spectrum(self) -> None:
        from vgdesk.ui.plots.spectrum_plot import SpectrumPlot

        desk = self._window.desk
        self._put("spectrum", SpectrumPlot(desk.selection, desk.themes), _FIGURE)
        desk.spectra.begin()

    def _add_circle(self) -> None:
        from vgdesk.ui.plots.unit_circle_view import UnitCircleView

        desk = self._window.desk
        self._put("circle", UnitCircleView(desk.selection, desk.themes), ("counterexample", *_FIGURE))
        desk.spectra.begin()

    def _add_verdict(self) -> None:
        from vgdesk.ui.commands.diagnosis import show_evidence
        from vgdesk.ui.panels.verdict_view import VerdictView

        window, actions = self._window, self._window.actions_by_id
        view = VerdictView(window.desk.themes, (actions["try_remedies"], actions["ask_seeds"]))
        view.evidence_asked.connect(lambda finding: show_evidence(window, finding))
        self._put("verdict", view, ("ask_seeds", "maximise"))

    def _add_remedies(self) -> None:
        from vgdesk.ui.panels.remedies_view import RemediesView

        remedies, actions = self._window.desk.remedies, self._window.actions_by_id
        self._put("remedies", RemediesView(remedies, self._window.desk.themes, actions), ("apply_remedies", "maximise"))
        remedies.begin()

    def _add_race(self) -> None:
        from vgdesk.ui.panels.race_view import RaceView

        desk, actions = self._window.desk, self._window.actions_by_id
        self._put("race", RaceView(desk.races, desk.themes, actions), ("apply_lane", "export_race", "maximise"))

    def _add_claims(self) -> None:
        from vgdesk.ui.panels.claims_view import ClaimsView

        self._put("claims", ClaimsView(self._window.desk.claims, self._window.desk.themes), ("test_claims",))

    def _add_map(self) -> None:
        from vgdesk.ui.plots.map_plot import MapPlot

        desk = self._window.desk
        self._put("map", MapPlot(desk.selection, desk.themes, desk.maps), _MAP)

    def _add_formats(self) -> None:
        from vgdesk.ui.panels.formats_view import FormatsView

        desk = self._window.desk
        self._put("formats", FormatsView(desk.selection, desk.themes, desk.formats), _FIGURE)

    def _add_saturation(self) -> None:
        from vgdesk.ui.plots.saturation_plot import SaturationPlot

        desk = self._window.desk
        self._put("saturation", SaturationPlot(desk.selection, desk.themes, desk.saturations), _FIGURE)

    def _add_compared_profiles(self) -> None:
        from vgdesk.ui.plots.runs_plot import RunsPlot

        desk = self._window.desk
        view = RunsPlot(desk.selection, desk.themes, "Profiles of the kept runs", has_legend=True)
        self._put("compared_profiles", view, _FIGURE)

    def _add_compared_losses(self) -> None:
        from vgdesk.ui.plots.runs_plot import RunsPlot

        desk = self._window.desk
        self._put("compared_losses", RunsPlot(desk.selection, desk.themes, "Losses of the kept runs"), _FIGURE)

    def _add_compared_maps(self) -> None:
        from vgdesk.ui.plots.maps_view import MapsView

        desk = self._window.desk
        self._put("compared_maps", MapsView(desk.selection, desk.themes), _FIGURE)

    def _add_compared_runs(self) -> None:
        from vgdesk.ui.panels.runs_table import RunsTable

        desk = self._window.desk
        view = RunsTable(desk.comparisons, desk.themes)
        self._put("compared_runs", view, _RUNS)
