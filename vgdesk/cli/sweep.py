"""`vgdesk sweep` and `vgdesk trainability`: many trainings along axes, on all cores or a cluster, resumable."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vgdesk.cli.arguments import EXPERIMENT_NAME
from vgdesk.cli.options import check_output, found_experiment, integer, output_path, require_different
from vgdesk.cli.output import progress_console, say, say_json, written_words
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sweep import Sweep
from vgdesk.spec.sweep_words import read_axis, read_range, read_whole_range
from vgdesk.spec.trainability import trainability_sweep, trainability_title, usual_range
from vgdesk.spec.vary import SHORT, varied

OUT = Annotated[Path, typer.Option(help="The table to write or go on with, .csv.", parser=output_path, metavar="FILE")]
PROCESSES = Annotated[
    int | None, typer.Option(help="Processes (one per core).", parser=integer("--processes"), metavar="INTEGER")
]
SCHEDULER = Annotated[
    str, typer.Option(help="Train on the workers of this Dask scheduler, e.g. tcp://127.0.0.1:8786.", metavar="ADDRESS")
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and how many rows.")]


def sweep(
    experiment: EXPERIMENT_NAME,
    vary: Annotated[
        list[str],
        typer.Option(help="FIELD=VALUES, e.g. depth=2,5,10 or seed=0:20 or sigma_w=0.5:3:11.", metavar="FIELD=VALUES"),
    ],
    out: OUT,
    steps: Annotated[
        int | None, typer.Option(help="Steps of each training.", parser=integer("--steps"), metavar="INTEGER")
    ] = None,
    processes: PROCESSES = None,
    scheduler: SCHEDULER = "",
    json: JSON = False,
) -> None:
    """Train every combination of values and write one row for each, a tidy table.

    FIELD is depth, width, activation, normalisation, dropout, initialisation (glorot-normal,
    orthogonal, ...), length (time steps of a recurrent network and its task), seed,
    learning_rate, momentum, weight_decay, batch_size, steps, precision, sigma_w, sigma_b, gain,
    std, or a path in the experiment's JSON, such as network.layers.0.width. VALUES are a,b,c; or
    LOW:HIGH, whole numbers without the last; or LOW:HIGH:COUNT, evenly spaced with both ends.

    Columns: the fields (but varied_steps, varied_loss, for results have these
    names); cell (tells the experiment); outcome; steps; loss_first, loss_last (of
    the first and last batch); loss, accuracy (at the end, of up to 2,000
    examples); log10_first, log10_last (|dL/dh| at the start, farthest from and
    nearest to the loss); log10_gain, log10_gain_end (log10 of the gain per layer,
    at the start and at the end).

    Each row is written when its training ends. Killed at any point, the same
    command goes on where it stopped and repeats nothing. More values of the same
    fields go into the same table; those of another experiment, or of other
    --steps, are refused there.
    """
    check_output(out, (".csv",), experiment)
    base = found_experiment(experiment)
    axes = tuple(map(read_axis, vary))
    if steps is not None and any(SHORT.get(axis.field, axis.field) == SHORT["steps"] for axis in axes):
        raise SpecError("--steps cannot go with --vary steps, which says the steps of each training; leave one out")
    start = base if steps is None else varied(base, "steps", steps)
    _run(Sweep(experiment=start, axes=axes), out, processes, scheduler, json)


def trainability(
    out: OUT,
    experiment: Annotated[str, typer.Argument(help="A bundled example or a JSON file.")] = "digits-tanh-20",
    depths: Annotated[str, typer.Option(help="Range of the depth.", metavar="LOW:HIGH")] = "4:120",
    sigma_w: Annotated[
        str | None, typer.Option(help="Range of sigma_w (around the critical one).", metavar="LOW:HIGH")
    ] = None,
    points: Annotated[
        int, typer.Option(help="Values along each axis.", parser=integer("--points"), metavar="INTEGER")
    ] = 30,
    width: Annotated[int, typer.Option(help="Units per layer.", parser=integer("--width"), metavar="INTEGER")] = 64,
    steps: Annotated[
        int, typer.Option(help="Steps of each training.", parser=integer("--steps"), metavar="INTEGER")
    ] = 100,
    figure: Annotated[
        Path | None, typer.Option(help="Also draw the map: .png, .svg or .pdf.", parser=output_path, metavar="FILE")
    ] = None,
    processes: PROCESSES = None,
    scheduler: SCHEDULER = "",
    json: JSON = False,
) -> None:
    """Map where networks train, over depth and sigma_w, with the line at five depth scales that theory predicts.

    After Schoenholz et al. (2017). The table is resumable like that of `vgdesk sweep`.
    """
    check_output(out, (".csv",), experiment)
    start = found_experiment(experiment)
    scales = _around_critical(start) if sigma_w is None else read_range("--sigma-w", sigma_w)
    wanted = trainability_sweep(start, read_whole_range("--depths", depths), scales, points, width, steps)
    if figure is not None:
        check_output(figure, (".png", ".svg", ".pdf"), experiment)
    require_different({"--out": out, "--figure": figure})
    _run(wanted, out, processes, scheduler, json)
    if figure is not None:
        draw_map(out, ("sigma_w", "depth"), "accuracy", figure, wanted)
        if not json:
            say(written_words(figure))


def _around_critical(experiment: Experiment) -> tuple[float, float]:
    """Returns the range of sigma_w that shows where the network is critical."""
    from vgdesk.study.plan import plan

    experiment.feed_forward  # noqa: B018 - refuses recurrent networks in a sentence
    return usual_range(experiment, plan(experiment).critical_sigma_w)


def draw_map(
    table: Path, fields: tuple[str, str], measure: str, figure: Path, theory: Sweep | None = None
) -> dict[str, int]:
    """Draws a table's map; with the sweep it came from, the line at five depth scales where its axes have one.

    Returns over how many values of which other columns the map averages.
    """
    from vgdesk.export.figure import export_sweep
    from vgdesk.present.sweep_map import LINE_LABEL, sweep_map
    from vgdesk.study.sweep_file import averaged_over, axis_values, read_table
    from vgdesk.study.trainability import correlation_limits

    if fields[0] == fields[1]:
        raise SpecError(f"--x and --y must be two columns, got {fields[0]!r} for both")
    rows = read_table(table)
    unknown = [name for name in (*fields, measure) if name not in rows[0]]
    if unknown:
        raise SpecError(f"{table.name} has no column {unknown[0]!r}; it has {', '.join(rows[0])}")
    averaged = averaged_over(rows, fields, table.name)
    x, y = axis_values(rows, fields[0]), axis_values(rows, fields[1])
    limits = () if theory is None else correlation_limits(theory, fields)
    title = table.stem if theory is None else trainability_title(theory)
    export_sweep(sweep_map(rows, fields, measure, (x, y), title, limits, LINE_LABEL), figure)
    return averaged


def _run(wanted: Sweep, out: Path, processes: int | None, scheduler: str, json: bool) -> None:
    from vgdesk.study.sweep import run_sweep
    from vgdesk.study.sweep_file import SweepFile

    if processes is not None and not 1 <= processes <= 256:
        raise SpecError(f"--processes must be an integer from 1 to 256, got {processes}")
    table = SweepFile(out, wanted)
    known = len(table.done)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress_console, disable=json or not progress_console.is_terminal) as progress:
        task = progress.add_task("training", total=table.size, completed=known)
        running = run_sweep(wanted, table.done, processes, scheduler)
        try:
            for row in running:
                table.add(row)
                progress.advance(task)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"cancelled; {len(table.done)} of {table.size} rows are in {out}, the same command goes on from there"
            ) from None
        finally:
            running.close()
    table.finish()
    if json:
        say_json({"file": str(out), "rows": table.size, "trained": table.size - known, "found": known})
    else:
        again = f", {known} of them were there already" if known else ""
        say(f"wrote {out}: {table.size} trainings{again}")
