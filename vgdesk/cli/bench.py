"""`vgdesk bench`: prints what the project's speed targets are measured by."""

from typing import Annotated

import typer
from rich.table import Table

from vgdesk.cli.output import console


def bench(
    window: Annotated[bool, typer.Option(help="Measure the window: first paint, ready, frames.")] = True,
    training: Annotated[bool, typer.Option(help="Measure the trainer against the systems installed.")] = True,
    repeats: Annotated[int, typer.Option(min=1, max=50, help="How often the window is started.")] = 5,
) -> None:
    """Measure start-up, frames and training speed on this machine; ratios come from one interleaved run."""
    table = Table(box=None, pad_edge=False)
    for column in ("what", "measured", "target"):
        table.add_column(column, justify="left")
    if window:
        from vgdesk.bench.window import window_rows

        for row in window_rows(repeats):
            table.add_row(*row)
    if training:
        from vgdesk.bench.training import training_rows

        for row in training_rows():
            table.add_row(*row)
    console.print(table)
