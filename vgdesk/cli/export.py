"""`vgdesk export`: plots and equations as files, the same ones the window writes."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.options import check_output, chosen_experiment, integer, is_run_file, output_path, recorded_run
from vgdesk.cli.output import say, say_written
from vgdesk.cli.training import run_training
from vgdesk.errors import SpecError
from vgdesk.records.history import GradientHistory
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment

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
        Path, typer.Option(help="File to write: .tex, .svg, .png, .pdf or .txt.", parser=output_path, metavar="FILE")
    ],
    json: JSON = False,
) -> None:
    """Write a derivation as LaTeX, SVG, PNG, PDF or text."""
    from vgdesk.export.derivation import DERIVATION_SUFFIXES, export_derivation
    from vgdesk.present.sheet import equation_sheet
    from vgdesk.study.derive import derive

    check_output(out, DERIVATION_SUFFIXES, network)
    export_derivation(equation_sheet(derive(chosen_experiment(network), wrt)), out)
    say_written("derivation", out, json)


@export.command()
def profile(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    quantity: Annotated[
        str, typer.Option(help="weight (|dL/dW|), delta (|dL/dz|), or another quantity that was recorded.")
    ] = "weight",
    json: JSON = False,
) -> None:
    """Write the gradient per layer at the last recorded step."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_profile
    from vgdesk.present.profile import profile_scene
    from vgdesk.spec.recording import QUANTITIES

    require_choice("quantity", quantity, QUANTITIES)
    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed, default_steps=1)
    if not history.has(quantity):
        recorded = ", ".join(history.quantities)
        raise SpecError(f"quantity must be one that the run recorded ({recorded}), got {quantity!r}")
    last = history.profile(-1, quantity)
    export_profile(profile_scene(last, experiment.title, f"step {last.step}"), out)
    say_written("profile", out, json)


@export.command()
def heatmap(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the heat map layer x step of a run."""
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_heatmap
    from vgdesk.present.heatmap import heatmap_scene

    check_output(out, FIGURE_SUFFIXES, source)
    experiment, history = _run(source, steps, seed)
    export_heatmap(heatmap_scene(history, experiment.title), out)
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
