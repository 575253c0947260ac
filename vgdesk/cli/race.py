"""`vgdesk race`: every remedy against the experiment as it is, on the same seeds and data."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.arguments import EXPERIMENT_NAME, JSON, WORKERS
from vgdesk.cli.options import check_output, found_experiment, integer, names_in, output_path
from vgdesk.cli.output import progress_console, say, say_json, written_words
from vgdesk.export.files import write_file
from vgdesk.export.race_table import COLUMNS, race_table
from vgdesk.export.standing import table_kind
from vgdesk.present.race import loss_words
from vgdesk.records.race import AS_IT_IS, Lane, Race
from vgdesk.records.spelling import magnitude_text

_HEAD = ("remedy", "γᴸ at start", "at the end", "verdict", "loss", "right", "s", "learning")


def race(
    experiment: EXPERIMENT_NAME,
    steps: Annotated[
        int, typer.Option(help="Updates of each training.", parser=integer("--steps"), metavar="INTEGER")
    ] = 500,
    only: Annotated[str | None, typer.Option(help="Only these remedies, as a,b (all that apply).")] = None,
    combine: Annotated[str | None, typer.Option(help="Combinations that take part, too, as a+b,c+d.")] = None,
    seeds: Annotated[int, typer.Option(help="How many seeds.", parser=integer("--seeds"), metavar="INTEGER")] = 1,
    workers: WORKERS = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the table to this .csv file.", parser=output_path, metavar="FILE")
    ] = None,
    json: JSON = False,
) -> None:
    """Try every remedy on the same seeds and data, and rank them by the loss they reach.

    gamma^L is what is left of a gradient after all layers or time steps; losses and right answers are those of the
    examples that were trained on, 2,000 at most, after the last update; where examples are held out, right answers are
    those of them, when last measured. With several seeds all numbers are medians.

    The JSON object holds: experiment, steps, seeds, lanes (the best loss first; name, title, helps, word, difference,
    log10_gain_at_start, log10_gain (gamma^L), decades_won (of gamma^L at the start, against the experiment as it is),
    verdict_at_start, verdict, learning, loss, accuracy, seconds, and per layer or weight matrix log10_speed = |dL/db|
    at the start (Nielsen's speed of learning) and log10_update_ratio = |dW|/|W| at the end).
    """
    remedies = names_in("--only", only, "a remedy")
    combinations = names_in("--combine", combine, "a combination of remedies")
    chosen = found_experiment(experiment)
    if out is not None:
        check_output(out, (".csv",), experiment, table_kind(COLUMNS))
    found = _run(chosen, remedies, combinations, steps, seeds, workers, quiet=json)
    if out is not None:
        write_file(out, race_table(found))
    if json:
        say_json(_plain(found))
        return
    _say(found, chosen.training.held_out > 0)
    if out is not None:
        say(written_words(out))


def _run(
    experiment: Any, only: list[str], combine: list[str], steps: int, seeds: int, workers: int | None, quiet: bool
) -> Race:
    from vgdesk.study.race import run_race

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("trainings"))
    running, last = run_race(experiment, only, combine, steps, seeds, workers), None
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        task = progress.add_task(f"racing {experiment.name}", total=None)
        try:
            for last in running:
                progress.update(task, completed=last.done, total=last.total)
        finally:
            running.close()
    if last is None:
        raise RuntimeError("a race has at least the lane of the experiment as it is")
    return last


def _say(found: Race, holds_out: bool) -> None:
    rows = [_row(lane) for lane in found.lanes]
    widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(len(_HEAD))]
    for row in (_HEAD, *rows):
        say("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    say()
    whose = "the examples trained on, 2,000 at most, after the last update"
    right = "; right that of the held-out examples, when last measured" if holds_out else ""
    say(f"{'Loss is that' if holds_out else 'Loss and right are those'} of {whose}{right}.")
    for lane in found.lanes:
        if lane.name != AS_IT_IS:
            say(f"{lane.name}: {lane.difference}; {lane.sentence}.")


def _row(lane: Lane) -> tuple[str, ...]:
    verdict = str(lane.verdict_at_start)
    if lane.verdict is not lane.verdict_at_start:
        verdict += f", then {lane.verdict}"
    return (
        lane.name,
        magnitude_text(lane.log10_gain_at_start, 2),
        magnitude_text(lane.log10_gain, 2),
        verdict,
        loss_words(lane, 4),
        "" if math.isnan(lane.accuracy) else f"{lane.accuracy:.1%}",
        f"{lane.seconds:.2f}",
        str(lane.learning),
    )


def _plain(found: Race) -> dict[str, Any]:
    return {
        "experiment": found.experiment,
        "steps": found.steps,
        "seeds": list(found.seeds),
        "lanes": [_plain_lane(found, lane) for lane in found.lanes],
    }


def _plain_lane(found: Race, lane: Lane) -> dict[str, Any]:
    first = lane.trials[0]
    return {
        "name": lane.name,
        "title": lane.title,
        "helps": None if lane.helps is None else str(lane.helps),
        "word": lane.sentence or None,
        "difference": lane.difference or None,
        "log10_gain_at_start": lane.log10_gain_at_start,
        "log10_gain": lane.log10_gain,
        "decades_won": found.decades_won(lane),
        "verdict_at_start": str(lane.verdict_at_start),
        "verdict": str(lane.verdict),
        "learning": str(lane.learning),
        "loss": lane.loss,
        "accuracy": None if math.isnan(lane.accuracy) else lane.accuracy,
        "seconds": lane.seconds,
        "log10_speed": _numbers(first.log10_speed.tolist()),
        "log10_update_ratio": _numbers(first.log10_update_ratio.tolist()),
    }


def _numbers(values: Iterable[float]) -> list[float]:
    return [float(value) for value in values]
