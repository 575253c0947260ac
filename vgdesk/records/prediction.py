"""What the theory route says about an experiment: profiles with their bands, or why there are none."""

import math

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.profile import GradientProfile

PREDICTED, PREDICTED_IN_TIME = ("weight", "delta", "state"), ("state",)
"""What theory predicts of layers, and of time steps."""


def _nothing() -> np.ndarray:
    return frozen([])


class PublishedFactor(msgspec.Struct, frozen=True):
    """Is what one wide layer does to a squared gradient by a closed form of the literature.

    Attributes
    ----------
    value
        The factor.
    of
        Of which square, e.g. "|∂L/∂z|²".
    words
        Its formula, what it is of, and its source.
    """

    value: float
    of: str
    words: str


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """Is the gradient before training, of all seeds at once.

    Attributes
    ----------
    experiment
        Its name.
    profiles
        One per quantity, with `log10_deviation`: "weight", "delta" and "state" of the layers, "state" of time steps.
    variances
        q of each layer's preactivations (after a normalisation), or of each time step's; shape (places,).
    log10_variances
        log10 of the same, for what float64 does not hold: there `variances` are 0 or infinite; -inf of 0.
    chi
        sigma_w^2 E[phi'^2] of each hidden layer, or of each time step: factor of |dL/dz|^2 without what stands around
        the layer, E over the examples, too, by their shares in the gradient; shape (places - 1,).
    wide
        log10 of the root mean square of each layer's |dL/dz| in the limit of wide layers, without what finite width
        does but for what skip connections carry along the signal; empty of recurrent networks.
    log10_input_norm
        log10 of |dL/dh^0|, the gradient at the network's input, median over seeds: sigma_w^2 |dL/dz^1|^2, and what a
        skip of layer 1 leads past it; nan of recurrent networks and where there is no prediction.
    published
        Of each hidden layer with a normalisation, dropout or a residual connection the factor that is published of such
        layers, None of others; empty of recurrent networks.
    note
        What makes the prediction less sure; else empty.
    reason
        Why there is none; else empty.
    """

    experiment: str
    profiles: tuple[GradientProfile, ...]
    variances: np.ndarray = msgspec.field(default_factory=_nothing)
    log10_variances: np.ndarray = msgspec.field(default_factory=_nothing)
    chi: np.ndarray = msgspec.field(default_factory=_nothing)
    wide: np.ndarray = msgspec.field(default_factory=_nothing)
    log10_input_norm: float = math.nan
    published: tuple[PublishedFactor | None, ...] = ()
    note: str = ""
    reason: str = ""

    def profile(self, quantity: str) -> GradientProfile | None:
        """Returns the profile of a quantity, or None where it is not predicted."""
        return next((profile for profile in self.profiles if profile.quantity == quantity), None)
