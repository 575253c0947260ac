"""Menu File: experiments in and out, pictures and equations out. What fails becomes one sentence in the banner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.errors import VgdeskError
from vgdesk.spec.files import experiment_text, read_experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.commands.dialogs import ask_file_to_open, ask_file_to_write
from vgdesk.ui.palette import Entry, Palette

if TYPE_CHECKING:
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


def new_from_example(window: Window) -> None:
    """Offers the bundled experiments."""
    experiments = [example(name) for name in EXAMPLES]
    entries = [Entry(item.title, item.name, lambda item=item: window.desk.session.open(item)) for item in experiments]
    Palette(window, "Choose an example", entries).open_over(window)


def open_experiment(window: Window) -> None:
    """Lets a person open an experiment from a JSON file."""

    def read(path: Path) -> None:
        _guarded(window, lambda: window.desk.session.open(read_experiment(path), path.name), "open")

    ask_file_to_open(window, "Open experiment", "Experiment (*.json)", read)


def import_table(window: Window) -> None:
    """Lets a person choose columns of a CSV file to train on."""

    def choose(path: Path) -> None:
        from vgdesk.ui.panels.table_dialog import TableDialog

        _guarded(window, lambda: TableDialog(window, str(path), window.desk.tables.read).open(), "open")

    ask_file_to_open(window, "Import table", "Table (*.csv *.tsv *.txt)", choose)


def save_experiment(window: Window) -> None:
    """Lets a person save the training experiment as JSON."""
    experiment = window.desk.session.training

    def write(path: Path) -> None:
        from vgdesk.export.files import write_file

        _guarded(window, lambda: write_file(path, experiment_text(experiment, path.parent).encode()), "export", path)

    ask_file_to_write(window, "Save experiment", experiment.name, {"json": "Experiment"}, write)


def export_figure(window: Window) -> None:
    """Lets a person export the plot that has the keyboard, else the gradient per layer."""
    if window.stage.workspace == "compare":
        export_comparison(window)
        return
    panel = window.stage.current if window.stage.current in ("heatmap", "loss", "lag") else "profile"
    scene = window.cards[panel].scene
    if scene is None:
        window.desk.messages.post("There is nothing to export yet: train the network first.", "export")
        return

    def write(path: Path) -> None:
        from vgdesk.export.figure import export_heatmap, export_lag, export_loss, export_profile

        exports = {"profile": export_profile, "heatmap": export_heatmap, "loss": export_loss, "lag": export_lag}
        _guarded(window, lambda: exports[panel](scene, path), "export", path)

    ask_file_to_write(window, "Export figure", f"{scene.experiment}-{panel}", FIGURES, write)


def export_comparison(window: Window) -> None:
    """Lets a person export all pictures of the comparison, or its table."""
    from vgdesk.present.comparison import comparison_scene

    comparisons = window.desk.comparisons
    runs, quantity = comparisons.runs, comparisons.quantity
    if not runs:
        window.desk.messages.post("There is nothing to export yet: keep a run first.", "export")
        return

    def write(path: Path) -> None:
        from vgdesk.export.comparison_table import comparison_rows, comparison_table
        from vgdesk.export.figure import export_comparison as export

        table = comparison_table(comparison_rows(runs, quantity))
        _guarded(window, lambda: export(comparison_scene(runs, quantity), table, path), "export", path)

    ask_file_to_write(window, "Export comparison", "comparison", FIGURES, write)


def export_equations(window: Window) -> None:
    """Lets a person export the derivation on show."""
    sheet = window.cards["derivation"].scene

    def write(path: Path) -> None:
        from vgdesk.export.derivation import export_derivation

        _guarded(window, lambda: export_derivation(sheet, path), "export", path)

    ask_file_to_write(window, "Export equations", f"{sheet.experiment}-{sheet.wrt}".replace(" ", "-"), EQUATIONS, write)


def _guarded(window: Window, work: Callable[[], None], about: str, written: Path | None = None) -> None:
    """Does the work and says in one sentence why it failed, or in passing what was written."""
    messages = window.desk.messages
    try:
        work()
    except VgdeskError as error:
        messages.post(str(error), about)
    else:
        messages.settle(about)
        if written is not None:
            messages.tell(f"Wrote {written}")
