"""`vgdesk train`: the training route in the terminal."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.last_step import last_step, show_last_step
from vgdesk.cli.options import check_output, chosen_experiment, integer, number, output_path, require_different
from vgdesk.cli.output import say, say_json
from vgdesk.cli.recording import recorded_as
from vgdesk.cli.table import TableWords, spoken_experiment
from vgdesk.cli.training import run_training
from vgdesk.export.files import has_replaced, write_file
from vgdesk.export.standing import EXPERIMENT, RUN
from vgdesk.records.history import RunOutcome
from vgdesk.records.run_file import save_run
from vgdesk.spec.files import experiment_text
from vgdesk.spec.optimiser import OPTIMISERS
from vgdesk.spec.recording import QUANTITIES


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
    record: Annotated[
        str | None,
        typer.Option(help="Record these quantities too, as a,b (named above), or all.", metavar="QUANTITIES"),
    ] = None,
    every: Annotated[
        int | None, typer.Option(help="Record every so many steps.", parser=integer("--every"), metavar="INTEGER")
    ] = None,
    log_spaced: Annotated[
        int | None,
        typer.Option(
            help="Record about so many steps per decade instead.", parser=integer("--log-spaced"), metavar="INTEGER"
        ),
    ] = None,
    histogram: Annotated[
        bool | None, typer.Option("--histogram/--no-histogram", help="Record histograms of z too (in the run file).")
    ] = None,
    save_experiment: Annotated[
        Path | None,
        typer.Option(help="Write the experiment to this .json file.", parser=output_path, metavar="FILE"),
    ] = None,
) -> None:
    """Train a network and record every layer's gradient at every step.

    The gradient of a step is the one taken before its update: the last of 60 steps is step 59, after 59 updates.

    The JSON object holds: experiment, seed, outcome, steps, loss, held_out_loss, accuracy (of the batch) and
    held_out_accuracy (0 to 1, or null), log10_input_norm (of |dL/dh| at the network's input when it was last measured,
    or null), log10_total_norm (gradient of all weights and biases, before clipping),
    clipped_steps (at how many steps clipping changed the gradient), of the last step log10_gradient_norm (|dL/dW|),
    log10_delta_norm (|dL/dz|) and log10_state_norm (|dL/dh|): one number per layer, layer 1 nearest the input, and
    "-inf" is a zero in the run's number format; and breakdown, the sentence about the first number that was not finite,
    or null. Of a recurrent network |dL/dW| has one number each for W_ih, W_hh and W_out, the others one per time step,
    the earliest first.

    Quantities for --record: {quantities}.
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
    chosen = recorded_as(chosen, record, every, log_spaced, histogram)
    _check_files(experiment, out, save_experiment)
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
        say(f"The run is in {out}{', in place of the run before' if has_replaced(out) else ''}")


train.__doc__ = (train.__doc__ or "").format(quantities=", ".join(QUANTITIES))


def _check_files(source: str, run: Path | None, experiment: Path | None) -> None:
    for file, kind in ((run, RUN), (experiment, EXPERIMENT)):
        if file is not None:
            check_output(file, (".json",), source, kind)
    require_different({"--out": run, "--save-experiment": experiment})
