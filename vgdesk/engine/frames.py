"""How recorded rows lie in the ring: in frames of `HEADER` numbers and then the rows.

A frame is [generation, first step, rows, layers, outcome], then `rows` x (the step columns of a history, then each
layer column for every layer). All are float64, which holds every integer here exactly (up to 2^53), every float32, and
false and true as 0 and 1. Evaluations do not lie here.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.history import LAYER_COLUMNS, STEP_COLUMNS, GradientHistory, RunOutcome

HEADER = 5
_OUTCOMES = tuple(RunOutcome)


class Frame(NamedTuple):
    """Is the content of one frame: consecutive rows of the run with this generation."""

    generation: int
    history: GradientHistory


def row_size(layers: int) -> int:
    """Returns how many numbers a row of a network with so many layers has."""
    return len(STEP_COLUMNS) + len(LAYER_COLUMNS) * layers


def to_frames(generation: int, history: GradientHistory, capacity: int) -> Iterator[np.ndarray]:
    """Yields a history as frames of at most half of a ring's `capacity`, so that writer and reader can overlap.

    Only the last frame carries the history's outcome; the run goes on after the others.
    """
    most = max(1, (capacity // 2 - HEADER) // row_size(history.layers))
    for start in range(0, history.steps, most):
        rows = slice(start, min(start + most, history.steps))
        outcome = history.outcome if rows.stop == history.steps else RunOutcome.RUNNING
        head = (generation, history.first_step + start, rows.stop - start, history.layers, _OUTCOMES.index(outcome))
        body = [getattr(history, column)[rows, None] for column in STEP_COLUMNS]
        body += [getattr(history, column)[rows] for column in LAYER_COLUMNS]
        yield np.concatenate([np.array(head, dtype=np.float64), np.concatenate(body, axis=1).ravel()])


def from_frames(numbers: np.ndarray, experiment_name: str) -> Iterator[Frame]:
    """Yields the frames in what was read from a ring."""
    while len(numbers):
        generation, first_step, rows, layers, outcome = (int(value) for value in numbers[:HEADER])
        end = HEADER + rows * row_size(layers)
        table = numbers[HEADER:end].reshape(rows, row_size(layers))
        history = GradientHistory(
            experiment=experiment_name,
            first_step=first_step,
            outcome=_OUTCOMES[outcome],
            evaluations=Evaluations(),
            **_columns(table, layers),
        )
        yield Frame(generation, history)
        numbers = numbers[end:]


def _columns(table: np.ndarray, layers: int) -> dict[str, np.ndarray]:
    columns = {
        name: frozen(table[:, k], bool if name == "clipped" else np.float64) for k, name in enumerate(STEP_COLUMNS)
    }
    for k, name in enumerate(LAYER_COLUMNS):
        first = len(STEP_COLUMNS) + k * layers
        columns[name] = frozen(table[:, first : first + layers])
    return columns
