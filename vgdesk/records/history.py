"""What a training run recorded: one row for each recorded step, which may be every step or some of them.

A row has one number for the whole step in each of `STEP_COLUMNS`, and for every recorded quantity (a name of
`vgdesk.spec.recording.QUANTITIES`) one number per *place*: layer, weight matrix or time step.
"""

from enum import StrEnum

import msgspec
import numpy as np

from vgdesk.records.breakdown import Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations, join
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.recording import QUANTITIES, WEIGHTS

STEP_COLUMNS = ("loss", "learning_rate", "log10_total_norm", "log10_clipped_norm", "clipped")
"""Arrays of `GradientHistory` with one value per row, beside `step_numbers`."""
_NOT_GIVEN = frozen([])


class RunOutcome(StrEnum):
    """How a run ended (or that it goes on). Non-finite numbers are a result, not an error."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NON_FINITE = "non-finite"


class GradientHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the recorded rows of one run. A row belongs to the gradient taken *before* the update of its step.

    Attributes
    ----------
    experiment
        Name of the experiment.
    step_numbers
        Shape (rows,), int64, increasing: the step of each row, counting from 0; by default 0, 1, 2, ...
    loss
        Shape (rows,): batch-mean loss.
    learning_rate
        Shape (rows,): learning rate of the update that follows; nan where it was not recorded.
    log10_total_norm
        Shape (rows,): log10 of the 2-norm over the gradients of all weights and biases, before clipping; nan where it
        was not recorded.
    log10_clipped_norm
        Shape (rows,): the same after clipping; equal where clipping did not change the gradient.
    clipped
        Shape (rows,), bool: whether clipping changed the gradient.
    quantities
        Name -> shape (rows, places), in the quantity's scale; -inf on the log10 scale = exactly zero.
    signals
        What the places of signals are: layers, or the time steps of a recurrent network.
    histograms
        Shape (rows, places, bins + 2): share of all z of a place in each bin, below the first one first; None where
        none were asked for.
    steps_made
        Number of steps made so far, recorded or not; by default up to the last row.
    outcome
        How the run ended.
    evaluations
        What was measured beside the training at some of the steps; none in older files.
    breakdown
        What was the first not to be finite, or None.
    """

    experiment: str
    loss: np.ndarray
    quantities: dict[str, np.ndarray] = {}
    step_numbers: np.ndarray = _NOT_GIVEN
    learning_rate: np.ndarray = _NOT_GIVEN
    log10_total_norm: np.ndarray = _NOT_GIVEN
    log10_clipped_norm: np.ndarray = _NOT_GIVEN
    clipped: np.ndarray = _NOT_GIVEN
    signals: Places = Places.LAYERS
    histograms: np.ndarray | None = None
    steps_made: int = -1
    outcome: RunOutcome = RunOutcome.RUNNING
    evaluations: Evaluations = msgspec.field(default_factory=Evaluations)
    breakdown: Breakdown | None = None

    def __post_init__(self) -> None:
        rows = len(self.loss)
        for column in ("step_numbers", *STEP_COLUMNS):
            given: np.ndarray = getattr(self, column)
            if given is _NOT_GIVEN:
                msgspec.structs.force_setattr(self, column, _default(column, rows))
            elif given.shape != (rows,):
                raise ValueError(f"history rows must agree: {rows} losses, {column} of shape {given.shape}")
        for name, values in (*self.quantities.items(), *self._histogram()):
            if len(values) != rows:
                raise ValueError(f"history rows must agree: {rows} losses, {name} of shape {values.shape}")
        if self.steps_made < 0:
            msgspec.structs.force_setattr(self, "steps_made", int(self.step_numbers[-1]) + 1 if rows else 0)

    def _histogram(self) -> tuple[tuple[str, np.ndarray], ...]:
        return () if self.histograms is None else (("histograms", self.histograms),)

    @property
    def rows(self) -> int:
        """Number of recorded steps; `steps_made` counts all of them."""
        return len(self.loss)

    @property
    def is_thinned(self) -> bool:
        """Whether there are steps between the recorded ones."""
        return self.rows > 1 and int(self.step_numbers[-1] - self.step_numbers[0]) >= self.rows

    def has(self, quantity: str) -> bool:
        """Whether a quantity was recorded."""
        return quantity in self.quantities

    def values(self, quantity: str) -> np.ndarray:
        """Returns the (rows, places) numbers of a quantity, in its scale; raises KeyError unless it was recorded."""
        return self.quantities[quantity]

    def log10_norm(self, quantity: str = "weight") -> np.ndarray:
        """Returns the (rows, places) log10 magnitudes of a quantity."""
        return self.values(quantity)

    def places(self, quantity: str = "weight") -> Places:
        """Returns what the places of a quantity are."""
        return places_in(quantity, self.signals)

    def row_of(self, step: int) -> int:
        """Returns the row of a step, or of the last recorded step before it; the first row where there is none."""
        return max(0, int(np.searchsorted(self.step_numbers, step, side="right")) - 1)

    def part(self, first: int, end: int | None = None) -> "GradientHistory":
        """Returns some of the rows, without copying; how the run ended belongs to the last of them alone."""
        columns = {name: getattr(self, name)[first:end] for name in ("step_numbers", *STEP_COLUMNS)}
        is_last = end is None or end >= self.rows
        return msgspec.structs.replace(
            self,
            quantities={name: values[first:end] for name, values in self.quantities.items()},
            histograms=None if self.histograms is None else self.histograms[first:end],
            outcome=self.outcome if is_last else RunOutcome.RUNNING,
            breakdown=self.breakdown if is_last else None,
            **columns,
        )

    def profile(self, row: int = -1, quantity: str = "weight") -> GradientProfile:
        """Returns one row as a profile of the training route."""
        return GradientProfile(
            experiment=self.experiment,
            route="training",
            quantity=quantity,
            log10_norm=frozen(self.values(quantity)[row]),
            places=self.places(quantity),
            step=int(self.step_numbers[row]),
        )


def places_in(quantity: str, signals: Places) -> Places:
    """Returns what the places of a quantity are, given what those of signals are."""
    is_of_matrices = QUANTITIES[quantity].places == WEIGHTS and signals is Places.TIME
    return Places.WEIGHTS if is_of_matrices else signals


def concatenate(parts: "list[GradientHistory]") -> GradientHistory:
    """Joins consecutive histories of one run; the last one's outcome stands."""
    first, last = parts[0], parts[-1]
    return GradientHistory(
        experiment=first.experiment,
        signals=first.signals,
        quantities={name: _joined([part.quantities[name] for part in parts]) for name in first.quantities},
        histograms=_joined_histograms(parts),
        steps_made=last.steps_made,
        outcome=last.outcome,
        evaluations=join([part.evaluations for part in parts]),
        breakdown=last.breakdown,
        **{column: _joined([getattr(part, column) for part in parts]) for column in ("step_numbers", *STEP_COLUMNS)},
    )


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    joined = np.concatenate(parts)
    joined.setflags(write=False)
    return joined


def _joined_histograms(parts: "list[GradientHistory]") -> np.ndarray | None:
    given = [part.histograms for part in parts if part.histograms is not None]
    return _joined(given) if given else None


def _default(column: str, rows: int) -> np.ndarray:
    match column:
        case "step_numbers":
            return frozen(np.arange(rows), np.int64)
        case "clipped":
            return frozen(np.zeros(rows), bool)
        case _:
            return frozen(np.full(rows, np.nan))
