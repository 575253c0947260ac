"""Menu Tools: sweeps, trainability maps and number formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.spec.network import FeedForward

if TYPE_CHECKING:
    from vgdesk.ui.state.maps import MapPlan
    from vgdesk.ui.window import Window


def ask_sweep(window: Window) -> None:
    """Asks which fields are varied, then trains."""
    from vgdesk.ui.panels.sweep_dialog import SweepDialog

    SweepDialog(window, window.desk.session.training, lambda plan: _begin(window, plan)).open()


def ask_trainability(window: Window) -> None:
    """Asks for the ranges of a trainability map, then trains."""
    from vgdesk.ui.panels.trainability_dialog import TrainabilityDialog

    experiment = window.desk.session.training
    if not isinstance(experiment.network, FeedForward):
        window.desk.messages.post(f"{experiment.title}: a trainability map needs a feed-forward network.", "map")
        return
    window.desk.messages.settle("map")
    TrainabilityDialog(window, experiment, window.desk.jobs, lambda plan: _begin(window, plan)).open()


def show_formats(window: Window) -> None:
    """Shows the panel of number formats, which asks for itself."""
    _show(window, "formats")


def show_saturation(window: Window) -> None:
    """Shows where the units of a layer stand on their activation."""
    window.stage.show_workspace("diagnose")
    window.stage.show_panel("saturation")


def _begin(window: Window, plan: MapPlan) -> None:
    window.desk.maps.begin(plan)
    _show(window, "map")


def _show(window: Window, panel: str) -> None:
    window.stage.show_workspace("maps")
    window.stage.show_panel(panel)
    window.cards[panel].focus_view()
