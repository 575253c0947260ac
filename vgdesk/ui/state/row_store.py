"""Grows with a training run: recorded rows arrive in parts, the whole is read as one history without copying.

Room for the whole run is reserved at once where that is sensible (memory is only taken when rows are written); beyond
that it doubles when it is used up, so that n rows cost O(n) copying in total. A history handed out is a read-only view:
rows that were recorded never change, so it stays true while more rows are appended behind it.
"""

import numpy as np

from vgdesk.records.evaluation import Evaluations, join
from vgdesk.records.history import LAYER_COLUMNS, STEP_COLUMNS, GradientHistory, RunOutcome

MOST_RESERVED = 2**24
"""Numbers of one array that are reserved at most before they are needed: 128 MiB."""


class RowStore:
    """Holds the rows of one run."""

    def __init__(self, experiment: str, layers: int, expected: int = 1024) -> None:
        self._experiment = experiment
        self._layers = layers
        self._steps = 0
        self._outcome = RunOutcome.RUNNING
        self._evaluations = Evaluations()
        room = max(1, min(expected, MOST_RESERVED // layers))
        self._columns = {name: np.empty(room, bool if name == "clipped" else float) for name in STEP_COLUMNS}
        self._columns |= {name: np.empty((room, layers)) for name in LAYER_COLUMNS}

    @property
    def steps(self) -> int:
        """Number of rows so far."""
        return self._steps

    def append(self, part: GradientHistory) -> None:
        """Takes the next rows of the run."""
        end = self._steps + part.steps
        self._make_room(end)
        for name, column in self._columns.items():
            column[self._steps : end] = getattr(part, name)
        self._steps = end

    def evaluate(self, part: Evaluations) -> None:
        """Takes the next measurements beside the training."""
        self._evaluations = join([self._evaluations, part])

    def finish(self, outcome: RunOutcome) -> None:
        """Notes how the run ended."""
        self._outcome = outcome

    def history(self) -> GradientHistory:
        """Returns all rows so far as one record."""
        return GradientHistory(
            experiment=self._experiment,
            first_step=0,
            outcome=self._outcome,
            evaluations=self._evaluations,
            **{name: _read_only(column[: self._steps]) for name, column in self._columns.items()},
        )

    def _make_room(self, steps: int) -> None:
        room = len(self._columns["loss"])
        if steps <= room:
            return
        while room < steps:
            room *= 2
        self._columns = {name: _grown(column, room, self._steps) for name, column in self._columns.items()}


def _grown(rows: np.ndarray, room: int, used: int) -> np.ndarray:
    larger = np.empty((room, *rows.shape[1:]), rows.dtype)
    larger[:used] = rows[:used]
    return larger


def _read_only(rows: np.ndarray) -> np.ndarray:
    view = rows.view()
    view.setflags(write=False)
    return view
