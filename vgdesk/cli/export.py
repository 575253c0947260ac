"""`vgdesk export`: plots and equations as files, the same ones the window writes."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.export_derivations import derivation, ledger
from vgdesk.cli.export_options import JSON, PICTURE, SEED
from vgdesk.cli.export_runs import heatmap, lag, loss, profile, steps
from vgdesk.cli.options import check_output, chosen_experiment, output_path
from vgdesk.cli.output import say, say_written
from vgdesk.spec.base import require_choice

export = typer.Typer(help="Write plots and equations to files.")


@export.callback(invoke_without_command=True)
def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())


def routes(
    experiment: Annotated[str, typer.Argument(help="A bundled example or an experiment's JSON file.")],
    out: PICTURE,
    seed: SEED = None,
    quantity: Annotated[
        str | None,
        typer.Option(help="weight (|dL/dW|), delta (|dL/dz|) or state (|dL/dh|); by default the first one there is."),
    ] = None,
    json: JSON = False,
) -> None:
    """Write all three routes in one figure: predicted before training, measured at the first step, and symbolic.

    The symbolic points are there where the network is small enough to be derived. A route that is missing is told
    with its reason; a .csv has no column for it.

    The JSON object holds: kind, file, bytes, replaced; routes (which are in the file: measured, predicted, symbolic);
    notes (why a route is missing, or what makes its answer less sure).
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_profile
    from vgdesk.present.profile import profile_scene
    from vgdesk.records.prediction import PREDICTED
    from vgdesk.study.routes import three_routes

    check_output(out, FIGURE_SUFFIXES, experiment)
    chosen = chosen_experiment(experiment, None, seed)
    if quantity is not None:
        require_choice("quantity", quantity, PREDICTED)
    found = three_routes(chosen, quantity)
    words = " · ".join(("before the first step", *found.notes))
    scene = profile_scene(found.measured, chosen.title, words, found.predicted, "", found.symbolic)
    export_profile(scene, out)
    say_written("routes", out, json, routes=found.present, notes=found.notes)
    if not json:
        for note in found.notes:
            say(note)


def sweep(
    table: Annotated[Path, typer.Argument(help="A table from `vgdesk sweep` or `vgdesk trainability`.")],
    x: Annotated[str, typer.Option(help="Column along x.")],
    y: Annotated[str, typer.Option(help="Column along y.")],
    out: Annotated[Path, typer.Option(help="File to write: .png, .svg or .pdf.", parser=output_path, metavar="FILE")],
    measure: Annotated[str, typer.Option(help="Column of the colours: accuracy, loss, log10_gain, ...")] = "accuracy",
    json: JSON = False,
) -> None:
    """Write the heat map of a sweep's table; other columns that were varied, such as seed, are averaged, and named."""
    from vgdesk.cli.sweep import draw_map
    from vgdesk.present.sweep_map import SHOWN

    check_output(out, (".png", ".svg", ".pdf"))
    require_choice("measure", measure, SHOWN)
    averaged = draw_map(table, (x, y), measure, out)
    note = ", ".join(f"{count} values of {column}" for column, count in averaged.items())
    say_written("sweep", out, json, f": means over {note}" if note else "", averaged=averaged)


for command in (derivation, ledger, profile, routes, heatmap, loss, steps, lag, sweep):
    export.command()(command)
