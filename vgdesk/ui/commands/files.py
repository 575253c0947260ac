"""Menu File: experiments in and out, pictures and equations out. What fails becomes one sentence in the banner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.errors import SpecError, VgdeskError
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.ui.commands.dialogs import ask_file_to_open, ask_file_to_write
from vgdesk.ui.palette import Entry, Palette

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

FIGURES = {"png": "PNG picture", "svg": "SVG drawing", "pdf": "PDF document", "csv": "CSV table"}
EQUATIONS = {"tex": "LaTeX source", "svg": "SVG drawing", "png": "PNG picture", "txt": "Plain text"}
LARGEST_FILE = 64 * 2**20


def new_from_example(window: Window) -> None:
    """Offers the bundled experiments."""
    experiments = [example(name) for name in EXAMPLES]
    entries = [Entry(item.title, item.name, lambda item=item: window.desk.session.open(item)) for item in experiments]
    Palette(window, "Choose an example", entries).open_over(window)


def open_experiment(window: Window) -> None:
    """Lets a person open an experiment from a JSON file."""

    def read(path: Path) -> None:
        _guarded(window, lambda: window.desk.session.open(_read(path), path.name), "open")

    ask_file_to_open(window, "Open experiment", "Experiment (*.json)", read)


def save_experiment(window: Window) -> None:
    """Lets a person save the training experiment as JSON."""
    experiment = window.desk.session.training

    def write(path: Path) -> None:
        from vgdesk.export.files import write_file

        _guarded(window, lambda: write_file(path, experiment_to_json(experiment).encode()), "export", path)

    ask_file_to_write(window, "Save experiment", experiment.name, {"json": "Experiment"}, write)


def export_figure(window: Window) -> None:
    """Lets a person export the plot that has the keyboard, else the gradient per layer."""
    panel = window.stage.current if window.stage.current in ("heatmap", "loss") else "profile"
    scene = window.cards[panel].scene
    if scene is None:
        window.desk.messages.post("There is nothing to export yet: train the network first.", "export")
        return

    def write(path: Path) -> None:
        from vgdesk.export.figure import export_heatmap, export_loss, export_profile

        exports = {"profile": export_profile, "heatmap": export_heatmap, "loss": export_loss}
        _guarded(window, lambda: exports[panel](scene, path), "export", path)

    ask_file_to_write(window, "Export figure", f"{scene.experiment}-{panel}", FIGURES, write)


def export_equations(window: Window) -> None:
    """Lets a person export the derivation on show."""
    sheet = window.cards["derivation"].scene

    def write(path: Path) -> None:
        from vgdesk.export.derivation import export_derivation

        _guarded(window, lambda: export_derivation(sheet, path), "export", path)

    ask_file_to_write(window, "Export equations", f"{sheet.experiment}-{sheet.wrt}".replace(" ", "-"), EQUATIONS, write)


def _read(path: Path):
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SpecError(f"an experiment must be at most {LARGEST_FILE >> 20} MB, got {path.name!r}")
        return experiment_from_json(path.read_bytes(), path.name)
    except OSError as error:
        raise SpecError(f"cannot read {str(path)!r}: {error.strerror}") from None


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
