"""`vgdesk export` of a gradient's derivation: the equations, and the ledger as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.changes import LET, read_changes
from vgdesk.cli.derivation_output import PICTURES, SHEETS, chosen_format
from vgdesk.cli.derivation_views import UNFOLD, shown_sheet, told_view
from vgdesk.cli.export_options import JSON, PICTURE
from vgdesk.cli.options import check_output, chosen_experiment, output_path
from vgdesk.cli.output import say_written
from vgdesk.spec.base import require_choice


def derivation(
    network: Annotated[str, typer.Argument(help="A bundled example or an experiment's JSON file.")],
    wrt: Annotated[str, typer.Option("--wrt", help="The weight or bias: w1, w2, ... b1, ...")],
    out: Annotated[
        Path,
        typer.Option(
            help="File to write: .tex, .typ, .mml, .svg, .png, .pdf or .txt.", parser=output_path, metavar="FILE"
        ),
    ],
    view: Annotated[str, typer.Option(help="steps, paths, matrix or ledger, as of `vgdesk derive`.")] = "steps",
    unfold: UNFOLD = None,
    let: LET = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="text, latex, typst, mathml, spoken (words to be read aloud), svg, png or pdf; by default what the "
            "file's ending says.",
        ),
    ] = None,
    json: JSON = False,
) -> None:
    """Write a derivation, or another view of it, as LaTeX, Typst, MathML, SVG, PNG, PDF, text or spoken words."""
    from vgdesk.export.derivation import DERIVATION_SUFFIXES, export_derivation

    check_output(out, DERIVATION_SUFFIXES, network)
    if format is not None:
        require_choice("format", format, (*SHEETS, *PICTURES))
        chosen_format(format, False, out, network)
    sheet = told_view(chosen_experiment(network), wrt, 1, view, changes=read_changes(let))[0]
    export_derivation(shown_sheet(sheet, unfold), out, is_spoken=format == "spoken")
    say_written("derivation", out, json)


def ledger(
    network: Annotated[str, typer.Argument(help="A bundled example or an experiment's JSON file.")],
    wrt: Annotated[str, typer.Option("--wrt", help="The weight or bias: w1, w2, ... b1, ...")],
    out: PICTURE,
    let: LET = None,
    json: JSON = False,
) -> None:
    """Write the waterfall of a gradient: what each factor leaves of the running product."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_waterfall
    from vgdesk.present.waterfall import waterfall_scene
    from vgdesk.study.derivation_views import gradient_views
    from vgdesk.study.what_if import changed

    check_output(out, FIGURE_SUFFIXES, network)
    experiment, parameters, data = changed(chosen_experiment(network), read_changes(let))
    export_waterfall(waterfall_scene(gradient_views(experiment, wrt, 1, parameters, data).ledger()), out)
    say_written("ledger", out, json)
