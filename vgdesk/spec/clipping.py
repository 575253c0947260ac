"""Gradient clipping: a cap on the gradient before the update. It never makes a gradient larger."""

from vgdesk.spec.base import Spec, require_finite

LEAST_MAXIMUM, MOST_MAXIMUM = 1e-12, 1e12


class ClipByNorm(Spec, frozen=True, tag="norm", tag_field="kind"):
    """Multiplies all gradients by min(1, maximum / (total + 1e-6)); total = 2-norm over all weights and biases.

    The direction stays (Pascanu et al. 2013, algorithm 1; the 1e-6 is PyTorch's).
    """

    maximum: float = 1.0

    def __post_init__(self) -> None:
        require_finite("maximum", self.maximum, LEAST_MAXIMUM, MOST_MAXIMUM)


class ClipByValue(Spec, frozen=True, tag="value", tag_field="kind"):
    """Moves every element of the gradient into [-maximum, maximum]; the direction may change."""

    maximum: float = 1.0

    def __post_init__(self) -> None:
        require_finite("maximum", self.maximum, LEAST_MAXIMUM, MOST_MAXIMUM)


Clipping = ClipByNorm | ClipByValue
