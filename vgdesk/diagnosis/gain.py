"""The backward gain: how much of a gradient one layer, or one time step, hands on towards the input.

    gamma = (|dL/dh^0| / |dL/dh^L|)^(1/L)              conventions, line 12

It is a quotient, so no scale of the loss changes it. Records begin with |dL/dh^1|, so gamma is the geometric mean over
the L - 1 layers between the first and the last recorded place, and gamma^L takes the missing one to be like the others.
Where |dL/dh| is missing |dL/dz| stands for it. |dL/dW| never does: a ReLU network that starts at a deviation of 0.01
has weight gradients of the same size in all layers, while its gradient falls to 1e-24.

Of an LSTM the gradient travels in the cell: |dL/dc|. Where that was not recorded |dL/dh| is read from the last time
step but one, because h_T alone feels the loss directly.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.records.places import Places

MEASURES = ("cell", "state", "delta")
"""What gamma is taken from, the best first."""
_WORDS = {"cell": "|∂L/∂c|", "state": "|∂L/∂h|", "delta": "|∂L/∂z|"}


class Span(NamedTuple):
    """Is the stretch over which gamma is taken.

    Attributes
    ----------
    quantity
        One of `MEASURES`, or "" where none was recorded.
    last
        Number of the place nearest the loss.
    length
        L, or T.
    """

    quantity: str
    last: int
    length: int

    @property
    def is_usable(self) -> bool:
        """Whether there are two places to compare."""
        return bool(self.quantity) and self.last > 1

    def log10_gamma(self, log10_norm: np.ndarray) -> float:
        """Returns log10 gamma of one row; -inf where nothing arrives, nan where nothing starts or is finite."""
        first, last = float(log10_norm[0]), float(log10_norm[self.last - 1])
        if not math.isfinite(last) or first == math.inf:
            return math.nan
        return (first - last) / (self.last - 1)

    def basis(self, places: Places) -> str:
        """Says what gamma rests on, for people."""
        if not self.is_usable:
            return "no gradient was recorded at two places or more, so there is no gain"
        first, last = places.label(1), places.label(self.last)
        words = f"gain from {_WORDS[self.quantity]} between {last} and {first}"
        if places is Places.LAYERS:
            return f"{words}; the gradient at the input itself is not recorded, so {first} is taken to be like the rest"
        return f"{words}; {_WORDS['cell']} was not recorded" if self.last < self.length else words


def span_of(quantities: dict[str, np.ndarray], places: Places, is_lstm: bool = False) -> Span:
    """Returns over what gamma is taken, given arrays whose last axis is places."""
    for name in MEASURES:
        if name in quantities:
            count = int(quantities[name].shape[-1])
            starts_late = places is Places.TIME and name == "state" and is_lstm and count > 2
            return Span(name, count - starts_late, count)
    return Span("", 0, 0)
