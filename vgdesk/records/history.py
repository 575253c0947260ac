"""What a training run recorded at every step."""

from enum import StrEnum

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations, join
from vgdesk.records.profile import GradientProfile


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
    outcome
        How the run ended.
    evaluations
        What was measured beside the training at some of the steps; none in older files.
    """

    experiment: str
    loss: np.ndarray
    log10_weight_norm: np.ndarray
    log10_delta_norm: np.ndarray
    first_step: int = 0
    outcome: RunOutcome = RunOutcome.RUNNING
    evaluations: Evaluations = msgspec.field(default_factory=Evaluations)

    def __post_init__(self) -> None:
        steps = len(self.loss)
        if self.log10_weight_norm.shape != self.log10_delta_norm.shape or len(self.log10_weight_norm) != steps:
            raise ValueError(f"history rows must agree: {steps} losses, {self.log10_weight_norm.shape} norms")

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
        loss=frozen(np.concatenate([part.loss for part in parts])),
        log10_weight_norm=frozen(np.concatenate([part.log10_weight_norm for part in parts])),
        log10_delta_norm=frozen(np.concatenate([part.log10_delta_norm for part in parts])),
        outcome=parts[-1].outcome,
        evaluations=join([part.evaluations for part in parts]),
    )
