"""Mean field: what becomes of the variance q of the preactivations from layer to layer, and where it settles.

    variance map   q' = sigma_w^2 E[phi(z)^2] + sigma_b^2,  z ~ N(0, q)          Poole et al. 2016, eq. 3
    chi_1          sigma_w^2 E[phi'^2]: factor of E|delta|^2 per layer            Schoenholz et al. 2017, eq. 12
    chi_q          sigma_w^2 E[phi'^2 + phi phi'']: slope of the variance map     eq. 6 there, in q
    depth scales   xi_q = -1 / ln chi_q,   xi_grad = -1 / ln chi_1 (negative: gradients explode)
                   xi_c = xi_grad where chi_1 <= 1, else from c* (`vgdesk.theory.correlation`)

E[phi^2] grows with q for every activation of the catalogue. So the iteration moves in one direction only: from q0 it
ends in the next fixed point above where the map lies above the diagonal, else in the next one below. Nothing is
iterated to find out. A fixed point is stable where the map crosses the diagonal from above; chi_q > 1 means that it
does not. Of a formula of one's own E[phi^2] may fall, e.g. of exp(-z^2); then the iteration may step across a fixed
point and is followed. It cannot end in a cycle, and chi_q >= -1/2, for

    d ln E[phi^2] / d ln q = E[(g^2 - 1) phi^2] / (2 E[phi^2]) >= -1/2

so that the map of ln q never falls as steeply as a cycle of two would need, and without one of two there is none.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.optimize import brentq, minimize_scalar

from vgdesk.spec.activation import FORMULA
from vgdesk.spec.base import require_finite
from vgdesk.theory.activations import LARGEST_OWN, largest_variance, limit_words, require_known
from vgdesk.theory.correlation import correlation_fixed_point, correlation_slope
from vgdesk.theory.moments import TWO_SIDED, Moments, moments, moments_at, require_variance

LARGEST_SIGMA = 1e6
SAME = 4e-13
"""Relative distance from the diagonal below which rounding decides about the sign."""
NOTHING = 1e-24
"""A variance below this is taken as 0, and no fixed point is looked for there."""
_GRID = np.geomspace(NOTHING, LARGEST_OWN, 48 * 12 + 1)

_MOST_STEPS = 2000
_UNSTABLE = "q0 is an unstable fixed point: the slightest change leads away from it"


class FixedPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Is a variance that the map leaves as it is.

    Attributes
    ----------
    q
        The variance.
    chi_1
        Factor of E|delta|^2 per layer, backwards.
    chi_q
        Slope of the variance map.
    stable
        Whether the iteration stays there: slight changes of q do not grow.
    xi_q, xi_c, xi_grad
        Depth scales in layers; infinite at criticality, negative where something grows. xi_c is None where there is no
        correlation to speak of: at q = 0.
    c_star
        Correlation in which two inputs end, None as for xi_c.
    """

    q: float
    chi_1: float
    chi_q: float
    stable: bool
    xi_q: float
    xi_c: float | None
    xi_grad: float
    c_star: float | None = None


class MeanField(msgspec.Struct, frozen=True, kw_only=True):
    """Tells where the variance can settle and where it does.

    Attributes
    ----------
    fixed_points
        All of them, the smallest variance first.
    reached
        The one in which the iteration from q0 ends, or None.
    reason
        Why none is reached, or what is special about the one that is; else empty.
    """

    activation: str
    sigma_w: float
    sigma_b: float
    q0: float
    fixed_points: tuple[FixedPoint, ...]
    reached: FixedPoint | None
    reason: str = ""


class _Root(NamedTuple):
    q: float
    stable: bool


def mean_field(activation: str, sigma_w: float, sigma_b: float, q0: float = 1.0) -> MeanField:
    """Returns all fixed points of the variance map and the one that is reached from `q0`.

    Raises
    ------
    SpecError
        Unknown activation, or a number that is not finite or out of range.
    """
    require_sigmas(activation, sigma_w, sigma_b)
    require_variance(activation, "q0", q0)
    roots, is_line = _roots(activation, sigma_w, sigma_b, q0)
    points = tuple(fixed_point(activation, sigma_w, sigma_b, root.q, root.stable) for root in roots)
    follow = _reached if grows(activation) else _followed
    reached, reason = follow(activation, sigma_w, sigma_b, q0, points)
    if is_line:
        reason = "every variance is a fixed point here; listed is the one at q0"
    return MeanField(
        activation=activation,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        q0=q0,
        fixed_points=points,
        reached=reached,
        reason=reason,
    )


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


def depth_scale(chi: float) -> float:
    """Returns -1 / ln chi: 0 for chi = 0, infinite for chi = 1, negative above."""
    if chi <= 0.0:
        return 0.0
    return math.inf if abs(chi - 1.0) < SAME else -1.0 / math.log(chi)


def fixed_point(activation: str, sigma_w: float, sigma_b: float, q: float, stable: bool) -> FixedPoint:
    """Returns a fixed point with its slopes and depth scales."""
    at = moments_at(activation, q)
    chi_1, chi_q = sigma_w**2 * at.slope_square, sigma_w**2 * (at.slope_square + at.curvature)
    c_star, xi_c = None, None
    if q > 0.0:
        c_star, chi_c = 1.0, chi_1
        if chi_1 > 1.0 + SAME:
            c_star = correlation_fixed_point(activation, sigma_w, sigma_b, q)
            chi_c = correlation_slope(activation, sigma_w, q, c_star)
        xi_c = depth_scale(chi_c)
    return FixedPoint(
        q=q,
        chi_1=chi_1,
        chi_q=chi_q,
        stable=stable,
        xi_q=depth_scale(chi_q),
        xi_c=xi_c,
        xi_grad=depth_scale(chi_1),
        c_star=c_star,
    )


def _reached(
    activation: str, sigma_w: float, sigma_b: float, q0: float, points: tuple[FixedPoint, ...]
) -> tuple[FixedPoint | None, str]:
    """Follows the one direction in which the variance moves from q0."""
    drift = float(variance_map(activation, sigma_w, sigma_b, q0)[0]) - q0
    here = [point for point in points if abs(point.q - q0) <= 1e-9 * q0]
    # 1e-25: at q0 = 0 the moments are those of a variance of 1e-30
    if here and abs(drift) <= max(1e-9 * q0, 1e-25):
        return here[0], "" if here[0].stable else _UNSTABLE
    onward = [p for p in points if p.q > q0] if drift > 0 else [p for p in reversed(points) if p.q < q0]
    if onward:
        others = sum(point.stable for point in points)
        return onward[0], f"{others} fixed points are stable: q0 decides in which one it ends" if others > 1 else ""
    return None, _no_end(activation, q0)


def _no_end(activation: str, q0: float) -> str:
    """Returns what is said where the map lies above the diagonal from q0 on."""
    reason = limit_words(activation)
    if reason:
        largest = largest_variance(activation)
        return f"from q0 = {q0:g} the variance grows beyond {largest:.4g}, where moments end: {reason}"
    return (
        f"the variance grows without bound: from q0 = {q0:g} on sigma_w^2 E[phi^2] + sigma_b^2 exceeds q at every q, "
        "so the iteration has no end"
    )


def _followed(
    activation: str, sigma_w: float, sigma_b: float, q0: float, points: tuple[FixedPoint, ...]
) -> tuple[FixedPoint | None, str]:
    """Follows the iteration of a map that is not monotone."""
    q = q0
    for _ in range(_MOST_STEPS):
        before, q = q, float(variance_map(activation, sigma_w, sigma_b, q)[0])
        if q > largest_variance(activation):
            return None, _no_end(activation, q0)
        if abs(q - before) <= 1e-9 * q:
            break
    near = min(points, key=lambda point: abs(point.q - q), default=None)
    if near is None or abs(near.q - q) > 1e-2 * max(near.q, NOTHING):
        return None, f"the variance still moves, at q = {q:.4g}, after {_MOST_STEPS} layers"
    return near, "" if near.stable else _UNSTABLE


@cache
def grows(activation: str) -> bool:
    """Whether E[phi^2] grows with q, as it does for every activation by name."""
    if not activation.startswith(FORMULA):
        return True
    square = grid_moments(activation)[1].square
    return bool(np.all(np.diff(square) >= -1e-12 * square[1:]))


def _roots(activation: str, sigma_w: float, sigma_b: float, q0: float) -> tuple[list[_Root], bool]:
    """Returns the fixed points by growing variance, and whether there is a whole line of them."""
    if activation in TWO_SIDED:
        return _two_sided_roots(sigma_w**2 * (1 + TWO_SIDED[activation] ** 2) / 2, sigma_b**2, q0)
    grid, at = grid_moments(activation)
    excess = (sigma_w**2 * at.square + sigma_b**2) / grid - 1.0
    signs = np.where(np.abs(excess) < SAME, 0.0, np.sign(excess))

    def distance(log_q: float) -> float:
        q = math.exp(log_q)
        return (sigma_w**2 * moments_at(activation, q).square + sigma_b**2) / q - 1.0

    found: list[_Root] = []
    first = signs[signs != 0.0]
    if variance_map(activation, sigma_w, sigma_b, 0.0)[0] < NOTHING or (len(first) and first[0] < 0):
        found.append(_Root(0.0, bool(len(first) and first[0] < 0)))
    for low, high in _brackets(np.log(grid), excess, signs, distance):
        root: Any = brentq(distance, low, high, xtol=1e-14)
        found.append(_Root(_polished(activation, sigma_w, sigma_b, root), distance(low) > 0.0))
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


def _two_sided_roots(growth: float, added: float, q0: float) -> tuple[list[_Root], bool]:
    """Returns the fixed points of q' = growth q + added."""
    if abs(growth - 1.0) < SAME and added == 0.0:
        return [_Root(q0, True)], True
    if added == 0.0:
        return [_Root(0.0, growth < 1.0)], False
    return ([_Root(added / (1.0 - growth), True)], False) if growth < 1.0 - SAME else ([], False)


@cache
def grid_moments(activation: str) -> tuple[np.ndarray, Moments[np.ndarray]]:
    """Returns variances from 1e-24 on a grid, twelve to a decade, and the moments there.

    The grid ends at 1e24, or where the moments of a formula end.
    """
    q = _GRID[largest_variance(activation) >= _GRID]
    return q, moments(activation, q)
