"""`vgdesk bench`: prints what the project's speed targets are measured by."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from vgdesk.bench.figure import Figure
from vgdesk.cli.arguments import JSON
from vgdesk.cli.options import integer
from vgdesk.cli.output import console, say_json
from vgdesk.errors import SpecError
from vgdesk.spec.base import require_integer

ONLY_WHEN_ASKED = ("studies",)


def bench(
    window: Annotated[
        bool | None, typer.Option(help="Measure the window: first paint, ready, frames, theme, drag.")
    ] = None,
    training: Annotated[
        bool | None,
        typer.Option(help="Measure the trainer against the systems installed, diagnosis, compilation."),
    ] = None,
    symbolic: Annotated[
        bool | None, typer.Option(help="Measure derivations, and equations from source to screen.")
    ] = None,
    theory: Annotated[
        bool | None, typer.Option(help="Measure theory: predictions of 200 layers, phase diagrams.")
    ] = None,
    what_if: Annotated[
        bool | None, typer.Option(help="Measure how fast derivations follow a number that is dragged.")
    ] = None,
    studies: Annotated[
        bool | None, typer.Option(help="Measure the trainability map and the race of remedies; minutes.")
    ] = None,
    repeats: Annotated[
        int,
        typer.Option(help="How often the window is started (1 to 50).", parser=integer("--repeats"), metavar="INTEGER"),
    ] = 5,
    json: JSON = False,
) -> None:
    """Measure start-up, frames, derivations, what-if, training and theory on this machine.

    What is asked for (--symbolic) is measured alone; without such a word everything but --studies is, less what is
    declined (--no-training). Ratios come from one interleaved run. The JSON object holds figures: of (network or
    job), what, value (null where it could not be measured), unit, target, at_least and is_met.
    """
    require_integer("repeats", repeats, 1, 50)
    said = {"window": window, "symbolic": symbolic, "what-if": what_if, "training": training, "theory": theory}
    said["studies"] = studies
    parts = _chosen(said)
    figures = (figure for part in parts for figure in _figures(part, repeats))
    if json:
        say_json({"figures": [_object(figure) for figure in figures]})
    else:
        console.print(_table(figures))


def _chosen(said: dict[str, bool | None]) -> list[str]:
    """Returns the parts that were asked for, or all that were not declined and take no minutes."""
    silent = [part for part, wish in said.items() if wish is None and part not in ONLY_WHEN_ASKED]
    asked = [part for part, wish in said.items() if wish] or silent
    if not asked:
        raise SpecError("nothing is left to measure; decline fewer of window, symbolic, what-if, training and theory")
    return asked


def _figures(part: str, repeats: int) -> Iterator[Figure]:
    match part:
        case "window":
            from vgdesk.bench.window import window_figures

            yield from window_figures(repeats)
        case "symbolic":
            from vgdesk.bench.equations import equation_figures
            from vgdesk.bench.symbolic import symbolic_figures

            yield from symbolic_figures()
            yield from equation_figures()
        case "what-if":
            from vgdesk.bench.what_if import what_if_figures

            yield from what_if_figures()
        case "theory":
            from vgdesk.bench.theory import theory_figures

            yield from theory_figures()
        case "studies":
            from vgdesk.bench.studies import studies_figures

            yield from studies_figures()
        case _:
            from vgdesk.bench.compilation import compilation_figures
            from vgdesk.bench.diagnosis import diagnosis_figures
            from vgdesk.bench.training import training_figures

            yield from training_figures()
            yield from diagnosis_figures()
            yield from compilation_figures()


def _table(figures: Iterator[Figure]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("what", "measured", "target"):
        table.add_column(column, justify="left")
    for figure in figures:
        table.add_row(figure.what, figure.measured, figure.asked)
    return table


def _object(figure: Figure) -> dict[str, str | float | bool | None]:
    return {
        "of": figure.of,
        "what": figure.what.strip(),
        "value": figure.value,
        "unit": figure.unit,
        "target": figure.target,
        "at_least": figure.at_least,
        "is_met": figure.is_met,
    }
