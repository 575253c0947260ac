"""How recorded rows lie in the ring: in frames of `HEADER` numbers and then the rows.

What a run records differs from run to run, so every frame says what it holds: the header is

    [generation, rows, steps made, outcome, kind of places, bins of a histogram (0 = none), places of a histogram]

and then, for every name of `QUANTITIES` in their order, how many places it has (0 = not recorded). Then come `rows` x
(step number, the step columns of a history, each recorded quantity place by place, the histograms place by place). All
are float64, which holds every integer here exactly (up to 2^53), every float32, and false and true as 0 and 1. A frame
may have no rows: steps were made of which none is recorded. Evaluations do not lie here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.places import Places
from vgdesk.spec.recording import QUANTITIES

_NAMES, _OUTCOMES, _PLACES = tuple(QUANTITIES), tuple(RunOutcome), tuple(Places)
_FIXED = 7
HEADER = _FIXED + len(_NAMES)
_COLUMNS = ("step_numbers", *STEP_COLUMNS)
_TYPES = {"step_numbers": np.int64, "clipped": np.bool_}


class Frame(NamedTuple):
    """Is the content of one frame: consecutive rows of the run with this generation."""

    generation: int
    history: GradientHistory


class _Layout(NamedTuple):
    """Says what a row consists of: recorded quantities with their numbers of places, and the histograms' shape."""

    signals: Places
    counts: dict[str, int]
    histogram: tuple[int, int] | None

    @property
    def row_size(self) -> int:
        bins, places = self.histogram or (0, 0)
        return len(_COLUMNS) + sum(self.counts.values()) + bins * places

    def head(self) -> list[int]:
        counts = (self.counts.get(name, 0) for name in _NAMES)
        return [_PLACES.index(self.signals), *(self.histogram or (0, 0)), *counts]


def row_size(history: GradientHistory) -> int:
    """Returns how many numbers a row of the history has."""
    return _layout_of(history).row_size


def to_frames(generation: int, history: GradientHistory, capacity: int) -> Iterator[np.ndarray]:
    """Yields a history as frames of at most half of a ring's `capacity`, so that writer and reader can overlap.

    Only the last frame carries the history's outcome and steps made; the run goes on after the others. A frame has at
    least one row, however long, unless the history has none.
    """
    layout = _layout_of(history)
    most = max(1, (capacity // 2 - HEADER) // layout.row_size)
    for start in range(0, max(1, history.rows), most):
        stop = min(start + most, history.rows)
        is_last = stop == history.rows
        made = history.steps_made if is_last else int(history.step_numbers[stop - 1]) + 1
        outcome = history.outcome if is_last else RunOutcome.RUNNING
        head = [generation, stop - start, made, _OUTCOMES.index(outcome), *layout.head()]
        yield np.concatenate([np.array(head, dtype=np.float64), _body(history, slice(start, stop)).ravel()])


def from_frames(numbers: np.ndarray, experiment_name: str) -> Iterator[Frame]:
    """Yields the frames in what was read from a ring."""
    while len(numbers):
        head = [int(value) for value in numbers[:HEADER]]
        generation, rows, made, outcome = head[:4]
        layout = _layout_from(head[4:])
        end = HEADER + rows * layout.row_size
        columns = _columns(numbers[HEADER:end].reshape(rows, layout.row_size), layout)
        history = GradientHistory(
            experiment=experiment_name,
            steps_made=made,
            outcome=_OUTCOMES[outcome],
            signals=layout.signals,
            **columns,
        )
        yield Frame(generation, history)
        numbers = numbers[end:]


def _layout_of(history: GradientHistory) -> _Layout:
    counts = {name: history.quantities[name].shape[1] for name in _NAMES if name in history.quantities}
    histograms = history.histograms
    shape = None if histograms is None else (int(histograms.shape[2]), int(histograms.shape[1]))
    return _Layout(history.signals, counts, shape)


def _layout_from(head: list[int]) -> _Layout:
    places, bins, of, *counts = head
    named = {name: count for name, count in zip(_NAMES, counts, strict=True) if count}
    return _Layout(_PLACES[places], named, (bins, of) if bins else None)


def _body(history: GradientHistory, rows: slice) -> np.ndarray:
    """Returns the rows, shape (rows, row size), in the order of the layout."""
    body = [getattr(history, column)[rows, None] for column in _COLUMNS]
    body += [history.quantities[name][rows] for name in _NAMES if name in history.quantities]
    if history.histograms is not None:
        chosen = history.histograms[rows]
        body.append(chosen.reshape(len(chosen), -1))
    return np.concatenate(body, axis=1)


def _columns(table: np.ndarray, layout: _Layout) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: frozen(table[:, k], _TYPES.get(name, np.float64)) for k, name in enumerate(_COLUMNS)
    }
    first, quantities = len(_COLUMNS), {}
    for name, count in layout.counts.items():
        quantities[name] = frozen(table[:, first : first + count])
        first += count
    columns["quantities"] = quantities
    if layout.histogram:
        bins, places = layout.histogram
        columns["histograms"] = frozen(table[:, first:].reshape(len(table), places, bins))
    return columns
