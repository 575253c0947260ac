"""How a formula behaves: its range, its steepest slope, where it saturates, what it tends to far from 0, its kinks.

Extremes are looked for on the grid of `sampling` and followed into every dip and peak; beside each kink and far out the
limits count, too. So a maximum is a true one up to float64, unless it hides between two points of the grid.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from vgdesk.spec.formula.building import negative
from vgdesk.spec.formula.examining import OwnActivation
from vgdesk.spec.formula.facts import Behaviour, Extreme, Kink
from vgdesk.spec.formula.flat import saturated_intervals
from vgdesk.spec.formula.sampling import GRID, lowest, neat_number
from vgdesk.spec.formula.tree import Tree
from vgdesk.spec.formula.values import values

_FAR = (1e2, 1e3, 1e4, 1e5, 1e6)
_BETWEEN = tuple(1e5 * 10 ** (n / 13) for n in range(1, 13))
"""No neighbours are a whole number of periods apart, as powers of ten are for sin(2 pi z)."""
_BESIDE = 1e-9
_SETTLED = 1e-6


def behaviour_of(own: OwnActivation) -> Behaviour:
    """Returns how an activation behaves."""
    limits, slope_limits = _limits(own.tree), _limits(own.slope)
    lowest_value = _least(own.tree, own.kinks, limits)
    highest_value = _mirrored(_least(negative(own.tree), own.kinks, _negated(limits)))
    steep = [_mirrored(_least(negative(own.slope), own.kinks, _negated(slope_limits)))]
    steep.append(_least(own.slope, own.kinks, slope_limits))
    steepest = max(steep, key=lambda extreme: abs(extreme.value))
    return Behaviour(
        lowest=lowest_value,
        highest=highest_value,
        steepest=msgspec.structs.replace(steepest, value=abs(steepest.value)),
        kinks=tuple(_kink(own, z) for z in own.kinks),
        saturated=saturated_intervals(own, slope_limits),
        limits=limits,
        slope_limits=slope_limits,
        finite=_finite(own),
    )


def _kink(own: OwnActivation, z: float) -> Kink:
    reach = 4 * math.ulp(z) if z else 1e-300
    below, above = values(own.tree, [z - reach, z + reach])
    return Kink(z, (neat_number(below), neat_number(above)), _beside(own.slope, z))


def _beside(tree: Tree, z: float) -> tuple[float, float]:
    """Returns the limits from below and from above, straightened by a second, nearer look."""
    step = _BESIDE * max(1.0, abs(z))
    far_below, below, above, far_above = values(tree, [z - 2 * step, z - step, z + step, z + 2 * step])
    return _straightened(far_below, below), _straightened(far_above, above)


def _straightened(far: float, near: float) -> float:
    if abs(near) > 1.2 * abs(far) and abs(near) > 1e3:  # it grows without end, as the slope of a root at 0
        return math.copysign(math.inf, near)
    found = 2 * near - far
    short = float(f"{found:.9g}") if math.isfinite(found) else found
    return 0.0 if abs(short) < 1e-8 else short


def _limits(tree: Tree) -> tuple[float, float]:
    below, above = ([values(tree, [sign * z for z in far]) for far in (_FAR, _BETWEEN)] for sign in (-1, 1))
    return _limit(*below), _limit(*above)


def _limit(found: Sequence[float], between: Sequence[float]) -> float:
    """Returns what values at 10^2, ..., 10^6 tend to: a number, an infinity, or NaN where they do neither.

    What lies between the last two of them tells a limit from an oscillation.
    """
    if any(value != value for value in found) or math.isinf(found[-1]):
        return found[-1]
    steps = [b - a for a, b in pairwise(found)]
    sizes = [abs(step) for step in steps[-3:]]
    tolerance = _SETTLED * (1 + abs(found[-1]))
    if sizes[-1] <= tolerance or sizes[2] < sizes[1] / 1.5 < sizes[0] / 2:
        is_settled = all(abs(value - found[-1]) <= max(sizes[1], 100 * tolerance) for value in between)
        settled = found[-1] + steps[-1] / 9  # what is left of c/z
        return math.nan if not is_settled else 0.0 if abs(settled) < 1e-9 else float(f"{settled:.9g}")
    way = [*steps[-3:-1], *(b - a for a, b in pairwise([found[-2], *between, found[-1]]))]
    is_monotone = all(step > 0 for step in way) or all(step < 0 for step in way)
    return math.copysign(math.inf, steps[-1]) if is_monotone else math.nan


def _least(tree: Tree, kinks: Sequence[float], limits: tuple[float, float]) -> Extreme:
    """Returns the smallest value: on the grid and in its dips, beside the kinks, or far out."""

    def sampled(points: Sequence[float]) -> list[float]:
        return values(tree, points)

    z, value = lowest(sampled, GRID, sampled(GRID))
    place = _neat(sampled, z, value)
    found = Extreme(neat_number(value), place, values(tree, [place])[0] <= value + 1e-12 * (1 + abs(value)))
    sides = [(limit, kink) for kink in kinks for limit in _beside(tree, kink)]
    ends = [(limit, end) for limit, end in zip(limits, (-math.inf, math.inf), strict=True) if limit == limit]
    for limit, place in (*sides, *ends):
        # Beyond what was sampled, or the same number as a neat limit: the far 0.999999 is a 1 that is never reached.
        if limit < value - 1e-9 * (1 + abs(value)):
            found, value = Extreme(limit, place, math.isfinite(place) and values(tree, [place])[0] == limit), limit
    if math.isinf(found.value) or any(abs(end - found.value) <= 1e-5 * (1 + abs(end)) for end, _ in ends):
        found = _far_out(tree, found, ends)
    return found


def _neat(sampled: Callable[[Sequence[float]], list[float]], z: float, value: float) -> float:
    """Returns the place of an extreme as a person would write it, where the value is the same there up to rounding."""
    if abs(z) < 1e-6 and (abs(z) < 1e-12 or sampled([0.0])[0] <= value + 1e-13 * (1 + abs(value))):
        return 0.0
    for digits in range(1, 8):
        short = float(f"{z:.{digits}g}")
        if sampled([short])[0] <= value + 1e-15 * (1 + abs(value)):
            return short
    return neat_number(z)


def _far_out(tree: Tree, found: Extreme, ends: Sequence[tuple[float, float]]) -> Extreme:
    """Returns the extreme as a limit where it is only approached, as it is where it is reached near 0."""
    if math.isinf(found.value):
        return Extreme(
            found.value, math.copysign(math.inf, found.at) if math.isfinite(found.at) and found.at else found.at, False
        )
    for limit, end in ends:
        is_reached = any(value <= limit for z, value in zip(GRID, values(tree, GRID), strict=True) if abs(z) <= 10)
        if not is_reached and (limit == found.value or abs(limit - found.value) <= 1e-5 * (1 + abs(limit))):
            return Extreme(limit, end, False)
    return found


def _negated(limits: tuple[float, float]) -> tuple[float, float]:
    return -limits[0], -limits[1]


def _mirrored(extreme: Extreme) -> Extreme:
    return msgspec.structs.replace(extreme, value=-extreme.value if extreme.value else 0.0)


def _finite(own: OwnActivation) -> tuple[float, float]:
    """Returns between which z phi and phi' are finite, seen from 0."""

    def is_finite(points: Sequence[float]) -> list[bool]:
        both = zip(values(own.tree, points), values(own.slope, points), strict=True)
        return [math.isfinite(value) and math.isfinite(slope) for value, slope in both]

    middle = len(GRID) // 2
    return _last_finite(is_finite, GRID[middle::-1]), _last_finite(is_finite, GRID[middle:])


def _last_finite(is_finite: Callable[[Sequence[float]], list[bool]], outwards: Sequence[float]) -> float:
    """Returns where numbers end on the way out from 0, to six digits; infinite where they do not."""
    found = is_finite(outwards)
    if all(found):
        return math.copysign(math.inf, outwards[-1])
    first_bad = found.index(False)
    good, bad = outwards[max(first_bad - 1, 0)], outwards[first_bad]
    for _ in range(40):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if is_finite([middle])[0] else (good, middle)
    return float(f"{good:.6g}")
