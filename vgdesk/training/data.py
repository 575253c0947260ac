"""The examples of a task as arrays, and the order in which training visits them."""

from functools import cache
from typing import NamedTuple

import numpy as np

from vgdesk.assets import resource
from vgdesk.records.codec import frozen
from vgdesk.spec.task import DIGITS_CLASSES, Digits, Task

_BRIGHTEST = 16.0


class TaskData(NamedTuple):
    """Holds all examples of a task, float64 and read-only.

    Attributes
    ----------
    inputs
        Shape (N, inputs).
    targets
        Shape (N, outputs); one-hot for digits.
    """

    inputs: np.ndarray
    targets: np.ndarray


def load(task: Task) -> TaskData:
    """Returns the examples of a task."""
    if isinstance(task, Digits):
        images, labels = _digits()
        return TaskData(images[: task.count], labels[: task.count])
    return TaskData(frozen(task.inputs), frozen(task.targets))


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    with np.load(resource("data", "digits.npz"), allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    return frozen(images / _BRIGHTEST), frozen(np.eye(DIGITS_CLASSES)[labels])


class BatchOrder:
    """Says which examples each step takes, epoch after epoch.

    When a step takes all examples, they keep their own order. Otherwise each epoch visits them in a new order drawn
    from the seed (or in their own order without `shuffle`), and a last, smaller batch is dropped. The sequence does
    not depend on how many steps are asked for at a time.

    Parameters
    ----------
    count
        Number of examples.
    batch
        Examples per step, at most `count`.
    shuffle
        Whether the order changes.
    seed
        The experiment's seed; the stream differs from that of the parameters.
    """

    def __init__(self, count: int, batch: int, shuffle: bool, seed: int) -> None:
        self._count, self._batch = count, batch
        self._shuffle = shuffle and batch < count
        self._generator = np.random.default_rng((seed, 1))
        self._epoch = self._next_epoch()
        self._used = 0

    def take(self, steps: int) -> np.ndarray:
        """Returns the rows of the next steps, shape (steps, batch), counting examples from 0."""
        rows = np.empty((steps, self._batch), np.int64)
        for step in range(steps):
            if self._used == len(self._epoch):
                self._epoch, self._used = self._next_epoch(), 0
            rows[step] = self._epoch[self._used]
            self._used += 1
        return rows

    def _next_epoch(self) -> np.ndarray:
        order = self._generator.permutation(self._count) if self._shuffle else np.arange(self._count)
        batches = self._count // self._batch
        return order[: batches * self._batch].reshape(batches, self._batch)
