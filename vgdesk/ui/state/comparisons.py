"""The runs that a person lays side by side: kept from the desk, trained for it, or read from files.

A run that is kept again later takes the place of its shorter self. Numbers of long jobs belong to what they were asked
for: A and B arrive together, so that A always stands before B.
"""

import numpy as np
from PySide6.QtCore import QObject, Signal

from vgdesk.diagnosis.kept import kept_run
from vgdesk.engine.studies import ComparedRun, CompareJob, ReadRunJob, RunRead
from vgdesk.records.comparison import MOST_RUNS, KeptRun, thinned
from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.runs import Runs
from vgdesk.ui.state.studies import Studies

ABOUT = "comparison"
"""What messages of this kind are about."""


class Comparisons(QObject):
    """Holds the runs in order; `changed` tells of every change of them, of what is shown, and of what is awaited."""

    changed = Signal()

    def __init__(self, runs: Runs, studies: Studies, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_desk, self._studies, self._messages = runs, studies, messages
        self._runs: tuple[KeptRun, ...] = ()
        self._sources: tuple[str, ...] = ()
        self._last: tuple[Experiment, GradientHistory] | None = None
        self._quantity: str | None = None
        self._training: dict[int, tuple[Experiment, ...]] = {}
        self._trained: dict[int, dict[int, GradientHistory]] = {}
        self._reading: dict[int, str] = {}
        runs.left.connect(self._remember_last)
        studies.progressed.connect(self._take)
        studies.finished.connect(self._finish)
        studies.failed.connect(lambda number, _: self._forget(number))

    @property
    def runs(self) -> tuple[KeptRun, ...]:
        """The runs in their order; the others are compared with the first."""
        return self._runs

    @property
    def sources(self) -> tuple[str, ...]:
        """For each run the path of the file that holds it, "" for none."""
        return self._sources

    @property
    def reading(self) -> tuple[str, ...]:
        """Paths of the files that are being read."""
        return tuple(self._reading.values())

    def set_source(self, run: object, path: str) -> bool:
        """Notes that a run is in a file now; returns False where it was let go of meanwhile."""
        places = [place for place, one in enumerate(self._runs) if one is run]
        for place in places:
            self._sources = (*self._sources[:place], path, *self._sources[place + 1 :])
            self.changed.emit()
        return bool(places)

    @property
    def quantity(self) -> str | None:
        """What profiles and heat maps show; None for the usual one."""
        return self._quantity

    @property
    def has_last(self) -> bool:
        """Whether there was a run before the one on the desk."""
        return self._last is not None

    @property
    def is_awaited(self) -> bool:
        """Whether runs are being trained or read."""
        return bool(self._training or self._reading)

    def keep(self) -> None:
        """Takes the run on the desk, as far as it is, into the comparison."""
        experiment, history = self._on_desk.running, self._on_desk.history
        if experiment is None or not history.rows:
            self._messages.post("There is no run to keep yet: train the network first.", ABOUT)
        elif self._add(experiment, history):
            self._messages.tell(f"Kept the run at step {history.step_numbers[-1]:,} for comparison (Ctrl+4)")

    def keep_last(self) -> None:
        """Takes the run before, and the one on the desk, into the comparison."""
        if self._last is not None:
            self._add(*self._last)
        self.keep()

    def train(self, experiments: tuple[Experiment, ...]) -> None:
        """Trains experiments side by side to their ends and takes the runs into the comparison."""
        number = self._studies.begin(CompareJob(experiments=experiments), f"training {len(experiments)} networks")
        self._training[number], self._trained[number] = experiments, {}
        self.changed.emit()

    def read(self, path: str, name: str) -> None:
        """Takes the run in a file into the comparison."""
        self._reading[self._studies.begin(ReadRunJob(path=path), f"reading {name}")] = path
        self.changed.emit()

    def remove(self, place: int) -> None:
        """Lets go of a run by its place, counting from 0."""
        if 0 <= place < len(self._runs):
            self._runs = (*self._runs[:place], *self._runs[place + 1 :])
            self._sources = (*self._sources[:place], *self._sources[place + 1 :])
            self.changed.emit()

    def clear(self) -> None:
        """Lets go of all runs."""
        self._runs, self._sources = (), ()
        self.changed.emit()

    def cancel(self) -> None:
        """Ends what is being trained or read for the comparison."""
        for number in (*self._training, *self._reading):
            self._studies.cancel(number)
            self._forget(number)

    def choose_quantity(self, name: str) -> None:
        """Shows another quantity of all runs."""
        if name != self._quantity:
            self._quantity = name
            self.changed.emit()

    def _remember_last(self, experiment: Experiment, history: GradientHistory) -> None:
        """Remembers a run that made at least one update; a start that was taken back at once is none."""
        if history.rows > 1:
            self._last = experiment, thinned(history)
            self.changed.emit()

    def _take(self, number: int, part: object) -> None:
        match part:
            case ComparedRun() if number in self._training:
                self._trained[number][part.number] = part.history
            case RunRead() if number in self._reading:
                self._add(part.experiment, part.history, self._reading[number])
            case _:
                pass

    def _finish(self, number: int) -> None:
        if number in self._training:
            found = self._trained[number]
            for place, experiment in enumerate(self._training[number]):
                self._add(experiment, found[place])
        self._forget(number)

    def _forget(self, number: int) -> None:
        if number in self._training or number in self._reading:
            self._training.pop(number, None)
            self._trained.pop(number, None)
            self._reading.pop(number, None)
            self.changed.emit()

    def _add(self, experiment: Experiment, history: GradientHistory, source: str = "") -> bool:
        """Adds a run, or puts it in the place of its shorter self; returns False where there is no room."""
        run = kept_run(experiment, thinned(history))
        places = [place for place, other in enumerate(self._runs) if _is_same(other, run)]
        if not places and len(self._runs) == MOST_RUNS:
            self._messages.post(f"{MOST_RUNS} runs are compared already: remove one of them first.", ABOUT)
            return False
        place = places[0] if places else len(self._runs)
        self._runs = (*self._runs[:place], run, *self._runs[place + 1 :])
        self._sources = (*self._sources[:place], source, *self._sources[place + 1 :])
        if self._quantity is not None and not any(one.history.has(self._quantity) for one in self._runs):
            self._quantity = None
        self._messages.settle(ABOUT)
        self.changed.emit()
        return True


def _is_same(one: KeptRun, other: KeptRun) -> bool:
    """Whether two records are of the same run, one perhaps longer: runs are repeatable bit for bit."""
    if one.experiment != other.experiment:
        return False
    rows = min(one.history.rows, other.history.rows)
    steps = np.array_equal(one.history.step_numbers[:rows], other.history.step_numbers[:rows])
    return steps and np.array_equal(one.history.loss[:rows], other.history.loss[:rows], equal_nan=True)
