"""Grows with a training run: recorded rows arrive in parts, the whole is read as one history without copying.

What a row consists of shows in the first part. Room for the whole run is reserved then where that is sensible (memory
is only taken when rows are written); beyond that it doubles when it is used up, so that n rows cost O(n) copying in
total. A history handed out is a read-only view: rows that were recorded never change, so it stays true while more rows
are appended behind it.
"""

import numpy as np

from vgdesk.records.breakdown import Breakdown
from vgdesk.records.evaluation import Evaluations, join
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.places import Places, signal_places
from vgdesk.records.recorded import expected_rows
from vgdesk.spec.experiment import Experiment

MOST_RESERVED = 2**24
"""Numbers of one array that are reserved at most before they are needed: 128 MiB."""

_COLUMNS = ("step_numbers", *STEP_COLUMNS)
_HISTOGRAMS = "histograms"


class RowStore:
    """Holds the rows of one run of an experiment; `expected` is how many rows there will probably be."""

    def __init__(self, experiment: str, signals: Places = Places.LAYERS, expected: int = 1024) -> None:
        self._experiment, self._signals, self._expected = experiment, signals, expected
        self._rows = self._steps_made = 0
        self._outcome = RunOutcome.RUNNING
        self._breakdown: Breakdown | None = None
        self._evaluations = Evaluations()
        self._tables: dict[str, np.ndarray] = {}
        self._quantities: tuple[str, ...] = ()

    @classmethod
    def for_run_of(cls, experiment: Experiment) -> "RowStore":
        """Returns an empty store with room for the rows of an experiment's run."""
        expected = expected_rows(experiment.recording.when, experiment.training.steps)
        return cls(experiment.name, signal_places(experiment.network)[0], expected)

    @property
    def rows(self) -> int:
        """Number of rows so far."""
        return self._rows

    @property
    def bytes_reserved(self) -> int:
        """Size of all arrays, whether their memory is taken yet or not."""
        return sum(table.nbytes for table in self._tables.values())

    @property
    def bytes_used(self) -> int:
        """Size of the rows so far."""
        return sum(table[: self._rows].nbytes for table in self._tables.values())

    def rename(self, experiment: str) -> None:
        """Calls the experiment differently: the run goes on while it is edited."""
        self._experiment = experiment

    def append(self, part: GradientHistory) -> None:
        """Takes the next rows of the run; every part has the quantities of the first one."""
        given = _tables_of(part)
        if not self._tables:
            self._tables = {name: self._reserved(table) for name, table in given.items()}
            self._quantities = tuple(part.quantities)
        end = self._rows + part.rows
        self._make_room(end)
        for name, table in self._tables.items():
            table[self._rows : end] = given[name]
        self._rows, self._steps_made = end, part.steps_made

    def evaluate(self, part: Evaluations) -> None:
        """Takes the next measurements beside the training."""
        self._evaluations = join([self._evaluations, part])

    def finish(self, outcome: RunOutcome, breakdown: Breakdown | None = None) -> None:
        """Notes how the run ended."""
        self._outcome, self._breakdown = outcome, breakdown

    def history(self) -> GradientHistory:
        """Returns all rows so far as one record."""
        views = {name: _read_only(table[: self._rows]) for name, table in self._tables.items()}
        return GradientHistory(
            experiment=self._experiment,
            signals=self._signals,
            quantities={name: views[name] for name in self._quantities},
            histograms=views.get(_HISTOGRAMS),
            steps_made=self._steps_made,
            outcome=self._outcome,
            evaluations=self._evaluations,
            breakdown=self._breakdown,
            **({name: views[name] for name in _COLUMNS} if views else {"loss": np.empty(0)}),
        )

    def _reserved(self, table: np.ndarray) -> np.ndarray:
        numbers = int(np.prod(table.shape[1:], dtype=np.int64))
        return np.empty((max(1, min(self._expected, MOST_RESERVED // max(1, numbers))), *table.shape[1:]), table.dtype)

    def _make_room(self, rows: int) -> None:
        for name, table in self._tables.items():
            room = len(table)
            while room < rows:
                room *= 2
            if room > len(table):
                self._tables[name] = _grown(table, room, self._rows)


def _tables_of(part: GradientHistory) -> dict[str, np.ndarray]:
    """Returns every array of rows under one name; no quantity is called like a column."""
    tables = {name: getattr(part, name) for name in _COLUMNS} | part.quantities
    return tables if part.histograms is None else tables | {_HISTOGRAMS: part.histograms}


def _grown(rows: np.ndarray, room: int, used: int) -> np.ndarray:
    larger = np.empty((room, *rows.shape[1:]), rows.dtype)
    larger[:used] = rows[:used]
    return larger


def _read_only(rows: np.ndarray) -> np.ndarray:
    view = rows.view()
    view.setflags(write=False)
    return view
