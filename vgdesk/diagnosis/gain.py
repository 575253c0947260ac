"""The backward gain: how much of a gradient one layer, or one time step, hands on towards the input.

    gamma = (|dL/dh^0| / |dL/dh^L|)^(1/L)              conventions, line 12

It is a quotient, so no scale of the loss changes it. Every row has |dL/dh^1| to |dL/dh^L|. |dL/dh^0| is measured now
and then: what the first layer hands on, |dL/dh^0| / |dL/dh^1|, is taken from the newest such step. Where there is none
(older files, single profiles) gamma is the geometric mean over the L - 1 other layers, and gamma^L takes the first one
to be like them.
Where |dL/dz^1| is exactly 0 that first factor is known at every step without a measurement: it is 0, however much
|dL/dh^1| arrives at an activation whose slope is 0 for every example, unless a skip connection leads past it.
Two layers have one factor between them, and that is all gamma tells of at every step: its square would be nobody's
measurement, and no weight is learned from |dL/dh^0|, so that what the first layer hands on would be half of the verdict
without slowing anything. A network whose first weights start at 0 would moreover be judged over one factor before its
first update and over two after it.
Where |dL/dh| is missing |dL/dz| stands for it, in the same way. |dL/dW| never does: a ReLU network that starts at a
deviation of 0.01 has weight gradients of the same size in all layers, while its gradient falls to 1e-24.

Through time the same matrix acts at every step, and what counts is the rate at which the gradient shrinks, not what
the first steps from the loss do to it: log10 gamma is the slope of the straight line through log10 of all T norms (the
rate of decay of Hochreiter 1991, section 3; as a finite-time Lyapunov exponent see Vogt et al. 2022). The lag plot
shows such a line, of one step and through every norm. Two norms alone would read an LSTM with forget bias 3 as
vanishing in one seed of ten, for its gates take most of what they take in the last ten steps.

Of an LSTM the gradient travels in the cell: |dL/dc|. Where that was not recorded |dL/dh| is read up to the last time
step but one, because h_T alone feels the loss directly.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.records.finding import HOW_FITTED
from vgdesk.records.lag_fit import straight_fit
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import QUANTITIES

MEASURES = ("cell", "state", "delta")
"""What gamma is taken from, the best first."""
_FEWEST_FITTED = 4
"""Time steps below which a line tells no more than its ends."""
_WORDS = {name: f"|{QUANTITIES[name].symbol}|" for name in MEASURES}


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
    is_fitted
        Whether a straight line through all places gives gamma, in place of the first and the last.
    has_input
        Whether what the first layer hands on was measured, so that gamma is taken over all L layers.
    """

    quantity: str
    last: int
    length: int
    is_fitted: bool = False
    has_input: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether there are two places to compare."""
        return bool(self.quantity) and self.last > 1

    @property
    def factors(self) -> int:
        """Of how many layers or time steps gamma^L tells at every step: all, but of two the one between them."""
        return 1 if self.length == 2 else self.length

    def log10_gamma(self, log10_norm: np.ndarray) -> float:
        """Returns log10 gamma of one row; -inf where nothing arrives, nan where nothing starts or is finite."""
        return float(self.log10_gammas(log10_norm[None])[0])

    @property
    def takes_input(self) -> bool:
        """Whether |dL/dh^0| is counted: with |dL/dh| of three layers or more."""
        return self.quantity == "state" and not self.is_fitted and self.length > 2

    def log10_gammas(self, log10_norms: np.ndarray, first_factors: np.ndarray | None = None) -> np.ndarray:
        """Returns log10 gamma of each row, shape (rows, places); -inf and nan as in `log10_gamma`.

        `first_factors`, shape (rows,), is log10 of |dL/dh^0| / |dL/dh^1| of each row, nan where it is not known.
        """
        first, last = log10_norms[:, 0], log10_norms[:, self.last - 1]
        with np.errstate(invalid="ignore"):
            gammas = (first - last) / (self.last - 1)
            if self.is_fitted:
                gammas = np.where(np.isfinite(gammas), self._slopes(log10_norms[:, : self.last]), gammas)
            if first_factors is not None:
                whole = (first + first_factors - last) / self.last
                gammas = np.where(np.isnan(first_factors), gammas, whole)
        return np.where(np.isfinite(last) & (first < math.inf), gammas, math.nan)

    def _slopes(self, log10_norms: np.ndarray) -> np.ndarray:
        """Returns minus the slope over the place of each row's straight line; places without a number are left out."""
        places = np.arange(self.last) - (self.last - 1) / 2
        # a product of matrices would round a row otherwise where it comes alone
        slopes = -np.sum(log10_norms * places, axis=1) / (places @ places)
        for row in np.flatnonzero(~np.isfinite(log10_norms).all(axis=1)):
            fit = straight_fit(log10_norms[row])
            slopes[row] = math.nan if fit is None else -fit[1]
        return slopes

    @property
    def how_fitted(self) -> str:
        """What stands behind gamma where it is a line's: its power is not what the first norm is of the last."""
        return HOW_FITTED if self.is_fitted else ""

    @property
    def words(self) -> str:
        """What gamma is taken from as people write it, "|∂L/∂h|"; "" where there is nothing."""
        return _WORDS.get(self.quantity, "")

    def basis(self, places: Places) -> str:
        """Says what gamma rests on, for people."""
        if not self.is_usable:
            return "no gradient was recorded at two places or more, so there is no gain"
        first, last = places.label(1), places.label(self.last)
        if self.is_fitted:
            line = f"gain from the straight line through {_WORDS[self.quantity]} from {first} to {last}"
            return f"{line}; {_WORDS['cell']} was not recorded" if self.last < self.length else line
        if self.has_input:
            return f"gain from {_WORDS[self.quantity]} between {last} and the network's input"
        words = f"gain from {_WORDS[self.quantity]} between {last} and {first}"
        if places is Places.LAYERS:
            if self.factors == 1:
                return f"{words}, the one factor there is between two layers"
            rest = f"{first} is taken to be like the rest"
            return f"{words}; the gradient at the input itself is not recorded or exactly 0, so {rest}"
        return words


def is_blocked(span: Span, quantities: dict[str, np.ndarray], network: Network | None = None) -> np.ndarray:
    """Returns of each row whether layer 1 hands on exactly nothing of |dL/dh^1|, for its slopes are 0."""
    rows = len(next(iter(quantities.values())))
    leads_past = isinstance(network, FeedForward) and network.layers[0].skip is not None
    if span.quantity != "state" or span.is_fitted or leads_past or "delta" not in quantities:
        return np.zeros(rows, bool)
    return (quantities["delta"][:, 0] == -math.inf) & (quantities["state"][:, 0] > -math.inf)


def span_of(quantities: dict[str, np.ndarray], places: Places, is_lstm: bool = False) -> Span:
    """Returns over what gamma is taken, given arrays whose last axis is places."""
    for name in MEASURES:
        if name in quantities:
            count = int(quantities[name].shape[-1])
            starts_late = places is Places.TIME and name == "state" and is_lstm and count > 2
            last = count - starts_late
            return Span(name, last, count, is_fitted=places is Places.TIME and last >= _FEWEST_FITTED)
    return Span("", 0, 0)
