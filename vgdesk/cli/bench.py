"""`vgdesk bench`: prints what the project's speed targets are measured by."""

from typing import Annotated

import typer
from rich.table import Table

from vgdesk.cli.options import integer
from vgdesk.cli.output import console
from vgdesk.spec.base import require_integer


def bench(
    window: Annotated[bool, typer.Option(help="Measure the window: first paint, ready, frames.")] = True,
    training: Annotated[bool, typer.Option(help="Measure the trainer against the systems installed.")] = True,
    theory: Annotated[bool, typer.Option(help="Measure theory: predictions of 200 layers, phase diagrams.")] = True,
    what_if: Annotated[bool, typer.Option(help="Measure how fast derivations follow a number that is dragged.")] = True,
    repeats: Annotated[
        int,
        typer.Option(help="How often the window is started (1 to 50).", parser=integer("--repeats"), metavar="INTEGER"),
    ] = 5,
) -> None:
    """Measure start-up, frames, what-if, training and theory on this machine; ratios come from one interleaved run."""
    require_integer("repeats", repeats, 1, 50)
    table = Table(box=None, pad_edge=False)
    for column in ("what", "measured", "target"):
        table.add_column(column, justify="left")
    if window:
        from vgdesk.bench.window import window_rows

        for row in window_rows(repeats):
            table.add_row(*row)
    if what_if:
        from vgdesk.bench.what_if import what_if_rows

        for row in what_if_rows():
            table.add_row(*row)
    if training:
        from vgdesk.bench.training import training_rows

        for row in training_rows():
            table.add_row(*row)
    if theory:
        from vgdesk.bench.theory import theory_rows

        for row in theory_rows():
            table.add_row(*row)
    console.print(table)
