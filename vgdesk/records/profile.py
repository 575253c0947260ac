"""The one currency: how large a gradient is in each layer.

All three routes end in a `GradientProfile`; plots, verdicts and exports read nothing else. Magnitudes are log10, so
that values far below 1e-308 and above 1e+308 have a number; -inf means exactly zero, nan a non-finite gradient. A
training run also has profiles of what is no gradient, such as the share of saturated units: one number per place.
"""

import msgspec
import numpy as np

from vgdesk.records.places import Places
from vgdesk.spec.recording import QUANTITIES

ROUTES = ("symbolic", "theory", "training")


class GradientProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Is the magnitude of one quantity at every place at one moment.

    Attributes
    ----------
    experiment
        Name of the experiment it belongs to.
    route
        One of `ROUTES`.
    quantity
        A name of `vgdesk.spec.recording.QUANTITIES`. "weight": |dL/dW^l|_F, "delta": |dL/dz^l|_F, "state":
        |dL/dh^l|_F of the batch-mean loss (conventions, line 11).
    log10_norm
        Shape (places,); entry l-1 belongs to place l: log10 of the Frobenius norm, or, where `scale` is not log10, the
        quantity's number itself.
    step
        Number of updates made before this gradient was taken.
    places
        What the places are: layers (layer 1 nearest the input), weight matrices, or time steps.
    log10_deviation
        Standard deviation of log10_norm over seeds, shape (places,), where the route predicts it; else None.
    """

    experiment: str
    route: str
    quantity: str
    log10_norm: np.ndarray
    step: int = 0
    places: Places = Places.LAYERS
    log10_deviation: np.ndarray | None = None

    @property
    def scale(self) -> str:
        """What a number means: "log10", "share" or "number"."""
        return QUANTITIES[self.quantity].scale

    @property
    def labels(self) -> tuple[str, ...]:
        """What each place is called, e.g. "layer 3", "time step 12" or "W_hh"."""
        return tuple(self.places.label(number) for number in range(1, len(self.log10_norm) + 1))
