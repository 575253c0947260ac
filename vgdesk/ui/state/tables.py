"""Reads a person's table beside the window's thread and puts it on the desk as an experiment.

A large file takes seconds; a thread lives as long as one is read. What does not fit is said by the dialog, or where it
was closed meanwhile becomes the sentence on show; the desk stays as it was.
"""

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMetaMethod, QObject, Signal

from vgdesk.errors import VgdeskError
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session


@dataclass(frozen=True)
class TableChoice:
    """Is what a person chose of a CSV file; `goal` None leaves it to the target's look (see `experiment_from_csv`)."""

    path: str
    delimiter: str
    target: str
    inputs: tuple[str, ...]
    goal: str | None = None
    hidden: str = "16,16"
    standardise: bool = True
    held_out: float = 0.2


class Tables(QObject):
    """Reads tables, one at a time; `_read` carries the experiment or the sentence into the window's thread.

    `opened` carries the experiment that a table has become, `refused` the sentence why it became none.
    """

    opened = Signal(object)
    refused = Signal(str)
    _read = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._messages = session, jobs, messages
        self._is_reading = False
        self._read.connect(self._take)

    def read(self, choice: TableChoice) -> None:
        """Reads a table and opens it; while another is read, says so."""
        if self._is_reading:
            self._messages.post("Another table is being read; wait until it is open.")
            return
        self._is_reading = True
        self._messages.dismiss()
        self._jobs.note("table", f"reading {Path(choice.path).name}")
        threading.Thread(target=self._work, args=(choice,), name="table", daemon=True).start()

    def _work(self, choice: TableChoice) -> None:
        try:
            found = _experiment(choice)
        except VgdeskError as error:
            found = str(error)
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self._read.emit(found)

    def _take(self, found: Experiment | str) -> None:
        self._is_reading = False
        self._jobs.note("table", "")
        if isinstance(found, str):
            # a dialog that still stands says it where the table is chosen
            if not self.isSignalConnected(QMetaMethod.fromSignal(self.refused)):
                self._messages.post(found)
            self.refused.emit(found)
        else:
            self._session.open(found)
            self._messages.tell(f"On the desk: {found.title}")
            self.opened.emit(found)


def _experiment(choice: TableChoice) -> Experiment:
    from vgdesk.study.csv_experiment import experiment_from_csv, hidden_widths  # not on the way to the first sight

    return experiment_from_csv(
        choice.path,
        [choice.target],
        choice.inputs,
        goal=choice.goal,
        hidden=hidden_widths(choice.hidden),
        delimiter=choice.delimiter,
        standardise=choice.standardise,
        held_out=choice.held_out,
    )
