"""Grows with a training run: recorded rows arrive in parts, the whole is read as one history without copying.

Room for the whole run is reserved at once where that is sensible (memory is only taken when rows are written); beyond
that it doubles when it is used up, so that n rows cost O(n) copying in total. A history handed out is a read-only view:
rows that were recorded never change, so it stays true while more rows are appended behind it.
"""

import numpy as np

from vgdesk.records.history import GradientHistory, RunOutcome

MOST_RESERVED = 2**24
"""Numbers of one array that are reserved at most before they are needed: 128 MiB."""


class RowStore:
    """Holds the rows of one run."""

    def __init__(self, experiment: str, layers: int, expected: int = 1024) -> None:
        self._experiment = experiment
        self._layers = layers
        self._steps = 0
        self._outcome = RunOutcome.RUNNING
        room = max(1, min(expected, MOST_RESERVED // layers))
        self._loss = np.empty(room)
        self._weight = np.empty((room, layers))
        self._delta = np.empty((room, layers))

    @property
    def steps(self) -> int:
        """Number of rows so far."""
        return self._steps

    def append(self, part: GradientHistory) -> None:
        """Takes the next rows of the run."""
        end = self._steps + part.steps
        self._make_room(end)
        rows = slice(self._steps, end)
        self._loss[rows] = part.loss
        self._weight[rows] = part.log10_weight_norm
        self._delta[rows] = part.log10_delta_norm
        self._steps = end

    def finish(self, outcome: RunOutcome) -> None:
        """Notes how the run ended."""
        self._outcome = outcome

    def history(self) -> GradientHistory:
        """Returns all rows so far as one record."""
        return GradientHistory(
            experiment=self._experiment,
            loss=_read_only(self._loss[: self._steps]),
            log10_weight_norm=_read_only(self._weight[: self._steps]),
            log10_delta_norm=_read_only(self._delta[: self._steps]),
            outcome=self._outcome,
        )

    def _make_room(self, steps: int) -> None:
        room = len(self._loss)
        if steps <= room:
            return
        while room < steps:
            room *= 2
        self._loss = _grown(self._loss, room, self._steps)
        self._weight = _grown(self._weight, room, self._steps)
        self._delta = _grown(self._delta, room, self._steps)


def _grown(rows: np.ndarray, room: int, used: int) -> np.ndarray:
    larger = np.empty((room, *rows.shape[1:]))
    larger[:used] = rows[:used]
    return larger


def _read_only(rows: np.ndarray) -> np.ndarray:
    view = rows.view()
    view.setflags(write=False)
    return view
