"""What becomes of draws whose W_hh lets the state of a simple cell grow by itself: it stops, and with it the gradient.

Gradient and small disturbances of the state grow alike, by X over a lag. Of a draw with X > 0 the state grows until
phi' has fallen so far that it grows no more, and theory's X, of phi' before that, is no longer true. With one mode that
grows, or a pair of them, the state ends

    in a cycle, of a pair of complex eigenvalues      what disturbs its phase neither grows nor falls   X -> 0
    at a fixed point, of a real one                   x' = r x - x^3, and a disturbance falls by 2 r    X -> -2 X

(Hopf and pitchfork bifurcation: Strogatz 1994, "Nonlinear Dynamics and Chaos", sections 3.4 and 8.2), each taken as
half of all cases. So of X ~ N(mu, s^2), with w the share of what grows that is stopped,

    E[X] -> mu - 2 w E[X; X > 0]        E[X^2] -> mu^2 + s^2 + w E[X^2; X > 0]
    P(X < y) -> P(X < y) + w / 2 P(X > -y / 2)        y < 0; the line is where this is a half, the median

With many modes that grow there is chaos instead, and X stays. By the circular law (Girko 1984) the eigenvalues of D W
fill a circle of radius sqrt(chi), and about K = N (1 - 1 / chi) of them lie outside 1; w is the Poisson probability of
at most two, one pair, where K are expected. That rests on cells drawn with N from 16 to 128, not on a theorem.
"""

import math

import numpy as np
from scipy.special import ndtr

_TINY = 1e-12
_HALVINGS = 40


def stopped(mean: np.ndarray, variance: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns median and variance of X where the share `share` of what grows is stopped; shapes as given."""
    spread = np.sqrt(np.maximum(variance, _TINY))
    ratio = mean / spread
    above, density = ndtr(ratio), np.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)
    first = mean * above + spread * density
    second = (mean**2 + variance) * above + mean * spread * density
    # E[X^2] - E[X]^2 without the difference of two large numbers
    spent = share * (second + 4 * mean * first - 4 * share * first**2)
    return spread * _median(ratio, share), np.maximum(variance + spent, 0.0)


def _median(mean: np.ndarray, share: float) -> np.ndarray:
    """Returns the median where s = 1, by halving: it lies below that of X, and hardly twice as far from 0."""
    low, high = -2.0 * np.abs(mean) - 2.0, mean.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # nothing that grew is left above 0 but what was not stopped
        below = np.where(
            middle < 0.0,
            ndtr(middle - mean) + share / 2 * ndtr(mean + middle / 2),
            1.0 - (1.0 - share) * ndtr(mean - middle),
        )
        is_beyond = below >= 0.5
        low, high = np.where(is_beyond, low, middle), np.where(is_beyond, middle, high)
    return (low + high) / 2


def share_stopped(chi: float, width: int) -> float:
    """Returns w of the module's text."""
    growing = width * max(0.0, 1.0 - 1.0 / max(chi, _TINY))
    return math.exp(-growing) * (1.0 + growing + growing**2 / 2)
