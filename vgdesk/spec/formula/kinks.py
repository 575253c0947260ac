"""Where the slope of a formula jumps: at finitely many points, or the formula is refused.

Candidates are the z at which abs, sign, relu, max, min, a root or a comparison changes sides. A candidate is a kink
when the value or the slope differs from one side to the other however near one looks.
"""

import math
from collections.abc import Iterator

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.domain import Path, reached, sampled_on
from vgdesk.spec.formula.sampling import GRID, sign_changes
from vgdesk.spec.formula.tree import Constant, Operation, Tree
from vgdesk.spec.formula.values import Table, values
from vgdesk.spec.formula.writing import shown

MOST_KINKS = 32
_DISTANCES = (1e-5, 1e-7)
_LEAST_JUMP = 1e-6


def kinks_of(tree: Tree, slope: Tree, table: Table) -> tuple[float, ...]:
    """Returns the kinks in ascending order; `table` holds the tree's values on `GRID`.

    Raises
    ------
    FormulaError
        There are more than `MOST_KINKS`.
    """
    found: list[float] = []
    tried: list[float] = []
    for part, switch, path in switches(tree):
        on_grid = sampled_on(switch, path, GRID, table)
        for a, b in sign_changes(lambda z, s=switch, p=path: sampled_on(s, p, z), GRID, on_grid):
            place = rounded(switch, a, b)
            if any(abs(place - other) <= 1e-7 * max(1.0, abs(other)) for other in tried):
                continue
            tried.append(place)
            if _jumps(tree, slope, place):
                found.append(place)
            if len(found) > MOST_KINKS:
                raise FormulaError(
                    f"{shown(part)} has no slope at more than {MOST_KINKS} points, and a formula must have one at all "
                    "but finitely many",
                    part.position,
                )
    return tuple(sorted(found))


def switches(tree: Tree, path: Path = ()) -> Iterator[tuple[Operation, Tree, Path]]:
    """Yields what changes sides at the zeros of something: the part, that something, and its path."""
    for inner, inner_path in reached(tree, path):
        yield from switches(inner, inner_path)
    match tree:
        case Operation(name="abs" | "sign" | "relu" | "sqrt", arguments=(u,)):
            yield tree, u, path
        case Operation(name="**", arguments=(u, Constant(value=exponent))) if not exponent.is_integer():
            yield tree, u, path
        case Operation(name="max" | "min" | ">" | ">=", arguments=(u, v)):
            yield tree, Operation("-", (u, v)), path
        case _:
            pass


def rounded(switch: Tree, a: float, b: float) -> float:
    """Returns the place between two neighbouring numbers that a person would have written."""
    middle = a if a == b else (a + b) / 2
    if abs(middle) <= 1e-12:
        return 0.0
    for digits in range(1, 13):
        # a double root, as of z**2 - 2*z + 1, is blurred by rounding over 1e-8 on either side
        short, reach = float(f"{middle:.{digits}g}"), 1e-7 if digits <= 3 else 1e-12
        if abs(short - middle) <= reach * max(1.0, abs(middle)):
            return short
    return b if values(switch, [b])[0] == 0 else a


def _jumps(tree: Tree, slope: Tree, place: float) -> bool:
    return _has_gap(tree, place) or _has_gap(slope, place)


def _has_gap(tree: Tree, place: float) -> bool:
    """Whether the two sides stay apart when one goes nearer; on a smooth curve the gap shrinks with the distance."""
    gaps: list[float] = []
    scale = 1.0
    for distance in _DISTANCES:
        reach = distance * max(1.0, abs(place))
        below, above = values(tree, [place - reach, place + reach])
        gaps.append(abs(above - below))
        scale += abs(below) + abs(above) if math.isfinite(below + above) else 0.0
    return gaps[1] > _LEAST_JUMP * scale and gaps[1] > 0.5 * gaps[0]
