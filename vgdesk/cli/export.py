"""`vgdesk export`: plots and equations as files, the same ones the window writes."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.options import chosen_experiment
from vgdesk.cli.output import say, say_json
from vgdesk.cli.training import run_training
from vgdesk.export.files import check_writable
from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment

export = typer.Typer(help="Write plots and equations to files.", no_args_is_help=True)

SOURCE = Annotated[
    str, typer.Argument(help="A bundled example, an experiment's JSON file, or a run from `train --out`.")
]
STEPS = Annotated[int | None, typer.Option(help="Train this many steps (experiments only; default: 1 for a profile).")]
SEED = Annotated[int | None, typer.Option(help="Seed (experiments only).")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and where.")]


@export.command()
def derivation(
    network: Annotated[str, typer.Argument(help="A bundled example or an experiment's JSON file.")],
    wrt: Annotated[str, typer.Option("--wrt", help="The weight or bias: w1, w2, ... b1, ...")],
    out: Annotated[Path, typer.Option(help="File to write: .tex, .svg, .png, .pdf or .txt.")],
    json: JSON = False,
) -> None:
    """Write a derivation as LaTeX, SVG, PNG, PDF or text."""
    from vgdesk.export.derivation import export_derivation
    from vgdesk.present.sheet import equation_sheet
    from vgdesk.study.derive import derive

    check_writable(out)
    export_derivation(equation_sheet(derive(chosen_experiment(network), wrt)), out)
    _say_written("derivation", out, json)


@export.command()
def profile(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.")],
    steps: STEPS = None,
    seed: SEED = None,
    quantity: Annotated[str, typer.Option(help="weight (|dL/dW|) or delta (|dL/dz|).")] = "weight",
    json: JSON = False,
) -> None:
    """Write the gradient per layer at the last recorded step."""
    from vgdesk.errors import SpecError
    from vgdesk.export.figure import export_profile
    from vgdesk.present.profile import profile_scene
    from vgdesk.records.profile import QUANTITIES

    if quantity not in QUANTITIES:
        raise SpecError(f"quantity must be one of {', '.join(QUANTITIES)}; got {quantity!r}")
    check_writable(out)
    experiment, history = _run(source, steps or (None if _is_run(source) else 1), seed)
    last = history.profile(-1, quantity)
    export_profile(profile_scene(last, experiment.title, f"step {last.step}"), out)
    _say_written("profile", out, json)


@export.command()
def heatmap(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.")],
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the heat map layer x step of a run."""
    from vgdesk.export.figure import export_heatmap
    from vgdesk.present.heatmap import heatmap_scene

    check_writable(out)
    experiment, history = _run(source, steps, seed)
    export_heatmap(heatmap_scene(history, experiment.title), out)
    _say_written("heatmap", out, json)


@export.command()
def loss(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.")],
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the loss over the steps of a run."""
    from vgdesk.export.figure import export_loss
    from vgdesk.present.loss import loss_scene

    check_writable(out)
    experiment, history = _run(source, steps, seed)
    export_loss(loss_scene(history, experiment.loss, experiment.title), out)
    _say_written("loss", out, json)


def _say_written(kind: str, path: Path, json: bool) -> None:
    if json:
        say_json({"kind": kind, "file": str(path), "bytes": path.stat().st_size})
    else:
        say(f"wrote {path}")


@export.command()
def steps(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .csv.")],
    steps: STEPS = None,
    seed: SEED = None,
) -> None:
    """Write every recorded number of every step as a table: loss, learning rate, norms, clipping, each layer."""
    from vgdesk.export.files import checked_suffix
    from vgdesk.export.steps import export_steps

    checked_suffix(out, (".csv",))
    check_writable(out)
    export_steps(_run(source, steps, seed)[1], out)
    say(f"wrote {out}")


def _is_run(source: str) -> bool:
    path = Path(source)
    return path.is_file() and b'"vgdesk-run"' in path.read_bytes()[:200]


def _run(source: str, steps: int | None, seed: int | None) -> tuple[Experiment, GradientHistory]:
    """Loads a recorded run, or trains the experiment."""
    from vgdesk.errors import SpecError
    from vgdesk.records.run_file import load_run

    if not _is_run(source):
        experiment = chosen_experiment(source, steps, seed)
        return experiment, run_training(experiment)
    if steps is not None or seed is not None:
        raise SpecError(f"steps and seed are for experiments; {source} is a recorded run")
    return load_run(Path(source).read_bytes(), source)
