"""Where gradients neither vanish nor explode: sigma_w for which chi_1 = 1 at a fixed point of the variance.

With V = E[phi^2] and D = E[phi'^2] at q, chi_1 = 1 means sigma_w^2 = 1 / D, and the fixed point

    V(q) / D(q) + sigma_b^2 = q

is one equation for q. It may have no solution, or one where chi_q > 1: the variance then does not stay there, and
starting a network on that sigma_w does not make it critical.
"""

import math
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from scipy.optimize import brentq

from vgdesk.spec.activation import FORMULA
from vgdesk.spec.mixture import settled, words_of
from vgdesk.theory.lines import power_near_zero
from vgdesk.theory.moments import moments_at, straight_slope
from vgdesk.theory.variance_map import LARGEST_SIGMA, NOTHING, SAME, grid_moments, require_sigmas

_NEAR_ORIGIN = 1e-3
"""A variance at which it shows whether the map bends away from the diagonal, which it touches at 0."""


class CriticalPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Is a sigma_w with chi_1 = 1, the variance there, and whether it stays there.

    `q` is None where every variance is a fixed point.
    """

    sigma_w: float
    q: float | None
    chi_q: float
    stable: bool


class Criticality(msgspec.Struct, frozen=True, kw_only=True):
    """Tells the critical points at one sigma_b.

    Attributes
    ----------
    points
        All of them: stable ones first, then by growing variance.
    reason
        Why there is none, or what is special about the first; else empty.
    """

    activation: str
    sigma_b: float
    points: tuple[CriticalPoint, ...]
    reason: str = ""


def critical(activation: str, sigma_b: float) -> Criticality:
    """Returns the critical points of an activation at `sigma_b`.

    Raises
    ------
    SpecError
        Unknown activation, or a number that is not finite or out of range.
    """
    require_sigmas(activation, 1.0, sigma_b)
    activation, straight = settled(activation), straight_slope(activation)
    points = _found(activation, sigma_b) if straight is None else _two_sided(straight, sigma_b)
    allowed = [point for point in points if point.sigma_w <= LARGEST_SIGMA]
    ordered = tuple(sorted(allowed, key=lambda point: (not point.stable, point.q or 0.0)))
    largest = f" up to {LARGEST_SIGMA:,.0f}" if len(allowed) < len(points) else ""
    return Criticality(
        activation=activation, sigma_b=sigma_b, points=ordered, reason=_reason(activation, sigma_b, ordered, largest)
    )


def _reason(activation: str, sigma_b: float, points: tuple[CriticalPoint, ...], largest: str) -> str:
    if not points:
        # a formula such as 1 would read as a number of the sentence
        words = repr(words_of(activation)) if activation.startswith(FORMULA) else words_of(activation)
        return f"no σ_w{largest} has a fixed point of the variance with χ₁ = 1 for {words} at σ_b = {sigma_b:g}"
    if points[0].q is None:
        return "every variance is a fixed point there"
    if not points[0].stable:
        slope = f"χ_q = {points[0].chi_q:.4g} > 1" if points[0].chi_q > 1.0 else "the map bends away from it"
        return (
            f"the fixed point is unstable ({slope}): the variance leaves it, so a network with this σ_w does not "
            "stay critical"
        )
    return ""


def _two_sided(slope_square: float, sigma_b: float) -> list[CriticalPoint]:
    if sigma_b > 0.0:  # q' = q + sigma_b^2 has no fixed point
        return []
    return [CriticalPoint(sigma_w=1 / math.sqrt(slope_square), q=None, chi_q=1.0, stable=True)]


def _found(activation: str, sigma_b: float) -> list[CriticalPoint]:
    q, at = grid_moments(activation)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # phi' of a formula may be 0
        excess = (at.square / at.slope_square + sigma_b**2) / q - 1.0
    signs = np.where(np.abs(excess) < SAME, 0.0, np.sign(excess))
    # where E[phi'^2] is nothing beside E[phi^2] / q there is no fixed point, whatever the scale of phi
    usable = np.flatnonzero((signs != 0.0) & (at.slope_square > 1e-12 * at.square / q) & np.isfinite(excess))
    found = _origin(activation) if sigma_b**2 + moments_at(activation, 0.0).square < NOTHING else []
    for left, right in pairwise(usable.tolist()):
        if signs[left] != signs[right]:
            found.append(_point(activation, sigma_b, math.log(q[left]), math.log(q[right])))
    return found


def _origin(activation: str) -> list[CriticalPoint]:
    """Returns the critical point at q = 0, where phi is its own tangent, if that has a slope."""
    at = moments_at(activation, 0.0)
    if power_near_zero(activation) != 1 or at.slope_square == 0.0:
        return []
    sigma_w = 1 / math.sqrt(at.slope_square)
    drift = moments_at(activation, _NEAR_ORIGIN).square * sigma_w**2 / _NEAR_ORIGIN - 1.0
    return [CriticalPoint(sigma_w=sigma_w, q=0.0, chi_q=1.0, stable=drift < SAME)]


def _point(activation: str, sigma_b: float, low: float, high: float) -> CriticalPoint:
    def excess(log_q: float) -> float:
        at = moments_at(activation, math.exp(log_q))
        return (at.square / at.slope_square + sigma_b**2) * math.exp(-log_q) - 1.0

    root: Any = brentq(excess, low, high, xtol=1e-14)
    q = math.exp(root)
    at = moments_at(activation, q)
    chi_q = 1.0 + at.curvature / at.slope_square
    return CriticalPoint(sigma_w=1 / math.sqrt(at.slope_square), q=q, chi_q=chi_q, stable=chi_q < 1.0)
