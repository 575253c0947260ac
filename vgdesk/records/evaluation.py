"""What was measured now and then beside the training: loss on held-out examples, the share of right answers, and the
gradient at the network's input.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from vgdesk.records.codec import frozen

_NOT_GIVEN = frozen([])
_LATER_FIELDS = ("log10_input_norm", "log10_first_norm", "held_out_count")
"""Of which older files know nothing."""


def _nothing() -> np.ndarray:
    return _NOT_GIVEN


class Evaluations(msgspec.Struct, frozen=True, kw_only=True):
    """Holds measurements at some steps of a run, all of shape (evaluations,); nan where there is nothing to measure.

    Attributes
    ----------
    steps
        Steps, increasing, as float64; each measurement belongs to the parameters *before* that update, as a row of
        the history does.
    held_out_loss
        Loss on all held-out examples; nan where none are held out.
    accuracy
        Share of right answers, 0 to 1, on the step's training batch; nan where the task has no classes.
    held_out_accuracy
        Share of right answers on all held-out examples.
    log10_input_norm
        |dL/dh^0|, log10: the norm of the step's gradient at the network's input; -inf = exactly zero, nan where it was
        not measured: older files, recurrent networks, numbers that are not finite.
    log10_first_norm
        |dL/dh^1|, log10, of the same step, which may have no row in the history; nan where the step was measured only
        because it was the run's last.
    held_out_count
        Number of held-out examples; nan where it was not written down: older files.
    """

    steps: np.ndarray = msgspec.field(default_factory=_nothing)
    held_out_loss: np.ndarray = msgspec.field(default_factory=_nothing)
    accuracy: np.ndarray = msgspec.field(default_factory=_nothing)
    held_out_accuracy: np.ndarray = msgspec.field(default_factory=_nothing)
    log10_input_norm: np.ndarray = msgspec.field(default_factory=_nothing)
    log10_first_norm: np.ndarray = msgspec.field(default_factory=_nothing)
    held_out_count: np.ndarray = msgspec.field(default_factory=_nothing)

    def __post_init__(self) -> None:
        for name in _LATER_FIELDS:
            if not len(getattr(self, name)):
                msgspec.structs.force_setattr(self, name, frozen(np.full(len(self.steps), np.nan)))
        lengths = {len(array) for array in (*self.columns, *(getattr(self, name) for name in _LATER_FIELDS))}
        if len(lengths) > 1:
            raise ValueError(f"evaluations must agree in length, got {sorted(lengths)}")

    @property
    def columns(self) -> tuple[np.ndarray, ...]:
        """Steps and what was answered at them: the first four arrays in the order of the attributes."""
        return self.steps, self.held_out_loss, self.accuracy, self.held_out_accuracy

    @property
    def count(self) -> int:
        """Number of evaluations."""
        return len(self.steps)

    @property
    def has_held_out(self) -> bool:
        """Whether a loss on held-out examples was measured at all."""
        return not bool(np.isnan(self.held_out_loss).all())

    @property
    def has_answers(self) -> bool:
        """Whether loss or right answers were measured at all."""
        return not all(bool(np.isnan(column).all()) for column in self.columns[1:])

    @property
    def first_factors(self) -> np.ndarray:
        """log10 of |dL/dh^0| / |dL/dh^1|, what the first layer hands on; nan unless both are finite and not zero."""
        known = np.isfinite(self.log10_input_norm) & np.isfinite(self.log10_first_norm)
        factors = np.full(self.count, np.nan)
        factors[known] = self.log10_input_norm[known] - self.log10_first_norm[known]
        return factors

    def first_factors_at(self, steps: np.ndarray, before: float = math.nan) -> np.ndarray:
        """Returns for each of these steps what the first layer handed on when it was last measured, else `before`."""
        known = ~np.isnan(self.first_factors)
        factors = np.append(before, self.first_factors[known])
        return factors[np.searchsorted(self.steps[known], steps, side="right")]


def join(parts: "list[Evaluations]") -> Evaluations:
    """Joins consecutive evaluations of one run."""
    return Evaluations(
        **{
            name: frozen(np.concatenate([getattr(part, name) for part in parts]))
            for name in Evaluations.__struct_fields__
        }
    )


def first_of(found: Evaluations) -> Evaluations:
    """Returns the first measurement alone, or nothing where there is none."""
    return Evaluations(**{name: frozen(getattr(found, name)[:1]) for name in Evaluations.__struct_fields__})


def evaluation_rows(rows: Sequence[Sequence[float]]) -> Evaluations:
    """Returns evaluations from the numbers of each, in the order of the attributes; the last three may be left out."""
    columns = map(frozen, zip(*rows, strict=True))
    return Evaluations(**dict(zip(Evaluations.__struct_fields__, columns, strict=False)))
