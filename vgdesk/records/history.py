"""What a training run recorded at every step."""

from enum import StrEnum

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations, join
from vgdesk.records.profile import GradientProfile

STEP_COLUMNS = ("loss", "learning_rate", "log10_total_norm", "log10_clipped_norm", "clipped")
"""Arrays of `GradientHistory` with one value per step."""
LAYER_COLUMNS = ("log10_weight_norm", "log10_delta_norm")
"""Arrays of `GradientHistory` with one value per step and layer."""
_NOT_GIVEN = frozen([])


class RunOutcome(StrEnum):
    """How a run ended (or that it goes on). Non-finite numbers are a result, not an error."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NON_FINITE = "non-finite"


class GradientHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the recorded rows of one run. Row k belongs to the gradient taken *before* update `first_step + k`.

    Attributes
    ----------
    experiment
        Name of the experiment.
    first_step
        Step of the first row (0 for a run from the beginning).
    loss
        Shape (steps,): batch-mean loss.
    log10_weight_norm
        Shape (steps, layers): log10 |dL/dW^l|_F; -inf = exactly zero.
    log10_delta_norm
        Shape (steps, layers): log10 |dL/dz^l|_F.
    learning_rate
        Shape (steps,): learning rate of the update that follows; nan where it was not recorded.
    log10_total_norm
        Shape (steps,): log10 of the 2-norm over the gradients of all weights and biases, before clipping; nan where it
        was not recorded.
    log10_clipped_norm
        Shape (steps,): the same after clipping; equal where clipping did not change the gradient.
    clipped
        Shape (steps,), bool: whether clipping changed the gradient.
    outcome
        How the run ended.
    evaluations
        What was measured beside the training at some of the steps; none in older files.
    """

    experiment: str
    loss: np.ndarray
    log10_weight_norm: np.ndarray
    log10_delta_norm: np.ndarray
    learning_rate: np.ndarray = _NOT_GIVEN
    log10_total_norm: np.ndarray = _NOT_GIVEN
    log10_clipped_norm: np.ndarray = _NOT_GIVEN
    clipped: np.ndarray = _NOT_GIVEN
    first_step: int = 0
    outcome: RunOutcome = RunOutcome.RUNNING
    evaluations: Evaluations = msgspec.field(default_factory=Evaluations)

    def __post_init__(self) -> None:
        steps = len(self.loss)
        if self.log10_weight_norm.shape != self.log10_delta_norm.shape or len(self.log10_weight_norm) != steps:
            raise ValueError(f"history rows must agree: {steps} losses, {self.log10_weight_norm.shape} norms")
        for column in STEP_COLUMNS:
            given: np.ndarray = getattr(self, column)
            if given is _NOT_GIVEN:
                nothing = frozen(np.zeros(steps), bool) if column == "clipped" else frozen(np.full(steps, np.nan))
                msgspec.structs.force_setattr(self, column, nothing)
            elif given.shape != (steps,):
                raise ValueError(f"history rows must agree: {steps} losses, {column} of shape {given.shape}")

    @property
    def steps(self) -> int:
        """Number of recorded steps."""
        return len(self.loss)

    @property
    def layers(self) -> int:
        """Number of layers."""
        return self.log10_weight_norm.shape[1]

    def log10_norm(self, quantity: str) -> np.ndarray:
        """Returns the (steps, layers) magnitudes of a quantity: "weight" or "delta"."""
        return self.log10_weight_norm if quantity == "weight" else self.log10_delta_norm

    def profile(self, row: int = -1, quantity: str = "weight") -> GradientProfile:
        """Returns one row as a profile of the training route."""
        return GradientProfile(
            experiment=self.experiment,
            route="training",
            quantity=quantity,
            log10_norm=frozen(self.log10_norm(quantity)[row]),
            step=self.first_step + (row % self.steps),
        )


def concatenate(parts: "list[GradientHistory]") -> GradientHistory:
    """Joins consecutive histories of one run; the last one's outcome stands."""
    return GradientHistory(
        experiment=parts[0].experiment,
        first_step=parts[0].first_step,
        outcome=parts[-1].outcome,
        evaluations=join([part.evaluations for part in parts]),
        **{column: _joined(parts, column) for column in (*STEP_COLUMNS, *LAYER_COLUMNS)},
    )


def _joined(parts: "list[GradientHistory]", column: str) -> np.ndarray:
    joined = np.concatenate([getattr(part, column) for part in parts])
    return frozen(joined, joined.dtype)
