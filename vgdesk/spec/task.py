"""What the network is asked to learn: a list of examples, a bundled data set, points in the plane, or a CSV file."""

from typing import NamedTuple

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_finite, require_integer
from vgdesk.spec.planar import PLANE, XOR_POINTS, Planar, TwoCircles, TwoSpirals, Xor
from vgdesk.spec.table import CsvTable

DIGITS_COUNT = 1797
DIGITS_PIXELS = 64
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


class Digits(Spec, frozen=True, tag="digits", tag_field="kind"):
    """Is the UCI optical digits data set: 8x8 grey images divided by 16 (64 inputs in [0, 1]), 10 classes one-hot.

    Attributes
    ----------
    count
        Take the first `count` of the 1,797 images.
    """

    count: int = DIGITS_COUNT

    def __post_init__(self) -> None:
        require_integer("count", self.count, 1, DIGITS_COUNT)


Task = Examples | Digits | Planar | CsvTable


class TaskShape(NamedTuple):
    """Says how large a task is; None where only the data tell: rows and classes of a CSV file."""

    examples: int | None
    inputs: int
    targets: int | None


def task_shape(task: Task, loss: str = "mse") -> TaskShape:
    """Returns the size of a task; the loss says how many outputs its classes need (see `class_outputs`)."""
    match task:
        case Digits():
            return TaskShape(task.count, DIGITS_PIXELS, DIGITS_CLASSES)
        case Xor():
            return TaskShape(XOR_POINTS, PLANE, class_outputs(2, loss))
        case TwoCircles() | TwoSpirals():
            return TaskShape(task.count, PLANE, class_outputs(2, loss))
        case CsvTable():
            return TaskShape(None, len(task.inputs), len(task.target) if task.is_regression else None)
        case Examples():
            return TaskShape(len(task.inputs), len(task.inputs[0]), len(task.targets[0]))


def class_outputs(classes: int, loss: str) -> int:
    """Returns how many outputs tell classes apart: one for each, but one (0 or 1) for two classes without softmax."""
    return 1 if classes == 2 and loss != "softmax-cross-entropy" else classes


def has_classes(task: Task) -> bool:
    """Whether the targets are classes, so that an answer is right or wrong."""
    return not isinstance(task, Examples) and not (isinstance(task, CsvTable) and task.is_regression)
