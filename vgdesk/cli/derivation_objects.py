"""The views of a gradient and the bound of a chain as plain JSON values."""

from typing import Any

from vgdesk.present.derivation_views import counted_paths, ledger_words, route_text
from vgdesk.present.formula.latex import to_latex
from vgdesk.present.formula.text import to_text
from vgdesk.present.shown_arithmetic import honest_line, honest_steps
from vgdesk.records.derivation import Derivation, Factor
from vgdesk.records.derivation_views import Ledger, MatrixView, PathView, ProductBound
from vgdesk.records.formula import Formula


def bound_object(bound: ProductBound) -> dict[str, Any]:
    """Returns the bound as plain JSON values."""
    fields = {name: getattr(bound, name) for name in bound.__struct_fields__}
    depths = [{name: getattr(passed, name) for name in passed.__struct_fields__} for passed in bound.depths]
    return {**fields, "depths": depths}


def derivation_object(derivation: Derivation) -> dict[str, Any]:
    """Returns the derivation as plain JSON values."""
    return {
        **_head(derivation),
        "loss": derivation.loss,
        "factors": [_factor(factor) for factor in derivation.factors],
        "contributions": [
            {"factors": list(term.factors), "layer": term.place.layer, "value": term.value}
            for term in derivation.contributions
        ],
        "steps": [
            {
                "kind": str(step.kind),
                "title": step.title,
                "lines": [_spelt(line) for line in step.lines],
                "note": step.note,
            }
            for step in honest_steps(derivation.steps)
        ],
    }


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
            "numbers": _spelt(honest_line(step.numbers)),
            "scalars": [_spelt(honest_line(line)) for line in step.scalars],
            "delta": step.delta.tolist(),
            "log10_delta": step.log10_delta.tolist(),
        }
        for step in view.steps
    ]
    return {**_head(view), "steps": steps, "result": [_spelt(honest_line(line)) for line in view.result]}


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
    return {**_head(ledger), "share": ledger.share, "note": ledger_words(ledger), "rows": rows}


def _head(view: Derivation | PathView | MatrixView | Ledger) -> dict[str, Any]:
    names = ("experiment", "wrt", "value", "log10_magnitude")
    return {name: getattr(view, name) for name in names} | {"example": view.example or None, "examples": view.examples}


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
