"""`vgdesk train`: the training route in the terminal."""

from pathlib import Path
from typing import Annotated, Any

import typer

from vgdesk.cli.bars import gradient_table
from vgdesk.cli.options import chosen_experiment
from vgdesk.cli.output import console, say, say_json
from vgdesk.cli.training import run_training
from vgdesk.export.files import check_writable, write_file
from vgdesk.present.status import status_sentence
from vgdesk.records.history import GradientHistory
from vgdesk.records.run_file import save_run
from vgdesk.spec.experiment import Experiment


def train(
    experiment: Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")],
    steps: Annotated[int | None, typer.Option(help="Number of updates.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the parameters and of the order of examples.")] = None,
    precision: Annotated[str | None, typer.Option(help="float64 or float32.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Learning rate of SGD.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the whole run (every step) to this JSON file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object about the last step instead.")] = False,
) -> None:
    """Train a network and record every layer's gradient at every step.

    The JSON object holds: experiment, outcome, steps, loss, log10_gradient_norm and log10_delta_norm of the last step
    (one number per layer, layer 1 nearest the input; "-inf" is an exact zero).
    """
    chosen = chosen_experiment(experiment, steps, seed, precision, learning_rate)
    if out is not None:
        check_writable(out)
    history = run_training(chosen, quiet=json)
    if out is not None:
        write_file(out, save_run(history, chosen).encode())
    if json:
        say_json(last_step(chosen, history))
        return
    show_last_step(chosen, history)
    if out is not None:
        say(f"The run is in {out}")


def show_last_step(experiment: Experiment, history: GradientHistory) -> None:
    """Prints the per-layer gradients of the last step and the status sentence."""
    title = f"{experiment.title}: gradient per layer at step {history.first_step + history.steps - 1}"
    say(title)
    console.print(gradient_table([float(v) for v in history.log10_weight_norm[-1]]))
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
