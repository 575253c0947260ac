"""A sweep: one experiment with every combination of values along some axes.

sweep = Sweep(experiment=..., axes=(Axis("depth", (2, 4, 8)), Axis("seed", (0, 1, 2))))
for point, experiment in cells(sweep): ...          9 experiments, the last axis running fastest
"""

import hashlib
import math
from collections.abc import Iterator
from itertools import product

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.vary import Value, varied

MOST_CELLS = 1_000_000
MOST_VALUES = 10_000
_ID_BYTES = 10


def require_few(field: str, count: int) -> None:
    """Raises `SpecError` unless a field may take so many values."""
    if not 1 <= count <= MOST_VALUES:
        raise SpecError(f"{field[:80]} must take 1 to {MOST_VALUES} values, got {count}")


class Axis(Spec, frozen=True):
    """Is a field (see `vgdesk.spec.vary`) and the values it takes, each once."""

    field: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        require_few(self.field, len(self.values))
        if len(set(self.values)) < len(self.values):
            raise SpecError(f"{self.field[:80]} must take each value once, got some twice")


class Sweep(Spec, frozen=True):
    """Is what is varied, and along which axes."""

    experiment: Experiment
    axes: tuple[Axis, ...]

    def __post_init__(self) -> None:
        fields = [axis.field for axis in self.axes]
        if not fields:
            raise SpecError("a sweep must vary at least one field, got none")
        if len(set(fields)) < len(fields):
            raise SpecError(f"a sweep must vary each field once, got {', '.join(fields)[:200]}")
        if self.size > MOST_CELLS:
            raise SpecError(f"a sweep must have at most {MOST_CELLS:,} experiments, got {self.size:,}")

    @property
    def size(self) -> int:
        """Number of experiments."""
        return math.prod(len(axis.values) for axis in self.axes)


def cells(sweep: Sweep) -> Iterator[tuple[tuple[Value, ...], Experiment]]:
    """Yields the values along the axes and the experiment that has them; the last axis runs fastest.

    Raises
    ------
    SpecError
        Where some combination is no experiment.
    """
    for point in product(*(axis.values for axis in sweep.axes)):
        experiment = sweep.experiment
        for axis, value in zip(sweep.axes, point, strict=True):
            experiment = varied(experiment, axis.field, value)
        yield point, experiment


def identity(experiment: Experiment) -> str:
    """Returns what tells an experiment from every other: the same contents, the same text, everywhere."""
    return hashlib.blake2b(experiment_to_json(experiment).encode(), digest_size=_ID_BYTES).hexdigest()
