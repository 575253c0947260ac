"""`vgdesk export` of a run, recorded or trained on the spot: profile, heat map, loss, time lag, table of its steps."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.export_options import JSON, PICTURE, SEED
from vgdesk.cli.options import check_output, chosen_experiment, integer, is_run_file, output_path, recorded_run
from vgdesk.cli.output import say_written
from vgdesk.cli.training import run_training
from vgdesk.errors import SpecError
from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import QUANTITIES

SOURCE = Annotated[
    str, typer.Argument(help="A bundled example, an experiment's JSON file, or a run from `train --out`.")
]
STEPS = Annotated[
    int | None,
    typer.Option(
        help="Train this many steps (experiments only; by default their own number, but 1 for profile and lag).",
        parser=integer("--steps"),
        metavar="INTEGER",
    ),
]
QUANTITY = Annotated[
    str | None,
    typer.Option(
        help="weight (|dL/dW|), delta (|dL/dz|), state (|dL/dh|), or another one that was recorded; weight by default, "
        "state of recurrent networks."
    ),
]


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
    from vgdesk.export.figure import export_profile
    from vgdesk.present.profile import profile_scene

    _require_known(quantity)
    experiment, history = _run(source, out, steps, seed, default_steps=1)
    last = history.profile(-1, _quantity(history, quantity))
    predicted = _predicted(experiment, last.quantity) if theory else None
    export_profile(profile_scene(last, experiment.title, f"step {last.step}", predicted), out)
    say_written("profile", out, json)


def heatmap(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    quantity: QUANTITY = None,
    json: JSON = False,
) -> None:
    """Write the heat map layer (or time step) x step of a run."""
    from vgdesk.export.figure import export_heatmap
    from vgdesk.present.heatmap import heatmap_scene

    _require_known(quantity)
    experiment, history = _run(source, out, steps, seed)
    export_heatmap(heatmap_scene(history, experiment.title, _quantity(history, quantity)), out)
    say_written("heatmap", out, json)


def loss(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the loss over the steps of a run."""
    from vgdesk.export.figure import export_loss
    from vgdesk.present.loss import loss_scene

    experiment, history = _run(source, out, steps, seed)
    export_loss(loss_scene(history, experiment.loss, experiment.title), out)
    say_written("loss", out, json)


def steps(
    source: SOURCE,
    out: Annotated[Path, typer.Option(help="File to write: .csv.", parser=output_path, metavar="FILE")],
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write every recorded number of every step as a table: loss, learning rate, norms, clipping, each layer.

    Columns have the names that `vgdesk train` records under, and a layer's number: log10_gradient_norm_1 (|dL/dW|),
    log10_bias_gradient_norm_1 (|dL/db|), log10_delta_norm_1 (|dL/dz|), log10_state_norm_1 (|dL/dh|; _0 at the
    network's input), log10_weight_norm_1 (|W|, weight-norm), saturated_1. Of a recurrent network they end in the
    matrix (_W_hh) or the time step (_t1).
    """
    from vgdesk.export.steps import export_steps

    export_steps(_run(source, out, steps, seed, suffixes=(".csv",))[1], out)
    say_written("steps", out, json)


def lag(
    source: SOURCE,
    out: PICTURE,
    steps: STEPS = None,
    seed: SEED = None,
    json: JSON = False,
) -> None:
    """Write the gradient of a recurrent network over the time lag, at the last recorded step."""
    from vgdesk.export.figure import export_lag
    from vgdesk.present.lag import lag_scene

    experiment, history = _run(source, out, steps, seed, default_steps=1)
    scene = lag_scene(history, -1, experiment.title)
    if scene is None:
        raise SpecError(f"source must be of a recurrent network, which alone has a lag; {experiment.name} is not")
    export_lag(scene, out)
    say_written("lag", out, json)


def _predicted(experiment: Experiment, quantity: str) -> GradientProfile:
    """Returns the prediction of a quantity; raises `SpecError` where there is none."""
    from vgdesk.study.predict import predict

    prediction = predict(experiment)
    profile = prediction.profile(quantity)
    if profile is None:
        reason = prediction.reason or f"theory does not predict {quantity} here"
        raise SpecError(f"--theory cannot be drawn for {experiment.name}: {reason}")
    return profile


def _require_known(quantity: str | None) -> None:
    """Raises `SpecError` before anything is trained where no run could have recorded that."""
    if quantity is not None:
        require_choice("quantity", quantity, QUANTITIES)


def _quantity(history: GradientHistory, name: str | None) -> str:
    """Returns the quantity to draw: the named one, or what a run shows first."""
    if name is None:
        return "state" if history.signals is Places.TIME else "weight"
    if not history.has(name):
        recorded = ", ".join(history.quantities)
        raise SpecError(f"quantity must be one that the run recorded ({recorded}), got {name!r}")
    return name


def _run(
    source: str,
    out: Path,
    steps: int | None,
    seed: int | None,
    default_steps: int | None = None,
    suffixes: Collection[str] = (),
) -> tuple[Experiment, GradientHistory]:
    """Loads a recorded run, or trains the experiment, once it is known that the file can be written afterwards."""
    from vgdesk.export.figure import FIGURE_SUFFIXES

    check_output(out, suffixes or FIGURE_SUFFIXES, source)
    if not is_run_file(source):
        experiment = chosen_experiment(source, default_steps if steps is None else steps, seed)
        return experiment, run_training(experiment)
    if steps is not None or seed is not None:
        raise SpecError(f"steps and seed are for experiments; {source} is a recorded run")
    return recorded_run(source)
