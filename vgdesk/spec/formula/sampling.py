"""Where a sampled function touches 0 or changes sign: looked for on a grid, then narrowed down.

The grid has steps of 1/8 up to 50, then a hundred points up to a million, on either side of 0. What happens between two
of its points only, without a minimum that can be followed, is not seen.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

_FINE = [n / 8 for n in range(1, 401)]
_FAR = [50 * 20_000 ** (n / 100) for n in range(1, 101)]
_NEAR = [10.0**-n for n in range(8, 0, -1)]
_HALF = sorted({*_NEAR, *_FINE, *_FAR})
GRID: tuple[float, ...] = (*(-z for z in reversed(_HALF)), 0.0, *_HALF)

Sampled = Callable[[Sequence[float]], list[float]]
_PARTS = 8
_ROUNDS = 24
"""8**24 = 2**72: from two neighbours on the grid to two neighbouring numbers."""


def sign_changes(sampled: Sampled, grid: Sequence[float], found: Sequence[float]) -> list[tuple[float, float]]:
    """Returns (below, above) around every place where the sign is another one; `found` are the values on the grid."""
    known = pairwise(zip(grid, found, strict=True))
    return _narrowed(sampled, [(a, b) for (a, at_a), (b, at_b) in known if _is_change(at_a, at_b)])


def _narrowed(sampled: Sampled, pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Narrows all pairs together, for one walk over a long formula costs more than its values at many points."""
    under_way: list[int] = [*range(len(pairs))]
    for _ in range(_ROUNDS):
        seen = zip(under_way, _sampled_between(sampled, [pairs[n] for n in under_way]), strict=True)
        under_way = []
        for n, (points, values) in seen:
            step = next((place for place, pair in enumerate(pairwise(values)) if _is_change(*pair)), None)
            if step is not None and (points[step], points[step + 1]) != pairs[n]:
                pairs[n] = points[step], points[step + 1]
                under_way.append(n)
    return pairs


def _sampled_between(
    sampled: Sampled, pairs: Sequence[tuple[float, float]]
) -> Iterator[tuple[list[float], list[float]]]:
    """Yields the points from a to b and the values there, for each pair; all are sampled at once."""
    rows = [between(a, b) for a, b in pairs]
    values = iter(sampled([point for row in rows for point in row]) if rows else ())
    return ((row, list(islice(values, len(row)))) for row in rows)


def lowest(sampled: Sampled, grid: Sequence[float], found: Sequence[float]) -> tuple[float, float]:
    """Returns (z, value) of the smallest value, every dip of the grid followed down; NaN is passed over.

    Of several places with the same value up to rounding it is 0, or else the nearest one beyond 1: not one hard by a
    kink.
    """
    known = [(value, z) for z, value in zip(grid, found, strict=True) if value == value]
    dips = [n for n in range(1, len(grid) - 1) if found[n] <= found[n - 1] and found[n] <= found[n + 1]]
    deepest = sorted(dips, key=lambda n: (found[n], abs(grid[n])))[:20]
    known += _followed(sampled, [(grid[dip - 1], grid[dip + 1]) for dip in deepest])
    least = min(known, default=(math.inf, 0.0))[0]
    room = 4e-16 * abs(least) if math.isfinite(least) else 0.0
    return min(
        ((z, value) for value, z in known if value <= least + room),
        key=lambda one: (0 < abs(one[0]) < 1, abs(one[0])),
        default=(0.0, least),
    )


def _followed(sampled: Sampled, pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Returns (value, z) at the bottom of the dip in each pair."""
    best = [(math.inf, a) for a, _ in pairs]
    for _ in range(_ROUNDS // 2):
        for n, (points, found) in enumerate(_sampled_between(sampled, pairs)):
            values = [value if value == value else math.inf for value in found]
            place = min(range(len(points)), key=values.__getitem__)
            best[n] = min(best[n], (values[place], points[place]))
            pairs[n] = points[max(place - 1, 0)], points[min(place + 1, len(points) - 1)]
    return best


def between(a: float, b: float) -> list[float]:
    """Returns points from a to b, both included."""
    return [a, *(a + (b - a) * n / _PARTS for n in range(1, _PARTS)), b]


def neat_number(value: float) -> float:
    """Returns a number of 12 digits where that is the same number up to rounding, and 0 for what rounding left."""
    if not math.isfinite(value):
        return value
    return 0.0 if abs(value) < 1e-12 else float(f"{value:.12g}")


def _is_change(a: float, b: float) -> bool:
    return a == a and b == b and _sign(a) != _sign(b)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
