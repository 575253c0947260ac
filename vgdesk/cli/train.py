"""`vgdesk train`: the training route in the terminal."""

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from vgdesk.cli.bars import gradient_lines
from vgdesk.cli.options import check_output, chosen_experiment, integer, number, output_path
from vgdesk.cli.output import can_say, say, say_json
from vgdesk.cli.training import run_training
from vgdesk.export.files import write_file
from vgdesk.present.status import status_sentence
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.run_file import save_run
from vgdesk.spec.experiment import Experiment


def train(
    experiment: Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")],
    steps: Annotated[
        int | None, typer.Option(help="Number of updates.", parser=integer("--steps"), metavar="INTEGER")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="Seed of the parameters and of the order of examples.", parser=integer("--seed"), metavar="INTEGER"
        ),
    ] = None,
    precision: Annotated[str | None, typer.Option(help="float64 or float32.")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Learning rate of SGD.", parser=number("--learning-rate"), metavar="NUMBER")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the whole run (every step) to this .json file.", parser=output_path, metavar="FILE"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object about the last step instead.")] = False,
) -> None:
    """Train a network and record every layer's gradient at every step.

    The gradient of a step is the one taken before its update: the last of 60 steps is step 59, after 59 updates.

    The JSON object holds: experiment, outcome, steps, loss, log10_gradient_norm and log10_delta_norm of the last step
    (one number per layer, layer 1 nearest the input; "-inf" is an exact zero).
    """
    chosen = chosen_experiment(experiment, steps, seed, precision, learning_rate)
    if out is not None:
        check_output(out, (".json",), experiment)
    history = run_training(chosen, quiet=json, keep=out is not None)
    if out is not None:
        write_file(out, save_run(history, chosen).encode())
    if history.outcome is RunOutcome.CANCELLED:
        raise KeyboardInterrupt(f"cancelled; the {history.steps} steps recorded so far are in {out}")
    if json:
        say_json(last_step(chosen, history))
        return
    show_last_step(chosen, history)
    if out is not None:
        say(f"The run is in {out}")


def show_last_step(experiment: Experiment, history: GradientHistory) -> None:
    """Prints the per-layer gradients of the last step and the status sentence."""
    step = history.first_step + history.steps - 1
    say(f"{experiment.title}: gradient per layer at step {step} (before update {step + 1})")
    magnitudes = [float(v) for v in history.log10_weight_norm[-1]]
    for line in gradient_lines(magnitudes, shutil.get_terminal_size().columns, can_say("█▏")):
        say(line)
    say(status_sentence(history))


def last_step(experiment: Experiment, history: GradientHistory) -> dict[str, Any]:
    """Returns the last recorded step as plain JSON values."""
    return {
        "experiment": experiment.name,
        "seed": experiment.seed,
        "outcome": str(history.outcome),
        "steps": history.steps,
        "loss": float(history.loss[-1]),
        "log10_gradient_norm": [float(v) for v in history.log10_weight_norm[-1]],
        "log10_delta_norm": [float(v) for v in history.log10_delta_norm[-1]],
    }
