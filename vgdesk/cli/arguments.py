"""Arguments and options that stand in the same words before many commands."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.options import integer, output_path

EXPERIMENT_NAME = Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]
ALSO_OUT = Annotated[
    Path | None,
    typer.Option(help="Also write a .png, .svg, .pdf or .csv file.", parser=output_path, metavar="FILE"),
]
"""A file beside what is printed."""
EXAMPLE = Annotated[
    int,
    typer.Option(help="Which example of the task, counting from 1.", parser=integer("--example"), metavar="INTEGER"),
]
STEPS_BEFORE = Annotated[
    int, typer.Option(help="Train this many steps before.", parser=integer("--step"), metavar="INTEGER")
]
WORKERS = Annotated[
    int | None,
    typer.Option(help="Processes that train (one per core).", parser=integer("--workers"), metavar="INTEGER"),
]
