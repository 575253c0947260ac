"""What the Compare workspace offers: keep runs, change one thing, open a run, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.commands.dialogs import ask_file_to_open

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def compare_with_last(window: Window) -> None:
    """Lays the run on the desk and the one before it side by side."""
    window.desk.comparisons.keep_last()
    window.stage.show_workspace("compare")


def duplicate_with_change(window: Window) -> None:
    """Asks for one change of the network on the desk, and trains it as it is and with that change."""
    from vgdesk.ui.panels.duplicate_dialog import DuplicateDialog

    desk = window.desk

    def train(experiments: tuple[Experiment, ...]) -> None:
        desk.comparisons.train(experiments)
        window.stage.show_workspace("compare")

    DuplicateDialog(window, desk.session.training, train).open()


def open_run(window: Window) -> None:
    """Lets a person take a run from a file into the comparison."""

    def read(path: Path) -> None:
        window.desk.comparisons.read(str(path), path.name)
        window.stage.show_workspace("compare")

    ask_file_to_open(window, "Open run", "Run (*.json)", read)


def remove_run(window: Window) -> None:
    """Lets go of the run that the table's cursor is on, else of the last one."""
    from vgdesk.ui.panels.runs_table import RunsTable

    comparisons, view = window.desk.comparisons, window.cards["compared_runs"].view
    place = view.current_place if isinstance(view, RunsTable) else -1
    comparisons.remove(place if place >= 0 else len(comparisons.runs) - 1)
