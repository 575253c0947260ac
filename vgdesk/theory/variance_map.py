"""The variance map of wide layers, q' = sigma_w^2 E[phi(z)^2] + sigma_b^2 with z ~ N(0, q) (Poole et al. 2016, eq. 3).

E[phi^2] is tabulated once per activation on a grid of variances, from which roots are bracketed and diagrams drawn.
"""

from functools import cache

import numpy as np

from vgdesk.spec.activation import FORMULA
from vgdesk.spec.base import require_finite
from vgdesk.theory.activations import LARGEST_OWN, largest_variance, require_known
from vgdesk.theory.moments import Moments, moments

LARGEST_SIGMA = 1e6
SAME = 4e-13
"""Relative distance from the diagonal below which rounding decides about the sign."""
NOTHING = 1e-24
"""A variance below this is taken as 0, and no fixed point is looked for there."""
_NODES = 12
"""Points per panel on the grid: what is read off it is brackets and curves, and whoever changes phi waits for it."""
_GRID = np.geomspace(NOTHING, LARGEST_OWN, 48 * 12 + 1)


def require_sigmas(activation: str, sigma_w: float, sigma_b: float) -> None:
    """Raises `SpecError` unless the activation is known and both numbers are finite and from 0 to 1e6."""
    require_known(activation)
    require_finite("sigma_w", sigma_w, 0.0, LARGEST_SIGMA)
    require_finite("sigma_b", sigma_b, 0.0, LARGEST_SIGMA)


def variance_map(activation: str, sigma_w: float, sigma_b: float, q: np.ndarray | float) -> np.ndarray:
    """Returns the variance one layer on, shape (number of variances,)."""
    return sigma_w**2 * moments(activation, q).square + sigma_b**2


def variance_trajectory(activation: str, sigma_w: float, sigma_b: float, q0: float, layers: int) -> np.ndarray:
    """Returns q_0, q_1, ..., shape (layers + 1,); infinite from where it exceeds `largest_variance`."""
    trajectory = np.full(layers + 1, np.inf)
    trajectory[0] = q0
    for layer in range(1, layers + 1):
        if trajectory[layer - 1] > largest_variance(activation):
            break
        trajectory[layer] = variance_map(activation, sigma_w, sigma_b, trajectory[layer - 1])[0]
    return trajectory


@cache
def grows(activation: str) -> bool:
    """Whether E[phi^2] grows with q, as it does for every activation by name and for every mixture of them."""
    if FORMULA not in activation:
        return True
    square = grid_moments(activation)[1].square
    return bool(np.all(np.diff(square) >= -1e-12 * square[1:]))


@cache
def grid_moments(activation: str) -> tuple[np.ndarray, Moments[np.ndarray]]:
    """Returns variances from 1e-24 on a grid, twelve to a decade, and the moments there.

    The grid ends at 1e24, or where the moments of a formula end.
    """
    q = _GRID[largest_variance(activation) >= _GRID]
    return q, moments(activation, q, _NODES)
