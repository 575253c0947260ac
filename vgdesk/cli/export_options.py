"""Options that the commands of `vgdesk export` share."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.options import integer, output_path

SEED = Annotated[int | None, typer.Option(help="Seed (experiments only).", parser=integer("--seed"), metavar="INTEGER")]
PICTURE = Annotated[
    Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.", parser=output_path, metavar="FILE")
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and where.")]
