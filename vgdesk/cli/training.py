"""Runs a training in place with a progress bar on standard error."""

import time
from collections.abc import Generator, Iterator

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.output import progress_console
from vgdesk.errors import SpecError
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import signal_places
from vgdesk.records.recorded import LARGEST_RECORDING, expected_rows, row_bytes
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import EveryNth

BLOCK_SECONDS = 0.05
"""So long the trainer goes on before it looks up: Ctrl-C and the progress bar wait no longer."""


def run_training(experiment: Experiment, quiet: bool = False, keep: bool = False) -> GradientHistory:
    """Trains an experiment to its end, pre-training first where it asks for that, and returns every recorded row.

    Parameters
    ----------
    quiet
        No progress bar.
    keep
        On Ctrl-C return the rows recorded so far, with the outcome cancelled, in place of raising KeyboardInterrupt.
    """
    from vgdesk.cli.ctrl_c import kernels_hear_ctrl_c  # Numba, as all of training

    _check_memory(experiment)
    with kernels_hear_ctrl_c():
        return _trained(experiment, quiet, keep)


def _trained(experiment: Experiment, quiet: bool, keep: bool) -> GradientHistory:
    from vgdesk.training.loop import train

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"))
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        start = _pretrained(experiment, progress)
        task = progress.add_task(f"training {experiment.name}", total=experiment.training.steps)
        run = train(experiment, start)
        parts = [next(run)]
        progress.advance(task, 1)
        try:
            for part in _blocks(run):
                progress.advance(task, part.steps_made - parts[-1].steps_made)
                parts.append(part)
        except KeyboardInterrupt:
            if not keep:
                raise
            return msgspec.structs.replace(concatenate(parts), outcome=RunOutcome.CANCELLED)
    return concatenate(parts)


def _blocks(run: Generator[GradientHistory, int | None, None]) -> Iterator[GradientHistory]:
    """Yields what follows, in blocks that each take about `BLOCK_SECONDS`."""
    count = 1
    while True:
        began = time.perf_counter()
        try:
            part = run.send(count)
        except StopIteration:
            return
        yield part
        count = max(1, min(2 * count, int(count * BLOCK_SECONDS / max(1e-6, time.perf_counter() - began))))


def _pretrained(experiment: Experiment, progress: Progress) -> Parameters | None:
    """Returns pre-trained parameters, or None where the experiment asks for none."""
    from vgdesk.training.pretraining import pretrain

    if experiment.training.pretraining is None:
        return None
    steps, task = pretrain(experiment), None
    while True:
        try:
            found = next(steps)
        except StopIteration as end:
            return end.value
        if task is None:
            task = progress.add_task("", total=found.layers * found.steps)
        words = f"pre-training layer {found.layer} of {found.layers}"
        progress.update(task, description=words, completed=(found.layer - 1) * found.steps + found.step)


def _check_memory(experiment: Experiment) -> None:
    recording, (places, count) = experiment.recording, signal_places(experiment.network)
    rows = expected_rows(recording.when, experiment.training.steps)
    allowed = LARGEST_RECORDING // row_bytes(recording.what, experiment.network)
    if rows > allowed:
        what = "steps" if recording.when == EveryNth() else "recorded steps"
        raise SpecError(
            f"{what} must be at most {allowed} for a network of {count} {places.plural}, so that the recording stays "
            f"below {LARGEST_RECORDING // 10**9} GB; got {rows}"
        )
