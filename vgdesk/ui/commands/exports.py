"""Menu File: pictures and equations out. They are written beside the window; what fails becomes one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.ui.commands.dialogs import ask_file_to_write
from vgdesk.ui.commands.files import refuse_own_data
from vgdesk.ui.panels.derivation_card import DerivationCard

if TYPE_CHECKING:
    from vgdesk.present.phase import PhaseScene
    from vgdesk.present.scenes import WaterfallScene
    from vgdesk.ui.chrome.stage import Stage
    from vgdesk.ui.plots.phase_plot import PhaseView
    from vgdesk.ui.window import Window

FIGURES = {"png": "PNG picture", "svg": "SVG drawing", "pdf": "PDF document", "csv": "CSV table"}
EQUATIONS = {
    "tex": "LaTeX source",
    "typ": "Typst source",
    "mml": "MathML page",
    "svg": "SVG drawing",
    "png": "PNG picture",
    "pdf": "PDF document",
    "txt": "Plain text",
}

DRAWN = {
    "profile": "export_profile",
    "heatmap": "export_heatmap",
    "loss": "export_loss",
    "lag": "export_lag",
    "phase": "export_phase",
    "spectrum": "export_spectrum",
    "circle": "export_unit_circle",
    "waterfall": "export_waterfall",
}
"""What writes the picture of a panel, by its name in `vgdesk.export.figure`: matplotlib is loaded by who exports."""
STUDIES = ("map", "formats", "saturation")
"""Panels of long studies, whose pictures `export_study` writes."""
NOTHING_RECORDED = "There is nothing to export yet: train the network first."
_LEFT_OUT = "routes"
"""About which a sentence is that says what a picture of three routes is without."""
NOTHING_YET = {
    "phase": "There is no phase diagram to export yet.",
    "spectrum": "There is no spectrum to export yet.",
    "circle": "There is no spectrum to export yet.",
}


def export_figure(window: Window) -> None:
    """Lets a person export the plot that has the keyboard, else the gradient per layer, else another plot on show.

    The only picture of the derivation's panel is the waterfall under its ledger.
    """
    if window.stage.workspace == "compare":
        export_comparison(window)
        return
    waterfall = _waterfall(window)
    panel = _exported_panel(window.stage) if waterfall is None else "waterfall"
    if panel in STUDIES:
        export_study(window, panel)
        return
    shown = window.cards[panel].scene if waterfall is None else None
    scene = waterfall or (_diagram(shown) if panel == "phase" and shown is not None else shown)
    if scene is None or isinstance(scene, str):
        window.desk.messages.post(scene or NOTHING_YET.get(panel, NOTHING_RECORDED), "export")
        return

    def write(path: Path) -> None:
        _write_beside(window, lambda: _export_scene(panel, scene, path), path)

    name = getattr(scene, "experiment", window.desk.session.training.name)
    ask_file_to_write(window, "Export figure", f"{name}-{panel}", FIGURES, write)


def export_routes(window: Window) -> None:
    """Lets a person export the gradient per layer or time step by theory, training and formula, wherever they are."""
    scene = window.cards["profile"].scene
    if scene is None or isinstance(scene, str):
        window.desk.messages.post(scene or NOTHING_RECORDED, "export")
        return

    def write(path: Path) -> None:
        window.desk.messages.settle(_LEFT_OUT)
        if not scene.symbolic and scene.subtitle != "symbolic":
            window.desk.messages.post(f"The exact points are not in the picture: {_why_inexact(window)}.", _LEFT_OUT)
        _write_beside(window, lambda: _export_scene("profile", scene, path), path)

    ask_file_to_write(window, "Export all three routes", f"{scene.experiment}-routes", FIGURES, write)


def _why_inexact(window: Window) -> str:
    """Returns why a profile of the trained network has no points by formula."""
    from vgdesk.ui.state.session import why_unreadable

    session = window.desk.session
    if reason := why_unreadable(session.training):
        return reason
    if not session.is_shared:
        return f"the network that is derived is another one, {session.formula.title}"
    if window.desk.what_if.changes:
        return "the numbers of the derivation were changed"
    return "they are of step 0 and of |∂L/∂W|, and what is shown is another quantity, or not derived yet"


def _exported_panel(stage: Stage) -> str:
    """Returns which panel is meant: never one that cannot be seen while there is one that can."""
    shown = [panel for panel in stage.visible if panel in DRAWN or panel in STUDIES]
    return next((panel for panel in (stage.current, "profile") if panel in shown), shown[0] if shown else "profile")


def _waterfall(window: Window) -> WaterfallScene | None:
    """Returns the waterfall on show where the derivation is the panel that is meant."""
    card = window.cards["derivation"]
    if isinstance(card, DerivationCard) and window.stage.current == "derivation":
        return card.drawn_waterfall
    return None


def _diagram(shown: PhaseView) -> PhaseScene | None:
    """Returns the phase diagram with the network in it."""
    return None if shown.scene is None else replace(shown.scene, point=shown.point)


def export_study(window: Window, panel: str) -> None:
    """Lets a person export the map of a sweep, whose table is a file already, or the comparison of number formats."""
    scene = window.cards[panel].scene
    if scene is None:
        window.desk.messages.post(f"There is nothing to export yet: {window.cards[panel].title} is empty.", "export")
        return
    plan, other = window.desk.maps.plan, window.desk.saturations if panel == "saturation" else window.desk.formats
    name = plan.sweep.experiment.name if panel == "map" and plan else other.experiment.name

    def write(path: Path) -> None:
        def draw() -> None:
            from vgdesk.export.figure import export_formats, export_saturation, export_sweep

            {"map": export_sweep, "formats": export_formats, "saturation": export_saturation}[panel](scene, path)

        _write_beside(window, draw, path)

    formats = {suffix: words for suffix, words in FIGURES.items() if panel != "map" or suffix != "csv"}
    ask_file_to_write(window, "Export figure", f"{name}-{panel}", formats, write)


def export_comparison(window: Window) -> None:
    """Lets a person export all pictures of the comparison, or its table."""
    from vgdesk.present.comparison import comparison_scene

    comparisons = window.desk.comparisons
    runs, quantity = comparisons.runs, comparisons.quantity
    if not runs:
        window.desk.messages.post("There is nothing to export yet: keep a run first.", "export")
        return

    def write(path: Path) -> None:
        def draw() -> None:
            from vgdesk.export.comparison_table import comparison_rows, comparison_table
            from vgdesk.export.figure import export_comparison as export

            table = comparison_table(comparison_rows(runs, quantity))
            export(comparison_scene(runs, quantity), table, path)

        _write_beside(window, draw, path)

    ask_file_to_write(window, "Export comparison", "comparison", FIGURES, write)


def export_equations(window: Window) -> None:
    """Lets a person export the derivation on show."""
    sheet = window.cards["derivation"].scene

    def write(path: Path) -> None:
        def draw() -> None:
            from vgdesk.export.derivation import export_derivation

            export_derivation(sheet, path)

        _write_beside(window, draw, path)

    ask_file_to_write(window, "Export equations", f"{sheet.experiment}-{sheet.wrt}".replace(" ", "-"), EQUATIONS, write)


def _export_scene(panel: str, scene: object, path: Path) -> None:
    from vgdesk.export import figure

    getattr(figure, DRAWN[panel])(scene, path)


def _write_beside(window: Window, work: Callable[[], object], path: Path) -> None:
    """Writes a picture in a thread, and says afterwards what became of it."""
    from vgdesk.ui.commands.writing import FileWriting

    training = window.desk.session.training

    def write() -> None:
        refuse_own_data(training, path)
        work()

    FileWriting(window, write, "export", path)
