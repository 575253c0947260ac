"""`vgdesk compare`: two or more runs side by side, trained now or recorded before."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.arguments import ALSO_OUT, JSON, WORKERS
from vgdesk.cli.options import check_output, found_experiment, integer, is_run_file, recorded_run
from vgdesk.cli.output import progress_console, say, say_json, written_words
from vgdesk.errors import SpecError
from vgdesk.export.standing import table_kind
from vgdesk.records.comparison import KeptRun, check_count
from vgdesk.records.history import GradientHistory
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import QUANTITIES
from vgdesk.spec.sweep_words import read_value
from vgdesk.spec.vary import varied

_WHOSE = (
    "Loss is that of the last recorded step's batch, before its update; right that of held-out examples where there "
    "are any, else of a step's batch, when last measured."
)


def compare(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Examples, experiments' JSON files or runs from `train --out`; the first is A.", metavar="SOURCE"
        ),
    ],
    change: Annotated[
        list[str] | None,
        typer.Option(
            help="One more run: A with this one change, e.g. activation=tanh; may be repeated.", metavar="FIELD=VALUE"
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(help="Train so many steps (experiments only).", parser=integer("--steps"), metavar="INTEGER"),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Train all with this seed (experiments only).", parser=integer("--seed"), metavar="INTEGER"),
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(help="weight (|dL/dW|), delta (|dL/dz|), state (|dL/dh|), or another recorded one.")
    ] = None,
    at: Annotated[
        int | None,
        typer.Option(help="Step of the profiles (each run's last).", parser=integer("--at"), metavar="INTEGER"),
    ] = None,
    workers: WORKERS = None,
    out: ALSO_OUT = None,
    json: JSON = False,
) -> None:
    """Lay two or more runs side by side: losses, right answers, gradients, verdicts, and what differs.

    Experiments are trained side by side, one process per core; runs in files are taken as they are. Without --seed
    every experiment keeps its own; a run of --change has the seed of A, so that nothing else differs.

    The JSON object holds: runs, each with run (its letter), experiment, difference (from A), seed, steps, outcome, loss
    (of the last recorded step's batch, before its update), accuracy (share of right answers when last measured: of
    held-out examples where there are any, else of a step's batch; null without classes), log10_gamma, log10_gain
    (gamma^L), verdict, learning, quantity, step, log10_first and log10_last (of the first and the last place), and
    profile (every place).
    """
    from vgdesk.export.comparison_table import comparison_rows, comparison_table
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_comparison
    from vgdesk.present.comparison import comparison_scene

    check_count(len(sources) + len(change or ()))
    if quantity is not None:
        require_choice("quantity", quantity, QUANTITIES)
    if out is not None:
        for source in sources:
            check_output(out, FIGURE_SUFFIXES, source, table_kind(("run", "experiment")))
    runs = _runs(sources, change or [], steps, seed, workers, quiet=json)
    _require_recorded(at, runs)
    scene, rows = comparison_scene(runs, quantity, at), comparison_rows(runs, quantity, at)
    if out is not None:
        export_comparison(scene, comparison_table(rows), out)
    if json:
        say_json({"runs": [row | {"profile": _profile(run, row)} for run, row in zip(runs, rows, strict=True)]})
        return
    _say(scene.table.head, scene.table.rows)
    say(_WHOSE)
    say(_step_words(rows))
    for note in (scene.profiles.note, scene.losses.note):
        if note:
            say(f"{note[0].upper()}{note[1:]}.")
    if out is not None:
        say(written_words(out))


def _require_recorded(at: int | None, runs: Sequence[KeptRun]) -> None:
    """Raises `SpecError` where the step of the profiles lies outside every run; a shorter run shows its last one."""
    last = max(int(run.history.step_numbers[-1]) for run in runs)
    if at is not None and not 0 <= at <= last:
        raise SpecError(f"--at must be a step that was recorded, from 0 to {last}, got {at}")


def _step_words(rows: Sequence[dict[str, Any]]) -> str:
    """Returns at which step each profile was taken: a run that ended before, or skipped it, shows another."""
    steps = {row["run"]: row["step"] for row in rows}
    if len(set(steps.values())) == 1:
        return f"Profiles are at step {rows[0]['step']}."
    return f"Profiles are at step {', '.join(f'{step} of {run}' for run, step in steps.items())}."


def _runs(
    sources: Sequence[str],
    changes: Sequence[str],
    steps: int | None,
    seed: int | None,
    workers: int | None,
    quiet: bool,
) -> list[KeptRun]:
    """Returns the runs in the order of the sources, then of the changes."""
    from vgdesk.diagnosis.kept import kept_run

    is_recorded = [is_run_file(source) for source in sources]
    if all(is_recorded) and not changes and (steps is not None or seed is not None):
        raise SpecError(f"{'--steps' if steps is not None else '--seed'} is for experiments; these are recorded runs")
    recorded = {k: recorded_run(sources[k]) for k, is_run in enumerate(is_recorded) if is_run}
    first = recorded[0][0] if is_recorded[0] else found_experiment(sources[0])
    wanted = {k: found_experiment(sources[k]) for k, is_run in enumerate(is_recorded) if not is_run}
    wanted |= {len(sources) + k: _changed(first, change) for k, change in enumerate(changes)}
    wanted = {k: _adjusted(experiment, steps, seed) for k, experiment in wanted.items()}
    found = recorded | _trained(wanted, workers, quiet)
    return [kept_run(*found[k]) for k in sorted(found)]


def _trained(
    wanted: dict[int, Experiment], workers: int | None, quiet: bool
) -> dict[int, tuple[Experiment, GradientHistory]]:
    from vgdesk.study.compare import run_side_by_side

    places, experiments = list(wanted), list(wanted.values())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("trainings"))
    found: dict[int, tuple[Experiment, GradientHistory]] = {}
    if not wanted:
        return found
    running = run_side_by_side(experiments, workers)
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        task = progress.add_task("training side by side", total=len(wanted))
        try:
            for number, history in running:
                found[places[number]] = experiments[number], history
                progress.advance(task)
        finally:
            running.close()
    return found


def _adjusted(experiment: Experiment, steps: int | None, seed: int | None) -> Experiment:
    for field, value in (("steps", steps), ("seed", seed)):
        experiment = experiment if value is None else varied(experiment, field, value)
    return experiment


def _changed(experiment: Experiment, text: str) -> Experiment:
    field, equals, value = text.partition("=")
    if not equals or not field or not value:
        raise SpecError(f"--change must be FIELD=VALUE, as in activation=tanh; got {text[:80]!r}")
    return varied(experiment, field.strip(), read_value(value.strip()))


def _profile(run: KeptRun, row: dict[str, Any]) -> list[float] | None:
    history, quantity = run.history, row["quantity"]
    return history.values(quantity)[history.row_of(row["step"])].tolist() if history.has(quantity) else None


def _say(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints the table, what differs below it: that column has no natural width."""
    aside = head.index("differs by")
    short = [[cell for place, cell in enumerate(row) if place != aside] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in short) for column in range(len(short[0]))]
    for row in short:
        say("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    say()
    for row in rows[1:]:
        say(f"{row[0][0]} differs from A by: {row[aside]}")
