"""Refuses a formula that is not a real number somewhere on the real line: log(z), 1/z, sqrt(z), z**0.5.

Where bounds of the argument (`spans`) prove that nothing can happen, that is all; otherwise the argument is sampled, at
those z only that reach it through the cases of where(...).
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.sampling import GRID, lowest, sign_changes
from vgdesk.spec.formula.spans import Span, span_of
from vgdesk.spec.formula.tree import ONE, Constant, Operation, Tree, arguments_of, has_variable
from vgdesk.spec.formula.values import Table, values_table
from vgdesk.spec.formula.writing import number_text, shown

_ROUNDING = 1e-12
Path = tuple[tuple[Tree, bool], ...]
"""Conditions, and whether each one holds."""


class Critical(NamedTuple):
    """Is a part of a formula that is real only where its argument is positive, not negative, or not zero."""

    node: Operation
    argument: Tree
    need: str
    path: Path


def critical_parts(tree: Tree, path: Path = ()) -> Iterator[Critical]:
    """Yields every logarithm, root, quotient and power whose argument matters."""
    if power := _typed_power(tree):
        for inner in power.arguments:
            yield from critical_parts(inner, path)
        yield Critical(power, power.arguments[0], "positive", path)
        return
    for inner, inner_path in reached(tree, path):
        yield from critical_parts(inner, inner_path)
    match tree:
        case Operation(name="log", arguments=(u,)):
            yield Critical(tree, u, "positive", path)
        case Operation(name="log1p", arguments=(u,)):
            yield Critical(tree, Operation("+", (ONE, u)), "positive", path)
        case Operation(name="sqrt", arguments=(u,)):
            yield Critical(tree, u, "nonnegative", path)
        case Operation(name="/", arguments=(_, u)):
            yield Critical(tree, u, "nonzero", path)
        case Operation(name="**", arguments=(u, Constant(value=exponent))):
            if not exponent.is_integer():
                yield Critical(tree, u, "positive" if exponent < 0 else "nonnegative", path)
            elif exponent < 0:
                yield Critical(tree, u, "nonzero", path)
        case _:
            pass


def _typed_power(tree: Tree) -> Operation | None:
    """Returns u**v where the tree is exp(v log(u)) that `reader` made of it: nobody has typed the logarithm.

    Its product stands where the power stood; what was typed as exp(v*log(u)) has a place of its own for each.
    """
    match tree:
        case Operation(
            name="exp",
            arguments=(
                Operation(name="*", arguments=(v, Operation(name="log" | "log1p" as name, arguments=(u,)))) as product,
            ),
        ) if product.position == tree.position:
            base = u if name == "log" else Operation("+", (ONE, u))
            return Operation("**", (base, v), tree.position)
        case _:
            return None


def reached(tree: Tree, path: Path) -> Iterator[tuple[Tree, Path]]:
    """Yields what stands in an operation, and the conditions under which it counts."""
    match tree:
        case Operation(name="where", arguments=(condition, then, otherwise)):
            yield condition, path
            yield then, (*path, (condition, True))
            yield otherwise, (*path, (condition, False))
        case _:
            yield from ((argument, path) for argument in arguments_of(tree))


def sampled_on(tree: Tree, path: Path, points: Sequence[float], table: Table | None = None) -> list[float]:
    """Returns the tree's values, NaN where the path is not taken."""

    def column(node: Tree) -> list[float]:
        return table[id(node)] if table is not None and id(node) in table else values_table(node, points)[id(node)]

    found = column(tree)
    for condition, wanted in path:
        found = [v if bool(c) == wanted else math.nan for v, c in zip(found, column(condition), strict=True)]
    return found


def require_real(tree: Tree, table: Table) -> None:
    """Raises `FormulaError` where the formula is not real; `table` holds its values on `GRID`."""
    for part in critical_parts(tree):
        if not _is_proven(part.need, span_of(part.argument)):
            _require_sampled(part, table)


def _is_proven(need: str, span: Span) -> bool:
    return {"positive": span.is_positive, "nonnegative": span.is_nonnegative, "nonzero": span.is_nonzero}[need]


def _require_sampled(part: Critical, table: Table) -> None:
    def size(points: Sequence[float]) -> list[float]:
        found = sampled_on(part.argument, part.path, points)
        return list(map(abs, found)) if part.need == "nonzero" else found

    on_grid = sampled_on(part.argument, part.path, GRID, table)
    z, least = lowest(size, GRID, list(map(abs, on_grid)) if part.need == "nonzero" else on_grid)
    scale = max((abs(value) for value in on_grid if math.isfinite(value) and abs(value) <= 1.0), default=1.0)
    is_touched = least <= _ROUNDING * scale
    if part.need == "nonzero" and not is_touched:
        z, is_touched = _crossing(part, on_grid)
    if least < -_ROUNDING if part.need == "nonnegative" else is_touched:
        raise _refusal(part, _nearest(part.need, on_grid, z))


def _nearest(need: str, on_grid: Sequence[float], z: float) -> float:
    """Returns the point of the grid nearest 0 at which it fails, or z, which lies between two of them."""
    sampled = [(point, u) for point, u in zip(GRID, on_grid, strict=True) if abs(point) >= 1]
    match need:
        case "positive":
            failing = [point for point, u in sampled if u <= 0]
        case "nonnegative":
            failing = [point for point, u in sampled if u < 0]
        case _:
            failing = [point for point, u in sampled if u == 0]
    return min(failing, key=abs, default=z)


def _crossing(part: Critical, on_grid: list[float]) -> tuple[float, bool]:
    """Returns where the argument goes through 0, and whether it does; a jump past 0 is none."""
    for a, b in sign_changes(lambda points: sampled_on(part.argument, part.path, points), GRID, on_grid):
        at_a, at_b = sampled_on(part.argument, part.path, [a, b])
        near = sampled_on(part.argument, part.path, [a - 1e-6 * max(1.0, abs(a)), b + 1e-6 * max(1.0, abs(b))])
        if abs(at_a) + abs(at_b) <= 1e-3 * max(map(abs, near)):
            return a, True
    return 0.0, False


def _refusal(part: Critical, z: float) -> FormulaError:
    what = {"positive": "is not positive", "nonnegative": "is negative", "nonzero": "is 0"}[part.need]
    place = number_text(float(f"{z:.6g}"))
    where = f"where {shown(part.argument)} {what}, as at z = {place}" if has_variable(part.argument) else "for any z"
    sentence = f"{shown(part.node)} is no real number {where}"
    return FormulaError(f"{sentence}; a formula must be real for every z", part.node.position)
