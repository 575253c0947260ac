"""`vgdesk export`: plots and equations as files, the same ones the window writes."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.changes import LET, read_changes
from vgdesk.cli.derivation_output import PICTURES, SHEETS, chosen_format
from vgdesk.cli.derivation_views import UNFOLD, shown_sheet, told_view
from vgdesk.cli.options import check_output, chosen_experiment, integer, is_run_file, output_path, recorded_run
from vgdesk.cli.output import say, say_written
from vgdesk.cli.training import run_training
from vgdesk.errors import SpecError
from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import QUANTITIES

export = typer.Typer(help="Write plots and equations to files.")

SOURCE = Annotated[
    str, typer.Argument(help="A bundled example, an experiment's JSON file, or a run from `train --out`.")
]
STEPS = Annotated[
    int | None,
    typer.Option(
        help="Train this many steps (experiments only; default: 1 for a profile).",
        parser=integer("--steps"),
        metavar="INTEGER",
    ),
]
SEED = Annotated[int | None, typer.Option(help="Seed (experiments only).", parser=integer("--seed"), metavar="INTEGER")]
PICTURE = Annotated[
    Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.", parser=output_path, metavar="FILE")
]
QUANTITY = Annotated[
    str | None,
    typer.Option(
        help="weight (|dL/dW|), delta (|dL/dz|), state (|dL/dh|), or another one that was recorded; weight by default, "
        "state of recurrent networks."
    ),
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and where.")]


@export.callback(invoke_without_command=True)
def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())


@export.command()
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


@export.command()
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


@export.command()
def profile(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    quantity: QUANTITY = None,
    theory: Annotated[
        bool, typer.Option("--theory", help="Draw what theory predicts before training over the bars.")
    ] = False,
    json: JSON = False,
) -> None:
    """Write the gradient per layer (or time step) at the last recorded step."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_profile
    from vgdesk.present.profile import profile_scene

    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed, default_steps=1)
    last = history.profile(-1, _quantity(history, quantity))
    predicted = _predicted(experiment, last.quantity) if theory else None
    export_profile(profile_scene(last, experiment.title, f"step {last.step}", predicted), out)
    say_written("profile", out, json)


@export.command()
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

    The symbolic points are there where the network is small enough to be derived.
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_profile
    from vgdesk.present.profile import profile_scene
    from vgdesk.study.routes import three_routes

    check_output(out, FIGURE_SUFFIXES, experiment)
    chosen = chosen_experiment(experiment, None, seed)
    if quantity is not None:
        require_choice("quantity", quantity, ("weight", "delta", "state"))
    found = three_routes(chosen, quantity)
    words = " · ".join(("before the first step", *found.notes))
    scene = profile_scene(found.measured, chosen.title, words, found.predicted, "", found.symbolic)
    export_profile(scene, out)
    say_written("routes", out, json)


@export.command()
def heatmap(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    quantity: QUANTITY = None,
    json: JSON = False,
) -> None:
    """Write the heat map layer (or time step) x step of a run."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_heatmap
    from vgdesk.present.heatmap import heatmap_scene

    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed)
    export_heatmap(heatmap_scene(history, experiment.title, _quantity(history, quantity)), out)
    say_written("heatmap", out, json)


@export.command()
def loss(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the loss over the steps of a run."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_loss
    from vgdesk.present.loss import loss_scene

    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed)
    export_loss(loss_scene(history, experiment.loss, experiment.title), out)
    say_written("loss", out, json)


@export.command()
def steps(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .csv.", parser=output_path, metavar="FILE")],
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write every recorded number of every step as a table: loss, learning rate, norms, clipping, each layer."""
    from vgdesk.export.steps import export_steps

    check_output(out, (".csv",), source)
    export_steps(_run(source, steps, seed)[1], out)
    say_written("steps", out, json)


@export.command()
def lag(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the gradient of a recurrent network over the time lag, at the last recorded step."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_lag
    from vgdesk.present.lag import lag_scene

    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed, default_steps=1)
    scene = lag_scene(history, -1, experiment.title)
    if scene is None:
        raise SpecError(f"source must be of a recurrent network, which alone has a lag; {experiment.name} is not")
    export_lag(scene, out)
    say_written("lag", out, json)


@export.command()
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


def _predicted(experiment: Experiment, quantity: str) -> GradientProfile:
    """Returns the prediction of a quantity; raises `SpecError` where there is none."""
    from vgdesk.study.predict import predict

    prediction = predict(experiment)
    profile = prediction.profile(quantity)
    if profile is None:
        reason = prediction.reason or f"theory does not predict {quantity} here"
        raise SpecError(f"--theory cannot be drawn for {experiment.name}: {reason}")
    return profile


def _quantity(history: GradientHistory, name: str | None) -> str:
    """Returns the quantity to draw: the named one, or what a run shows first."""
    if name is None:
        return "state" if history.signals is Places.TIME else "weight"
    require_choice("quantity", name, QUANTITIES)
    if not history.has(name):
        recorded = ", ".join(history.quantities)
        raise SpecError(f"quantity must be one that the run recorded ({recorded}), got {name!r}")
    return name


def _run(
    source: str, steps: int | None, seed: int | None, default_steps: int | None = None
) -> tuple[Experiment, GradientHistory]:
    """Loads a recorded run, or trains the experiment."""
    if not is_run_file(source):
        experiment = chosen_experiment(source, default_steps if steps is None else steps, seed)
        return experiment, run_training(experiment)
    if steps is not None or seed is not None:
        raise SpecError(f"steps and seed are for experiments; {source} is a recorded run")
    return recorded_run(source)
