"""What the network is asked to learn: a list of examples, digits, points in the plane, a CSV file, or sequences."""

from typing import NamedTuple

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer
from vgdesk.spec.planar import PLANE, XOR_POINTS, Planar, TwoCircles, TwoSpirals, Xor
from vgdesk.spec.sequences import AddingProblem, CopyMemory, SequenceExamples, Sequences, TemporalOrder
from vgdesk.spec.table import CsvTable

DIGITS_COUNT = 1797
DIGITS_CLASSES = 10


class Examples(Spec, frozen=True, tag="examples", tag_field="kind"):
    """Lists examples: one row of `inputs` and one row of `targets` per example."""

    inputs: tuple[tuple[float, ...], ...]
    targets: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        require_integer("number of examples", len(self.inputs), 1, 100_000)
        if len(self.targets) != len(self.inputs):
            raise SpecError(f"targets must hold {len(self.inputs)} rows like inputs, got {len(self.targets)}")
        for field, rows in (("inputs", self.inputs), ("targets", self.targets)):
            for number, row in enumerate(rows, start=1):
                if len(row) != len(rows[0]) or not row:
                    raise SpecError(f"row {number} of {field} must hold {max(1, len(rows[0]))} numbers, got {len(row)}")
                for value in row:
                    require_finite(f"row {number} of {field}", value)


ARRANGEMENTS = {"flat": (1, 64), "rows": (8, 8), "pixels": (64, 1)}
"""How a digit is shown: (time steps, inputs per step); flat is no sequence."""


class Digits(Spec, frozen=True, tag="digits", tag_field="kind"):
    """Is the UCI optical digits data set: 8x8 grey images divided by 16 (64 numbers in [0, 1]), 10 classes one-hot.

    Attributes
    ----------
    count
        Take the first `count` of the 1,797 images.
    arrangement
        "flat": 64 inputs at once; "rows": 8 time steps of 8 inputs; "pixels": 64 time steps of one input.
    """

    count: int = DIGITS_COUNT
    arrangement: str = "flat"

    def __post_init__(self) -> None:
        require_choice("arrangement", self.arrangement, tuple(ARRANGEMENTS))
        require_integer("count", self.count, 1, DIGITS_COUNT)


Task = Examples | Digits | Planar | CsvTable | Sequences


class TaskShape(NamedTuple):
    """Says how large a task is; None where only the data tell: rows and classes of a CSV file.

    Attributes
    ----------
    examples
        Number of examples.
    inputs, targets
        Numbers per example, or per time step of a sequence.
    steps
        Number of time steps; None where the inputs are no sequence.
    target_steps
        At how many time steps, the last ones, there is a target; 1 where the inputs are no sequence.
    """

    examples: int | None
    inputs: int
    targets: int | None
    steps: int | None = None
    target_steps: int = 1


def task_shape(task: Task, loss: str = "mse") -> TaskShape:
    """Returns the size of a task; the loss says how many outputs its classes need (see `class_outputs`)."""
    match task:
        case Digits():
            steps, inputs = ARRANGEMENTS[task.arrangement]
            return TaskShape(task.count, inputs, DIGITS_CLASSES, None if task.arrangement == "flat" else steps)
        case Xor():
            return TaskShape(XOR_POINTS, PLANE, class_outputs(2, loss))
        case TwoCircles() | TwoSpirals():
            return TaskShape(task.count, PLANE, class_outputs(2, loss))
        case CsvTable():
            return TaskShape(None, len(task.inputs), len(task.target) if task.is_regression else None)
        case AddingProblem():
            return TaskShape(task.count, 2, 1, task.length)
        case CopyMemory():
            return TaskShape(task.count, task.symbols + 2, task.symbols, task.steps, task.length)
        case TemporalOrder():
            return TaskShape(task.count, 8, 4, task.length)
        case SequenceExamples():
            first, wanted = task.inputs[0], task.targets[0]
            return TaskShape(len(task.inputs), len(first[0]), len(wanted[0]), len(first), len(wanted))
        case Examples():
            return TaskShape(len(task.inputs), len(task.inputs[0]), len(task.targets[0]))


def class_outputs(classes: int, loss: str) -> int:
    """Returns how many outputs tell classes apart: one for each, but one (0 or 1) for two classes without softmax."""
    return 1 if classes == 2 and loss != "softmax-cross-entropy" else classes


def has_classes(task: Task) -> bool:
    """Whether the targets are classes, so that an answer is right or wrong."""
    if isinstance(task, Examples | SequenceExamples | AddingProblem):
        return False
    return not (isinstance(task, CsvTable) and task.is_regression)
