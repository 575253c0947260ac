"""The views of `vgdesk derive` and `vgdesk bounds`: as sheets, as plain JSON values, in every format."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.derivation_objects import bound_object, derivation_object, ledger_object, matrix_object, paths_object
from vgdesk.cli.options import integer, number
from vgdesk.cli.output import say, say_json
from vgdesk.present.bounds import bound_lines
from vgdesk.present.derivation_views import ledger_sheet, path_sheet
from vgdesk.present.matrix_sheet import matrix_sheet
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.present.unfolding import sheet_asked_for
from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment

Told = tuple[EquationSheet, Callable[[], dict[str, Any]]]
"""A sheet, and what makes the same as plain JSON values."""


UNFOLD = Annotated[
    list[str] | None,
    typer.Option(
        "--unfold",
        help="Of the details show only these: a factor (d1; of --view paths and ledger s1, of --view matrix an array: "
        "W2, delta2, slope1), the factors and the backward rule of a layer or time step (layer2), everything (with "
        "every term of long products), or nothing. May be repeated. Without it all details are there already, "
        "products folded.",
        metavar="WHAT",
    ),
]


def shown_sheet(sheet: EquationSheet, wishes: list[str] | None) -> EquationSheet:
    """Returns the sheet as it is, or only what the wishes unfold; raises `SpecError` for what it does not have."""
    return sheet_asked_for(sheet, wishes) if wishes else sheet


def told_view(
    experiment: Experiment,
    wrt: str,
    example: int,
    view: str,
    most: int = 10,
    changes: Mapping[str, float] | None = None,
) -> Told:
    """Returns one of the views, with some numbers changed; raises `SpecError` for another name."""
    require_choice("view", view, VIEWS)
    if view == "steps":
        return _told_steps(experiment, wrt, example, changes or {})
    from vgdesk.study.derivation_views import gradient_views
    from vgdesk.study.what_if import changed

    other, parameters, data = changed(experiment, changes or {}, example)
    views = gradient_views(other, wrt, example, parameters, data)
    if view == "paths":
        found = views.paths(most)
        return path_sheet(found), lambda: paths_object(found)
    if view == "matrix":
        rules = views.matrices()
        return matrix_sheet(rules), lambda: matrix_object(rules)
    ledger = views.ledger()
    return ledger_sheet(ledger), lambda: ledger_object(ledger)


def _told_steps(experiment: Experiment, wrt: str, example: int, changes: Mapping[str, float]) -> Told:
    from vgdesk.study.derive import derive
    from vgdesk.study.what_if import changed

    other, parameters, data = changed(experiment, changes, example)
    derivation = derive(other, wrt, example, parameters, data)
    return equation_sheet(derivation), lambda: derivation_object(derivation)


def bounds(
    activation: Annotated[
        str,
        typer.Argument(
            help='An activation, e.g. sigmoid (`vgdesk bounds x` lists them), or "formula: " and a formula in z.'
        ),
    ],
    weight: Annotated[
        float, typer.Option(help="The weight w of every layer.", parser=number("--weight"), metavar="NUMBER")
    ] = 1.0,
    depth: Annotated[
        int, typer.Option(help="The number of layers L.", parser=integer("--depth"), metavar="INTEGER")
    ] = 10,
    json: JSON = False,
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
