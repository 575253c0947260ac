"""The examples of a task as arrays, what is held out of them, and the order in which training visits the rest.

Every random choice has a stream of its own, made from the experiment's seed: 1 the order, 2 the points or sequences of
a drawn task, 3 which examples are held out; in pre-training 4 the order and 5 the decoder of each layer.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from vgdesk.assets import resource
from vgdesk.errors import DocumentError
from vgdesk.records.codec import frozen
from vgdesk.spec.experiment import Experiment, require_examples
from vgdesk.spec.planar import TwoCircles, TwoSpirals, Xor
from vgdesk.spec.sequences import AddingProblem, CopyMemory, SequenceExamples, TemporalOrder
from vgdesk.spec.table import CsvTable
from vgdesk.spec.task import ARRANGEMENTS, DIGITS_CLASSES, Digits, Examples, Task, class_outputs
from vgdesk.training.csv_file import file_name
from vgdesk.training.csv_table import read_table
from vgdesk.training.planar import draw_points
from vgdesk.training.sequences import draw_sequences
from vgdesk.training.standardise import standardised

_BRIGHTEST = 16.0
_ORDER, _POINTS, _SPLIT, PRETRAINING_ORDER = 1, 2, 3, 4


class TaskData(NamedTuple):
    """Holds examples of a task, float64 and read-only.

    Attributes
    ----------
    inputs
        Shape (N, inputs), or of sequences (N, time steps, inputs).
    targets
        Shape (N, outputs), or of sequences (N, target steps, outputs): the last time steps. Classes are one-hot; two
        classes without softmax are one number, 0 or 1.
    """

    inputs: np.ndarray
    targets: np.ndarray

    def first(self, count: int) -> "TaskData":
        """Returns the first `count` examples, or all where there are fewer."""
        return TaskData(self.inputs[:count], self.targets[:count])


class Parts(NamedTuple):
    """Holds the examples that are trained on and those that are held out: disjoint, together the whole task."""

    training: TaskData
    held_out: TaskData


def load(task: Task, loss: str = "mse", seed: int = 0) -> TaskData:
    """Returns all examples of a task as they are: in their own order, not standardised.

    Parameters
    ----------
    loss
        Says how classes become targets.
    seed
        Draws points and sequences.

    Raises
    ------
    DocumentError
        When a CSV file cannot be read; one sentence with file, column and row.
    """
    match task:
        case Digits():
            return _arranged_digits(task)
        case Xor() | TwoCircles() | TwoSpirals():
            points, classes = draw_points(task, np.random.default_rng((seed, _POINTS)))
            return TaskData(frozen(points), class_targets(classes, 2, loss))
        case CsvTable():
            table = read_table(task)
            targets = table.targets if task.is_regression else class_targets(table.labels, len(table.classes), loss)
            return TaskData(table.inputs, targets)
        case AddingProblem() | CopyMemory() | TemporalOrder():
            return TaskData(*map(frozen, draw_sequences(task, np.random.default_rng((seed, _POINTS)))))
        case Examples() | SequenceExamples():
            return TaskData(frozen(task.inputs), frozen(task.targets))


def load_parts(experiment: Experiment) -> Parts:
    """Returns the examples of an experiment, split by its seed and standardised where the task asks for it.

    Mean and deviation come from the training part alone, so that nothing of what is held out leaks into it.

    Raises
    ------
    SpecError
        When the table has too few rows for the batch.
    DocumentError
        When the table cannot be read, does not fit the network's outputs, or has a column that never changes.
    """
    task, training = experiment.task, experiment.training
    whole = load(task, experiment.loss, experiment.seed)
    _require_outputs(experiment, whole.targets.shape[-1])
    require_examples(training, len(whole.inputs))
    kept, held = split(len(whole.inputs), training.held_out_of(len(whole.inputs)), experiment.seed)
    inputs, targets = whole
    if isinstance(task, CsvTable) and task.standardise:
        inputs = standardised(inputs, kept, task.inputs, file_name(task.path))
        targets = standardised(targets, kept, task.target, file_name(task.path)) if task.is_regression else targets
    return Parts(_rows(inputs, targets, kept), _rows(inputs, targets, held))


def split(count: int, held_out: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the rows to train on and the rows held out, each in the order of the task, counting from 0."""
    order = np.random.default_rng((seed, _SPLIT)).permutation(count)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def class_targets(classes: np.ndarray, count: int, loss: str) -> np.ndarray:
    """Returns targets of the classes 0 to `count` - 1, shape (N, `class_outputs`)."""
    if class_outputs(count, loss) == 1:
        return frozen(classes[:, None])
    return frozen(np.eye(count)[classes])


def _rows(inputs: np.ndarray, targets: np.ndarray, rows: np.ndarray) -> TaskData:
    if len(rows) == len(inputs):
        return TaskData(inputs, targets)
    return TaskData(frozen(inputs[rows]), frozen(targets[rows]))


def _require_outputs(experiment: Experiment, targets: int) -> None:
    """Refuses a table whose classes, which only its rows tell, are not as many as the network's outputs."""
    width, task = experiment.network.outputs, experiment.task
    if isinstance(task, CsvTable) and width != targets:
        raise DocumentError(
            f"column {task.target[0]!r} of {file_name(task.path)} needs an output layer of width {targets} with loss "
            f"{experiment.loss}, but the network's has {width}"
        )


def _arranged_digits(task: Digits) -> TaskData:
    """Returns the images flat, or pixel after pixel from left to right and line after line in steps of the task."""
    images, labels = (array[: task.count] for array in _digits())
    if task.arrangement == "flat":
        return TaskData(images, labels)
    return TaskData(images.reshape(task.count, *ARRANGEMENTS[task.arrangement]), labels[:, None, :])


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
        The experiment's seed.
    stream
        Which of the seed's streams, none of which is that of the parameters.
    """

    def __init__(self, count: int, batch: int, shuffle: bool, seed: int, stream: tuple[int, ...] = (_ORDER,)) -> None:
        self._count, self._batch = count, batch
        self._shuffle = shuffle and batch < count
        self._generator = np.random.default_rng((seed, *stream))
        self._epoch = self._next_epoch()
        self._used = 0
        self._put_back = np.empty((0, batch), np.int64)

    def take(self, steps: int) -> np.ndarray:
        """Returns the rows of the next steps, shape (steps, batch), counting examples from 0."""
        rows = np.empty((steps, self._batch), np.int64)
        again = min(steps, len(self._put_back))
        rows[:again], self._put_back = self._put_back[:again], self._put_back[again:]
        for step in range(again, steps):
            if self._used == len(self._epoch):
                self._epoch, self._used = self._next_epoch(), 0
            rows[step] = self._epoch[self._used]
            self._used += 1
        return rows

    def put_back(self, rows: np.ndarray) -> None:
        """Takes back the last rows that were taken, for steps that were not made after all."""
        self._put_back = np.concatenate([rows, self._put_back])

    def _next_epoch(self) -> np.ndarray:
        order = self._generator.permutation(self._count) if self._shuffle else np.arange(self._count)
        batches = self._count // self._batch
        return order[: batches * self._batch].reshape(batches, self._batch)
