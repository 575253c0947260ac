"""All fixed points of the variance map: where it crosses the diagonal, also where it only just does and returns.

Signs of q'/q - 1 on a grid of variances, twelve to a decade, bracket the crossings; a grid point nearer to the diagonal
than its neighbours is looked at for two crossings beside it. Straight lines on either side of 0 have a straight map.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from vgdesk.theory.moments import moments_at, straight_slope
from vgdesk.theory.variance_map import NOTHING, SAME, grid_moments, variance_map


class Root(NamedTuple):
    """Is a fixed point q, and whether the map crosses the diagonal from above there."""

    q: float
    stable: bool


def map_roots(activation: str, sigma_w: float, sigma_b: float, q0: float) -> tuple[list[Root], bool]:
    """Returns the fixed points by growing variance, and whether there is a whole line of them."""
    straight = straight_slope(activation)
    if straight is not None:
        return _two_sided_roots(sigma_w**2 * straight, sigma_b**2, q0)
    grid, at = grid_moments(activation)
    excess = (sigma_w**2 * at.square + sigma_b**2) / grid - 1.0
    signs = np.where(np.abs(excess) < SAME, 0.0, np.sign(excess))

    def distance(log_q: float) -> float:
        q = math.exp(log_q)
        return (sigma_w**2 * moments_at(activation, q).square + sigma_b**2) / q - 1.0

    found: list[Root] = []
    first = signs[signs != 0.0]
    if variance_map(activation, sigma_w, sigma_b, 0.0)[0] < NOTHING or (len(first) and first[0] < 0):
        found.append(Root(0.0, bool(len(first) and first[0] < 0)))
    for low, high in _brackets(np.log(grid), excess, signs, distance):
        root: Any = brentq(distance, low, high, xtol=1e-14)
        found.append(Root(_polished(activation, sigma_w, sigma_b, root), distance(low) > 0.0))
    return found, False


def _brackets(
    log_q: np.ndarray, excess: np.ndarray, signs: np.ndarray, distance: Callable[[float], float]
) -> list[tuple[float, float]]:
    """Returns intervals of ln q around each crossing, also where the map only just crosses the diagonal and returns."""
    logs, known = log_q.tolist(), np.flatnonzero(signs).tolist()
    found: list[tuple[float, float]] = []
    for left, right in pairwise(known):
        if signs[left] != signs[right]:
            found.append((logs[left], logs[right]))
        elif 0 < left < len(logs) - 1 and signs[left - 1] == signs[left] and _is_dip(np.abs(excess), left):
            low, high = logs[left - 1], logs[left + 1]
            turn = _turn(distance, signs[left], low, high)
            if distance(turn) * signs[left] < -SAME:
                found += [(low, turn), (turn, high)]
    return found


def _turn(distance: Callable[[float], float], sign: float, low: float, high: float) -> float:
    """Returns where the map comes nearest to the diagonal, or farthest across it."""
    found: Any = minimize_scalar(lambda log_q: sign * distance(log_q), bounds=(low, high), method="bounded")
    return float(found.x)


def _is_dip(size: np.ndarray, place: int) -> bool:
    """Whether a grid point is nearer to the diagonal than both of its neighbours, and near at all."""
    return size[place] < min(size[place - 1], size[place + 1]) and size[place] < 0.3


def _polished(activation: str, sigma_w: float, sigma_b: float, log_q: float) -> float:
    """Makes one Newton step, which takes the root of ln q to the last digits of q."""
    q = math.exp(log_q)
    at = moments_at(activation, q)
    slope = sigma_w**2 * (at.slope_square + at.curvature) - 1.0
    if abs(slope) < 1e-6:
        return q
    step = (sigma_w**2 * at.square + sigma_b**2 - q) / slope
    return q - step if abs(step) < 1e-6 * q else q


def _two_sided_roots(growth: float, added: float, q0: float) -> tuple[list[Root], bool]:
    """Returns the fixed points of q' = growth q + added."""
    if abs(growth - 1.0) < SAME and added == 0.0:
        return [Root(q0, True)], True
    if added == 0.0:
        return [Root(0.0, growth < 1.0)], False
    return ([Root(added / (1.0 - growth), True)], False) if growth < 1.0 - SAME else ([], False)
