"""What the network is asked to learn: a list of examples, or a bundled data set."""

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_finite, require_integer

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


Task = Examples | Digits


def task_shape(task: Task) -> tuple[int, int, int]:
    """Returns (number of examples, inputs, targets) of a task."""
    if isinstance(task, Digits):
        return task.count, DIGITS_PIXELS, DIGITS_CLASSES
    return len(task.inputs), len(task.inputs[0]), len(task.targets[0])
