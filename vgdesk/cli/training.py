"""Runs a training in place with a progress bar on standard error."""

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.output import progress_console
from vgdesk.errors import SpecError
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate
from vgdesk.records.places import signal_places
from vgdesk.records.recorded import expected_rows, row_bytes
from vgdesk.spec.experiment import Experiment

STEPS_PER_UPDATE = 20
LARGEST_RECORDING = 2_000_000_000
"""Bytes of the recorded rows; more would crowd out everything else on a laptop."""


def run_training(experiment: Experiment, quiet: bool = False, keep: bool = False) -> GradientHistory:
    """Trains an experiment to its end and returns every recorded row.

    Parameters
    ----------
    quiet
        No progress bar.
    keep
        On Ctrl-C return the rows recorded so far, with the outcome cancelled, in place of raising KeyboardInterrupt.
    """
    from vgdesk.training.loop import train

    _check_memory(experiment)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"))
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        task = progress.add_task(f"training {experiment.name}", total=experiment.training.steps)
        run = train(experiment)
        parts = [next(run)]
        progress.update(task, completed=1)
        try:
            while True:
                parts.append(run.send(STEPS_PER_UPDATE))
                progress.update(task, completed=parts[-1].steps_made)
        except StopIteration:
            pass
        except KeyboardInterrupt:
            if not keep:
                raise
            return msgspec.structs.replace(concatenate(parts), outcome=RunOutcome.CANCELLED)
    return concatenate(parts)


def _check_memory(experiment: Experiment) -> None:
    recording, (places, count) = experiment.recording, signal_places(experiment.network)
    rows = expected_rows(recording.when, experiment.training.steps)
    allowed = LARGEST_RECORDING // row_bytes(recording.what, experiment.network)
    if rows > allowed:
        raise SpecError(
            f"steps must be at most {allowed} for a network of {count} {places.plural}, so that the recording stays "
            f"below {LARGEST_RECORDING // 10**9} GB; got {rows}"
        )
