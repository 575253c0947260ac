"""Where an activation is flat: the intervals in which its units are called saturated.

They are looked for on the grid of `sampling`, the zeros of the slope among its points. A slope that turns many times
from one point to the next, as that of sin(1000000 z), would be met on flat places by chance; of such a one nothing is
told.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from vgdesk.spec.formula.examining import OwnActivation
from vgdesk.spec.formula.facts import SATURATED, SEARCHED
from vgdesk.spec.formula.sampling import GRID, neat_number, sign_changes
from vgdesk.spec.formula.values import values

_BETWEEN = (0.093, 0.241, 0.377, 0.513, 0.639, 0.768, 0.881)
"""Parts of a step at which no frequency has the same phase."""
_MOST_UNSEEN = 8
"""Turns between the points that a formula of a few narrow dips may have."""


def saturated_intervals(
    own: OwnActivation, slope_limits: tuple[float, float]
) -> tuple[tuple[float, float], ...] | None:
    """Returns where |phi'| < `SATURATED`; None of a slope that turns more often than the grid can follow."""

    def excess(points: Sequence[float]) -> list[float]:
        return [abs(slope) - SATURATED for slope in values(own.slope, points)]

    def slope(points: Sequence[float]) -> list[float]:
        return values(own.slope, points)

    # A flat place may be narrower than the grid's steps, but it holds a zero of the slope. Of a slope without a limit,
    # as that of sin, only what lies near 0 is told.
    is_settled = all(limit == limit for limit in slope_limits)
    near = [z for z in GRID if is_settled or abs(z) <= SEARCHED]
    if _turns_unseen(slope):
        return None
    flat = [a for a, _ in sign_changes(slope, near, slope(near))]
    grid = sorted({*near, *flat})
    borders = [_border(a, b, own.kinks) for a, b in sign_changes(excess, grid, excess(grid))]
    end = math.inf if is_settled else SEARCHED
    edges = sorted({-end, *borders, end})
    found: list[tuple[float, float]] = []
    for low, high in pairwise(edges):
        if _is_below(excess, low, high, slope_limits):
            found.append((low, high))
    return tuple(found)


def _turns_unseen(slope: Callable[[Sequence[float]], list[float]]) -> bool:
    """Whether the slope changes sign between the points of the grid near 0 far more often than from one to the next."""
    grid = [z for z in GRID if abs(z) <= SEARCHED]
    finer = sorted({*grid, *(a + part * (b - a) for a, b in pairwise(grid) for part in _BETWEEN)})
    return _turns(slope(finer)) > _turns(slope(grid)) + _MOST_UNSEEN


def _turns(slopes: Sequence[float]) -> int:
    """Returns how often the slope goes from a rise to a fall; what is flat already may be rounding around 0."""
    steep = [slope > 0 for slope in slopes if abs(slope) >= SATURATED]
    return sum(a != b for a, b in pairwise(steep))


def _border(a: float, b: float, kinks: Sequence[float]) -> float:
    """Returns where an interval ends between two neighbouring numbers: at the kink, where there is one."""
    near = [kink for kink in kinks if abs(kink - a) <= 1e-7 * max(1.0, abs(kink))]
    return near[0] if near else neat_number((a + b) / 2)


def _is_below(
    excess: Callable[[Sequence[float]], list[float]], low: float, high: float, slope_limits: tuple[float, float]
) -> bool:
    if math.isinf(low) and math.isinf(high):
        return excess([1.0])[0] < 0
    if math.isinf(low) or math.isinf(high):
        limit = slope_limits[0] if math.isinf(low) else slope_limits[1]
        beside = excess([high - max(1.0, abs(high))] if math.isinf(low) else [low + max(1.0, abs(low))])[0]
        return beside < 0 and (limit != limit or abs(limit) < SATURATED)
    return excess([(low + high) / 2])[0] < 0
