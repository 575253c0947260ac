"""Runs a training in place with a progress bar on standard error."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.output import progress_console
from vgdesk.records.history import GradientHistory, concatenate
from vgdesk.spec.experiment import Experiment

STEPS_PER_UPDATE = 20


def run_training(experiment: Experiment, quiet: bool = False) -> GradientHistory:
    """Trains an experiment to its end and returns every recorded row."""
    from vgdesk.training.loop import train

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"))
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        task = progress.add_task(f"training {experiment.name}", total=experiment.training.steps)
        run = train(experiment)
        parts = [next(run)]
        progress.update(task, completed=1)
        try:
            while True:
                parts.append(run.send(STEPS_PER_UPDATE))
                progress.advance(task, parts[-1].steps)
        except StopIteration:
            pass
    return concatenate(parts)
