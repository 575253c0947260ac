"""The moments of an activation as curves over x = ln q, ready to be read at many places off the wide network's.

    square    ln E[phi^2]              excess    E[phi^4] / E[phi^2]^2 - 1
    slope     ln E[phi'^2]             kurtosis  E[phi'^4] / E[phi'^2]^2
    mixed     E[phi^2 phi'^2] / (E[phi^2] E[phi'^2]) - 1

Cubic splines through the grid of `vgdesk.theory.variance_map` are tabulated ten times as densely and read along lines:
what use is made of, differences of two readings, is right to 1e-4. Beyond the ends the last line goes on: far in and
far out every activation is a power, or nothing moves any more.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline

from vgdesk.records.codec import frozen
from vgdesk.theory.moments import straight_slope
from vgdesk.theory.variance_map import grid_moments

_FINER = 10
_TINY = 1e-300


class LogCurves(NamedTuple):
    """Is one activation over ln q; every curve of shape (places,) at equal steps.

    Attributes
    ----------
    first, step
        ln q of the first place, and between two places.
    square, excess, slope, kurtosis, mixed
        See the module's text.
    listed
        `square` and `excess` once more, as lists, which plain numbers are read from ten times faster.
    is_straight
        Whether E[phi^2] is proportional to q, so that no curve is bent.
    """

    first: float
    step: float
    square: np.ndarray
    excess: np.ndarray
    slope: np.ndarray
    kurtosis: np.ndarray
    mixed: np.ndarray
    listed: tuple[list[float], list[float]]
    is_straight: bool

    def read(self, curve: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        """Returns a curve at some ln q, of the same shape."""
        at = (log_q - self.first) / self.step
        place = np.clip(at.astype(int), 0, len(curve) - 2)
        below = curve[place]
        return below + (at - place) * (curve[place + 1] - below)

    def square_and_excess(self, log_q: float) -> tuple[float, float]:
        """Returns ln E[phi^2] and the excess at one ln q."""
        square, excess = self.listed
        at = (log_q - self.first) / self.step
        place = min(max(int(at), 0), len(square) - 2)
        beyond = at - place
        found = excess[place] + beyond * (excess[place + 1] - excess[place])
        # far below the grid the line through its first two points would go below 0
        return square[place] + beyond * (square[place + 1] - square[place]), max(found, 0.0)


@lru_cache(maxsize=64)
def log_curves(activation: str) -> LogCurves:
    """Returns the curves of an activation or a mixture."""
    q, at = grid_moments(activation)
    x = np.log(q)
    count = (len(q) - 1) * _FINER + 1
    fine = np.linspace(x[0], x[-1], count)
    square, slope = np.maximum(at.square, _TINY), np.maximum(at.slope_square, _TINY)
    rows = np.stack(
        [
            np.log(square),
            at.square_fourth / square / square - 1.0,
            np.log(slope),
            at.slope_fourth / slope / slope,
            at.mixed / square / slope - 1.0,
        ]
    )
    square, excess, slope, kurtosis, mixed = map(frozen, CubicSpline(x, rows, axis=1)(fine))
    return LogCurves(
        first=float(x[0]),
        step=float(x[-1] - x[0]) / (count - 1),
        square=square,
        excess=excess,
        slope=slope,
        kurtosis=kurtosis,
        mixed=mixed,
        listed=(square.tolist(), np.maximum(excess, 0.0).tolist()),
        is_straight=straight_slope(activation) is not None,
    )
