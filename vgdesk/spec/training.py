"""How the network is trained."""

from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer
from vgdesk.spec.clipping import Clipping
from vgdesk.spec.optimiser import Optimiser, Sgd
from vgdesk.spec.pretraining import LayerWise
from vgdesk.spec.schedule import Constant, Schedule

__all__ = ["PRECISIONS", "Sgd", "Training"]

PRECISIONS = ("float64", "float32")


class Training(Spec, frozen=True):
    """Describes a training run.

    Attributes
    ----------
    optimiser
        The update rule and its learning rate.
    batch_size
        Examples per step; None takes all of them. The last batch of an epoch is dropped when it would be smaller.
    steps
        Number of updates.
    shuffle
        Whether each epoch visits the examples in a new order drawn from the experiment's seed.
    precision
        Number format of the kernels: float64 (reference) or float32.
    schedule
        How the learning rate changes with the steps.
    clipping
        The cap on the gradient before each update; None leaves it as it is.
    held_out
        Share of the examples that are not trained on; 0 trains on all of them.
    pretraining
        What is done with the hidden layers before the first step, or None.
    """

    optimiser: Optimiser = Sgd()
    batch_size: int | None = None
    steps: int = 300
    shuffle: bool = True
    precision: str = "float64"
    schedule: Schedule = Constant()
    clipping: Clipping | None = None
    held_out: float = 0.0
    pretraining: LayerWise | None = None

    def __post_init__(self) -> None:
        if self.batch_size is not None:
            require_integer("batch_size", self.batch_size, 1, 1_000_000)
        require_integer("steps", self.steps, 1, 10_000_000)
        require_choice("precision", self.precision, PRECISIONS)
        require_finite("held_out", self.held_out, 0.0, 0.9)

    def held_out_of(self, count: int) -> int:
        """Returns how many of `count` examples are held out: the rounded share, but one at least on either side."""
        return min(max(1, round(self.held_out * count)), count - 1) if self.held_out else 0

    def batch_of(self, count: int) -> int:
        """Returns how many examples a step takes when `count` are trained on."""
        return self.batch_size or count
