"""The one currency: how large a gradient is in each layer.

All three routes end in a `GradientProfile`; plots, verdicts and exports read nothing else. Magnitudes are log10, so
that values far below 1e-308 and above 1e+308 have a number; -inf means exactly zero, nan a non-finite gradient.
"""

import msgspec
import numpy as np

QUANTITIES = ("weight", "delta")
"""`weight`: |dL/dW^l|_F. `delta`: |dL/dz^l|_F of the batch-mean loss (conventions, line 11)."""

ROUTES = ("symbolic", "theory", "training")


class GradientProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Is the gradient magnitude of every layer at one moment.

    Attributes
    ----------
    experiment
        Name of the experiment it belongs to.
    route
        One of `ROUTES`.
    quantity
        One of `QUANTITIES`.
    log10_norm
        Shape (layers,); entry l-1 is log10 of the Frobenius norm in layer l, layer 1 nearest the input.
    step
        Number of updates made before this gradient was taken.
    """

    experiment: str
    route: str
    quantity: str
    log10_norm: np.ndarray
    step: int = 0
