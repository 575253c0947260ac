"""The views of `vgdesk derive` and `vgdesk bounds`: as sheets, as plain JSON values, in every format."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from vgdesk.cli.options import integer, number
from vgdesk.cli.output import say, say_json
from vgdesk.present.derivation_views import counted_paths, ledger_sheet, matrix_sheet, path_sheet, route_text
from vgdesk.present.formula.latex import to_latex
from vgdesk.present.formula.text import to_text
from vgdesk.present.scenes import EquationSheet
from vgdesk.present.spelling import magnitude_text
from vgdesk.records.derivation import Factor
from vgdesk.records.derivation_views import Ledger, MatrixView, PathView, ProductBound
from vgdesk.records.formula import Formula
from vgdesk.spec.experiment import Experiment

VIEWS = ("steps", "paths", "matrix", "ledger")
Told = tuple[EquationSheet, Callable[[], dict[str, Any]]]
"""A sheet, and what makes the same as plain JSON values."""


def told_view(experiment: Experiment, wrt: str, example: int, view: str, most: int) -> Told:
    """Returns one of the views besides the steps."""
    from vgdesk.study import derivation_views as study

    if view == "paths":
        found = study.paths(experiment, wrt, example, most)
        return path_sheet(found), lambda: paths_object(found)
    if view == "matrix":
        rules = study.matrices(experiment, wrt, example)
        return matrix_sheet(rules), lambda: matrix_object(rules)
    ledger = study.ledger(experiment, wrt, example)
    return ledger_sheet(ledger), lambda: ledger_object(ledger)


def bounds(
    activation: Annotated[str, typer.Argument(help="An activation, e.g. sigmoid (`vgdesk bounds x` lists them).")],
    weight: Annotated[
        float, typer.Option(help="The weight w of every layer.", parser=number("--weight"), metavar="NUMBER")
    ] = 1.0,
    depth: Annotated[
        int, typer.Option(help="The number of layers L.", parser=integer("--depth"), metavar="INTEGER")
    ] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Bound the product of a chain's factors, (max|phi'| |w|)^L, and say at which depth floats lose it.

    The JSON object holds: activation, weight, depth, largest_slope, at (where
    phi' has it), is_reached (false for a limit that no z reaches), rate
    (max|phi'| |w|), bound, log10_bound, neutral_weight (the |w| at which the
    rate is 1), limit (of the bound for L -> infinity: 0, 1 or infinity) and
    depths (format, limit, log2, depth: the first L that passes it, or null).
    """
    from vgdesk.study.derivation_views import bound

    found = bound(activation, weight, depth)
    if json:
        say_json(bound_object(found))
    else:
        say("\n".join(bound_lines(found)))


def bound_lines(bound: ProductBound) -> list[str]:
    """Returns the bound in sentences."""
    place = f"at z = {bound.at:.6g}" if bound.is_reached else f"approached towards z = {bound.at:.6g}, never reached"
    size = magnitude_text(bound.log10_bound)
    ends = {"0": "vanishes", "1": "stays 1", "infinity": "grows without bound"}[bound.limit]
    lines = [
        f"{bound.activation}: max|φ′| = {bound.largest_slope:.6g} ({place})",
        f"one layer with w = {bound.weight:g} changes a gradient by at most a factor {bound.rate:.6g}",
        f"{bound.depth} layers: at most {size}; for ever more layers this bound {ends}",
        f"neither shrinks nor grows, at the steepest point, for |w| = {bound.neutral_weight:.6g}",
    ]
    for passed in bound.depths:
        if passed.depth is not None:
            side = "exceeds" if passed.limit == "largest" else "is below"
            limit = f"{passed.format}'s {passed.limit} number, 2^{passed.log2}"
            lines.append(f"from {passed.depth} layers on the bound {side} {limit}")
    return lines


def bound_object(bound: ProductBound) -> dict[str, Any]:
    """Returns the bound as plain JSON values."""
    fields = {name: getattr(bound, name) for name in bound.__struct_fields__}
    depths = [{name: getattr(passed, name) for name in passed.__struct_fields__} for passed in bound.depths]
    return {**fields, "depths": depths}


def paths_object(view: PathView) -> dict[str, Any]:
    """Returns the sum over all paths as plain JSON values."""
    listed = [
        {
            "factors": list(path.factors),
            "route": route_text(view, path),
            "value": path.value,
            "log10_magnitude": path.log10_magnitude,
            "sign": path.sign,
            "share": path.share,
        }
        for path in view.paths
    ]
    return {
        **_head(view),
        "count": view.count,
        "zeros": view.zeros,
        "note": counted_paths(view),
        "paths": listed,
        "rest": view.rest,
        "factors": [_factor(factor) for factor in view.factors],
    }


def matrix_object(view: MatrixView) -> dict[str, Any]:
    """Returns the backward rule in matrices as plain JSON values."""
    steps = [
        {
            "layer": step.layer,
            "title": step.title,
            "rule": _spelt(step.rule),
            "shapes": _spelt(step.shapes),
            "numbers": _spelt(step.numbers),
            "scalars": [_spelt(line) for line in step.scalars],
            "delta": step.delta.tolist(),
            "log10_delta": step.log10_delta.tolist(),
        }
        for step in view.steps
    ]
    return {**_head(view), "steps": steps, "result": [_spelt(line) for line in view.result]}


def ledger_object(ledger: Ledger) -> dict[str, Any]:
    """Returns the ledger as plain JSON values."""
    rows = [
        {
            **_factor(row.factor),
            "running_product": row.running,
            "log10_running_product": row.log10_running,
            "log10_lost": row.log10_lost,
        }
        for row in ledger.rows
    ]
    return {**_head(ledger), "share": ledger.share, "note": ledger.note, "rows": rows}


def _head(view: PathView | MatrixView | Ledger) -> dict[str, Any]:
    names = ("experiment", "wrt", "value", "log10_magnitude")
    return {name: getattr(view, name) for name in names}


def _factor(factor: Factor) -> dict[str, Any]:
    return {
        "id": factor.id,
        "symbol": to_text(factor.meaning),
        "latex": to_latex(factor.meaning),
        "closed_form": to_latex(factor.closed_form),
        "value": factor.value,
    }


def _spelt(formula: Formula) -> dict[str, str]:
    return {"text": to_text(formula), "latex": to_latex(formula)}
