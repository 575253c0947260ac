"""How recorded rows lie in the ring: in frames of `HEADER` numbers and then the rows.

A frame is [generation, first step, rows, layers, outcome], then `rows` x (loss, log10 |dL/dW^l| for every layer,
log10 |dL/dz^l| for every layer). All are float64, which holds
every integer here exactly (up to 2^53) and every float32.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory, RunOutcome

HEADER = 5
_OUTCOMES = tuple(RunOutcome)


class Frame(NamedTuple):
    """Is the content of one frame: consecutive rows of the run with this generation."""

    generation: int
    history: GradientHistory


def to_frames(generation: int, history: GradientHistory, capacity: int) -> Iterator[np.ndarray]:
    """Yields a history as frames of at most half of a ring's `capacity`, so that writer and reader can overlap.

    Only the last frame carries the history's outcome; the run goes on after the others.
    """
    most = max(1, (capacity // 2 - HEADER) // (1 + 2 * history.layers))
    for start in range(0, history.steps, most):
        rows = slice(start, min(start + most, history.steps))
        outcome = history.outcome if rows.stop == history.steps else RunOutcome.RUNNING
        head = (generation, history.first_step + start, rows.stop - start, history.layers, _OUTCOMES.index(outcome))
        body = (history.loss[rows, None], history.log10_weight_norm[rows], history.log10_delta_norm[rows])
        yield np.concatenate([np.array(head, dtype=np.float64), np.concatenate(body, axis=1).ravel()])


def from_frames(numbers: np.ndarray, experiment_name: str) -> Iterator[Frame]:
    """Yields the frames in what was read from a ring."""
    while len(numbers):
        generation, first_step, rows, layers, outcome = (int(value) for value in numbers[:HEADER])
        end = HEADER + rows * (1 + 2 * layers)
        table = numbers[HEADER:end].reshape(rows, 1 + 2 * layers)
        history = GradientHistory(
            experiment=experiment_name,
            first_step=first_step,
            loss=frozen(table[:, 0]),
            log10_weight_norm=frozen(table[:, 1 : 1 + layers]),
            log10_delta_norm=frozen(table[:, 1 + layers :]),
            outcome=_OUTCOMES[outcome],
        )
        yield Frame(generation, history)
        numbers = numbers[end:]
