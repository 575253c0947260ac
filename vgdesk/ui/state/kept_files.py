"""Keeps the compared runs from one start of the window to the next.

A run that came from a file is remembered by its path. One that was kept from the desk is written by another process to
the session's folder; nothing of it is written on the window's thread, and what is let go of is deleted from there.
"""

import contextlib
import time
import uuid
from pathlib import Path

from PySide6.QtCore import QObject

from vgdesk.engine.studies import KeepRunJob, RunKept
from vgdesk.records.comparison import MOST_RUNS
from vgdesk.ui.state.comparisons import Comparisons
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.memory import Memory
from vgdesk.ui.state.studies import Studies

KEY = "comparison/runs"
_PREFIX = "kept-"
FINISH_SECONDS = 5.0
"""A process takes half a second to begin, and several on a busy machine."""


class KeptFiles(QObject):
    """Follows the comparison; without a folder (screenshots, tests) it does nothing."""

    def __init__(self, comparisons: Comparisons, studies: Studies, jobs: Jobs, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._comparisons, self._studies, self._jobs, self._memory = comparisons, studies, jobs, memory
        self._folder = memory.folder
        self._waiting: list[str] = []
        self._writing: dict[int, tuple[object, str]] = {}
        self._known: tuple[str, ...] = ()
        if self._folder is not None:
            comparisons.changed.connect(self._follow)
            studies.progressed.connect(self._take)
            studies.finished.connect(self._end)
            studies.failed.connect(lambda number, _: self._end(number))

    def begin(self) -> None:
        """Brings back the runs that were compared last, one file after the other."""
        if self._folder is not None:
            self._waiting = self._memory.lines(KEY, MOST_RUNS)
            self._known = tuple(self._waiting)
            self._read_next()

    def finish(self) -> None:
        """Waits a little for runs that were kept a moment ago; whoever closes the window has hidden it before."""
        deadline = time.monotonic() + FINISH_SECONDS
        while self._writing and time.monotonic() < deadline:
            self._jobs.poll()
            time.sleep(0.01)

    def _read_next(self) -> None:
        if self._waiting and not self._comparisons.is_awaited:
            path = self._waiting.pop(0)
            if Path(path).is_file():
                self._comparisons.read(path, Path(path).name)
            else:
                self._read_next()

    def _follow(self) -> None:
        """Writes what is in no file yet, notes where everything is, and deletes what nobody wants any more."""
        self._read_next()
        writing = [run for run, _ in self._writing.values()]
        for run, source in zip(self._comparisons.runs, self._comparisons.sources, strict=True):
            if not source and not any(run is other for other in writing):
                path = str(Path(self._folder or "") / f"{_PREFIX}{uuid.uuid4().hex[:16]}.json")
                job = KeepRunJob(experiment=run.experiment, history=run.history, path=path)
                self._writing[self._studies.begin(job, "")] = run, path
        self._note()

    def _take(self, number: int, part: object) -> None:
        if number in self._writing and isinstance(part, RunKept):
            run, path = self._writing.pop(number)
            if not self._comparisons.set_source(run, path):
                _delete(path)

    def _end(self, number: int) -> None:
        self._writing.pop(number, None)

    def _note(self) -> None:
        """Remembers the paths; those still to be read or being read stay in the list."""
        reading = self._comparisons.reading
        now = tuple(dict.fromkeys((*filter(None, self._comparisons.sources), *reading, *self._waiting)))
        if now == self._known:
            return
        for path in set(self._known) - set(now):
            if Path(path).parent == self._folder and Path(path).name.startswith(_PREFIX):
                _delete(path)
        self._known = now
        self._memory.write_lines(KEY, now)


def _delete(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
