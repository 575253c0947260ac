"""Menu File: experiments and tables in and out. What fails becomes one sentence in the banner."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.errors import ExportError, VgdeskError
from vgdesk.spec.files import experiment_text, read_experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.table import CsvTable
from vgdesk.ui.commands.dialogs import ask_file_to_open, ask_file_to_write

if TYPE_CHECKING:
    from vgdesk.spec.experiment import Experiment
    from vgdesk.ui.actions.palette import Entry
    from vgdesk.ui.window import Window

WITHOUT_NETWORK = ("compare", "claims", "maps")
"""Workspaces in which another network on the desk changes nothing that is seen."""


def new_from_example(window: Window) -> None:
    """Offers the bundled experiments."""
    from vgdesk.ui.actions.palette import Palette

    Palette(window, "Choose an example", example_entries(window)).open_over(window)


def example_entries(window: Window, before: str = "") -> list[Entry]:
    """Returns the bundled networks as lines of a palette, each with some words before its title."""
    from vgdesk.ui.actions.palette import Entry

    found = [example(name) for name in EXAMPLES]
    return [Entry(f"{before}{one.title}", one.name, lambda one=one: window.desk.session.open(one)) for one in found]


def open_experiment(window: Window) -> None:
    """Lets a person open an experiment from a JSON file."""

    def read(path: Path) -> None:
        guarded(window, lambda: window.desk.session.open(read_experiment(path), path.name), "open")

    ask_file_to_open(window, "Open experiment", "Experiment (*.json)", read)


def import_table(window: Window) -> None:
    """Lets a person choose columns of a CSV file to train on."""

    def choose(path: Path) -> None:
        from vgdesk.ui.panels.table_dialog import TableDialog

        guarded(window, lambda: TableDialog(window, str(path), window.desk.tables).open(), "open")

    ask_file_to_open(window, "Import table", "Table (*.csv *.tsv *.txt)", choose)


def show_imported(window: Window) -> None:
    """Turns from a workspace that does not show the network on the desk to the one in which it is trained."""
    if window.stage.workspace in WITHOUT_NETWORK:
        window.stage.show_workspace("train")


def save_experiment(window: Window) -> None:
    """Lets a person save the training experiment as JSON."""
    experiment = window.desk.session.training

    def write(path: Path) -> None:
        from vgdesk.export.files import write_file

        guarded(window, lambda: write_file(path, experiment_text(experiment, path.parent).encode()), "export", path)

    ask_file_to_write(window, "Save experiment", experiment.name, {"json": "Experiment"}, write)


def guarded(window: Window, work: Callable[[], None], about: str, written: Path | None = None) -> None:
    """Does the work and says in one sentence why it failed, or in passing what was written."""
    messages = window.desk.messages
    try:
        if written is not None:
            refuse_own_data(window.desk.session.training, written)
        work()
    except VgdeskError as error:
        messages.post(str(error), about)
    else:
        messages.settle(about)
        if written is not None:
            messages.tell(f"Wrote {written}")


def refuse_own_data(experiment: Experiment, path: Path) -> None:
    """Raises `ExportError` where a file would take the place of the data table that the network learns."""
    task = experiment.task
    if isinstance(task, CsvTable) and path.exists() and os.path.exists(task.path) and path.samefile(task.path):
        raise ExportError(f"cannot write {path}: the network learns the data in it; choose another name")
