"""How the network is trained."""

from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer

PRECISIONS = ("float64", "float32")


class Sgd(Spec, frozen=True, tag="sgd", tag_field="kind"):
    """Is plain stochastic gradient descent: p <- p - learning_rate * dL/dp."""

    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        require_finite("learning_rate", self.learning_rate, 0.0, 1e9)


class Training(Spec, frozen=True):
    """Describes a training run.

    Attributes
    ----------
    optimiser
        The update rule.
    batch_size
        Examples per step; None takes all of them. The last batch of an epoch is dropped when it would be smaller.
    steps
        Number of updates.
    shuffle
        Whether each epoch visits the examples in a new order drawn from the experiment's seed.
    precision
        Number format of the kernels: float64 (reference) or float32.
    """

    optimiser: Sgd = Sgd()
    batch_size: int | None = None
    steps: int = 300
    shuffle: bool = True
    precision: str = "float64"

    def __post_init__(self) -> None:
        if self.batch_size is not None:
            require_integer("batch_size", self.batch_size, 1, 1_000_000)
        require_integer("steps", self.steps, 1, 10_000_000)
        require_choice("precision", self.precision, PRECISIONS)
