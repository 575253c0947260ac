"""`vgdesk train`: the training route in the terminal."""

import math
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from vgdesk.cli.bars import gradient_lines
from vgdesk.cli.options import check_output, chosen_experiment, integer, number, output_path
from vgdesk.cli.output import can_say, say, say_json
from vgdesk.cli.table import TableWords, spoken_experiment
from vgdesk.cli.training import run_training
from vgdesk.export.files import write_file
from vgdesk.present.status import status_sentence
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.run_file import save_run
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import experiment_text
from vgdesk.spec.optimiser import OPTIMISERS


def train(
    experiment: Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`), a JSON or a CSV file.")],
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
    optimiser: Annotated[
        str | None, typer.Option(help=f"{', '.join(OPTIMISERS)}; with its usual numbers and learning rate.")
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(help="Learning rate of the optimiser.", parser=number("--learning-rate"), metavar="NUMBER"),
    ] = None,
    clip_norm: Annotated[
        float | None,
        typer.Option(help="Cap on the norm of all gradients together.", parser=number("--clip-norm"), metavar="NUMBER"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the whole run (every step) to this .json file.", parser=output_path, metavar="FILE"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object about the last step instead.")] = False,
    batch_size: Annotated[
        int | None, typer.Option(help="Examples per step.", parser=integer("--batch-size"), metavar="INTEGER")
    ] = None,
    held_out: Annotated[
        float | None,
        typer.Option(
            help="Share of the examples never trained on (CSV: 0.2).", parser=number("--held-out"), metavar="NUMBER"
        ),
    ] = None,
    target: Annotated[str | None, typer.Option(help="CSV: the column to learn, or several as a,b.")] = None,
    inputs: Annotated[str | None, typer.Option(help="CSV: the input columns as a,b (all others of numbers).")] = None,
    classification: Annotated[
        bool | None,
        typer.Option("--classification/--regression", help="CSV: learn labels or numbers (as the target looks)."),
    ] = None,
    hidden: Annotated[str | None, typer.Option(help="CSV: widths of the hidden layers (16,16).")] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="CSV: comma, semicolon, tab, pipe or space (recognised).")
    ] = None,
    standardise: Annotated[
        bool | None, typer.Option("--standardise/--raw", help="CSV: columns to mean 0 and deviation 1, or as they are.")
    ] = None,
    save_experiment: Annotated[
        Path | None,
        typer.Option(help="Write the experiment to this .json file.", parser=output_path, metavar="FILE"),
    ] = None,
) -> None:
    """Train a network and record every layer's gradient at every step.

    The gradient of a step is the one taken before its update: the last of 60 steps is step 59, after 59 updates.

    The JSON object holds: experiment, outcome, steps, loss, held_out_loss, accuracy (of the batch) and
    held_out_accuracy (0 to 1, or null), log10_total_norm (gradient of all weights and biases, before clipping),
    clipped_steps (at how many steps clipping changed the gradient), log10_gradient_norm and log10_delta_norm of the
    last step (one number per layer, layer 1 nearest the input; "-inf" is a zero in the run's number format).
    """
    words = TableWords(target, inputs, classification, hidden, delimiter, standardise)
    chosen = chosen_experiment(
        spoken_experiment(experiment, words, held_out),
        steps,
        seed,
        precision,
        learning_rate,
        held_out=held_out,
        batch_size=batch_size,
        optimiser=optimiser,
        clip_norm=clip_norm,
    )
    for file in filter(None, (out, save_experiment)):
        check_output(file, (".json",), experiment)
    if save_experiment is not None:
        write_file(save_experiment, experiment_text(chosen, save_experiment.parent).encode())
    history = run_training(chosen, quiet=json, keep=out is not None)
    if out is not None:
        write_file(out, save_run(history, chosen).encode())
    if history.outcome is RunOutcome.CANCELLED:
        raise KeyboardInterrupt(f"cancelled; the {history.rows} steps recorded so far are in {out}")
    if json:
        say_json(last_step(chosen, history))
        return
    show_last_step(chosen, history)
    if out is not None:
        say(f"The run is in {out}")


def show_last_step(experiment: Experiment, history: GradientHistory) -> None:
    """Prints the per-layer gradients of the last step and the status sentence."""
    step = int(history.step_numbers[-1])
    say(f"{experiment.title}: gradient per layer at step {step} (before update {step + 1})")
    magnitudes = [float(v) for v in history.log10_norm("weight")[-1]]
    for line in gradient_lines(magnitudes, shutil.get_terminal_size().columns, can_say("█▏")):
        say(line)
    say(status_sentence(history))


def last_evaluation(history: GradientHistory) -> dict[str, float | None]:
    """Returns the last measurement beside the training; null where there was nothing to measure."""
    names = ("held_out_loss", "accuracy", "held_out_accuracy")
    found = [getattr(history.evaluations, name) for name in names]
    return {
        name: None if not len(column) or math.isnan(column[-1]) else float(column[-1])
        for name, column in zip(names, found, strict=True)
    }


def last_step(experiment: Experiment, history: GradientHistory) -> dict[str, Any]:
    """Returns the last recorded step as plain JSON values."""
    return {
        "experiment": experiment.name,
        "seed": experiment.seed,
        "outcome": str(history.outcome),
        "steps": history.steps_made,
        "loss": float(history.loss[-1]),
        **last_evaluation(history),
        "log10_total_norm": float(history.log10_total_norm[-1]),
        "clipped_steps": int(history.clipped.sum()),
        "log10_gradient_norm": [float(v) for v in history.log10_norm("weight")[-1]],
        "log10_delta_norm": [float(v) for v in history.log10_norm("delta")[-1]],
    }
