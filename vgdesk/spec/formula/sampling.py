"""Where a sampled function touches 0 or changes sign: looked for on a grid, then narrowed down.

The grid has steps of 1/8 up to 50, then a hundred points up to a million, on either side of 0. What happens between two
of its points only, without a minimum that can be followed, is not seen.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

_FINE = [n / 8 for n in range(1, 401)]
_FAR = [50 * 20_000 ** (n / 100) for n in range(1, 101)]
_NEAR = [10.0**-n for n in range(8, 0, -1)]
_HALF = sorted({*_NEAR, *_FINE, *_FAR})
GRID: tuple[float, ...] = (*(-z for z in reversed(_HALF)), 0.0, *_HALF)

Sampled = Callable[[Sequence[float]], list[float]]
_PARTS = 8
_ROUNDS = 24
"""8**24 = 2**72: from two neighbours on the grid to two neighbouring numbers."""


def sign_changes(sampled: Sampled, grid: Sequence[float], found: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yields (below, above) around every place where the sign is another one; `found` are the values on the grid."""
    for (a, at_a), (b, at_b) in pairwise(zip(grid, found, strict=True)):
        if _is_change(at_a, at_b):
            yield _narrowed(sampled, a, b)


def _narrowed(sampled: Sampled, a: float, b: float) -> tuple[float, float]:
    for _ in range(_ROUNDS):
        points = between(a, b)
        values = sampled(points)
        step = next((n for n, pair in enumerate(pairwise(values)) if _is_change(*pair)), None)
        if step is None or (points[step], points[step + 1]) == (a, b):
            break
        a, b = points[step], points[step + 1]
    return a, b


def lowest(sampled: Sampled, grid: Sequence[float], found: Sequence[float]) -> tuple[float, float]:
    """Returns (z, value) of the smallest value, every dip of the grid followed down; NaN is passed over.

    Of several places with the same value up to rounding it is 0, or else the nearest one beyond 1: not one hard by a
    kink.
    """
    known = [(value, z) for z, value in zip(grid, found, strict=True) if value == value]
    dips = [n for n in range(1, len(grid) - 1) if found[n] <= found[n - 1] and found[n] <= found[n + 1]]
    for dip in sorted(dips, key=lambda n: (found[n], abs(grid[n])))[:20]:
        known.append(_followed(sampled, grid[dip - 1], grid[dip + 1]))
    least = min(known, default=(math.inf, 0.0))[0]
    room = 4e-16 * abs(least) if math.isfinite(least) else 0.0
    return min(
        ((z, value) for value, z in known if value <= least + room),
        key=lambda one: (0 < abs(one[0]) < 1, abs(one[0])),
        default=(0.0, least),
    )


def _followed(sampled: Sampled, a: float, b: float) -> tuple[float, float]:
    """Returns (value, z) at the bottom of a dip between a and b."""
    best = math.inf, a
    for _ in range(_ROUNDS // 2):
        points = between(a, b)
        values = [value if value == value else math.inf for value in sampled(points)]
        place = min(range(len(points)), key=values.__getitem__)
        best = min(best, (values[place], points[place]))
        a, b = points[max(place - 1, 0)], points[min(place + 1, len(points) - 1)]
    return best


def between(a: float, b: float) -> list[float]:
    """Returns points from a to b, both included."""
    return [a, *(a + (b - a) * n / _PARTS for n in range(1, _PARTS)), b]


def _is_change(a: float, b: float) -> bool:
    return a == a and b == b and _sign(a) != _sign(b)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
