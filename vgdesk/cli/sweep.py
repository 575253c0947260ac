"""`vgdesk sweep` and `vgdesk trainability`: many trainings along axes, on all cores or a cluster, resumable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vgdesk.cli.options import check_output, found_experiment, integer, output_path
from vgdesk.cli.output import progress_console, say, say_json
from vgdesk.errors import SpecError
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import Value, varied

OUT = Annotated[Path, typer.Option(help="The table to write or go on with, .csv.", parser=output_path, metavar="FILE")]
PROCESSES = Annotated[
    int | None, typer.Option(help="Processes (one per core).", parser=integer("--processes"), metavar="INTEGER")
]
SCHEDULER = Annotated[
    str, typer.Option(help="Train on the workers of this Dask scheduler, e.g. tcp://127.0.0.1:8786.", metavar="ADDRESS")
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and how many rows.")]


def sweep(
    experiment: Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")],
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

    FIELD is depth, width, activation, initialisation (glorot-normal, orthogonal,
    ...), seed, learning_rate, momentum, weight_decay, batch_size, steps, precision,
    sigma_w, sigma_b, gain, std, or a path in the experiment's JSON, such as
    network.layers.0.width. VALUES are a,b,c; or LOW:HIGH, whole numbers without the
    last; or LOW:HIGH:COUNT, evenly spaced with both ends.

    Columns: the fields; cell (tells the experiment); outcome; steps; loss_first,
    loss_last (of the first and last batch); loss, accuracy (at the end, of up to
    2,000 examples); log10_first, log10_last (|dL/dh| at the start, farthest from
    and nearest to the loss); log10_gain, log10_gain_end (log10 of the gain per
    layer, at the start and at the end).

    Each row is written when its training ends. Killed at any point, the same
    command goes on where it stopped and repeats nothing.
    """
    check_output(out, (".csv",))
    base = found_experiment(experiment)
    start = base if steps is None else varied(base, "steps", steps)
    _run(Sweep(experiment=start, axes=tuple(map(_axis, vary))), out, processes, scheduler, json)


def trainability(
    out: OUT,
    experiment: Annotated[str, typer.Argument(help="A bundled example or a JSON file.")] = "digits-tanh-20",
    depths: Annotated[str, typer.Option(help="Range of the depth.", metavar="LOW:HIGH")] = "4:120",
    sigma_w: Annotated[str, typer.Option(help="Range of sigma_w.", metavar="LOW:HIGH")] = "0.5:4",
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
    from vgdesk.study.trainability import trainability_sweep

    check_output(out, (".csv",))
    low, high = (_whole(text) for text in _pair("depths", depths))
    spread = tuple(_real(text) for text in _pair("sigma-w", sigma_w))
    wanted = trainability_sweep(found_experiment(experiment), (low, high), (spread[0], spread[1]), points, width, steps)
    if figure is not None:
        check_output(figure, (".png", ".svg", ".pdf"))
    _run(wanted, out, processes, scheduler, json)
    if figure is not None:
        draw_map(out, ("sigma_w", "depth"), "accuracy", figure, wanted)
        if not json:
            say(f"wrote {figure}")


def draw_map(table: Path, fields: tuple[str, str], measure: str, figure: Path, theory: Sweep | None = None) -> None:
    """Draws a table's map; with the sweep it came from, the line at five depth scales where its axes have one."""
    from vgdesk.export.figure import export_sweep
    from vgdesk.present.sweep_map import TRAINABLE_DEPTHS, sweep_map
    from vgdesk.study.sweep_file import axis_values, read_table
    from vgdesk.study.trainability import correlation_depths, trainability_title

    rows = read_table(table)
    unknown = [name for name in (*fields, measure) if name not in rows[0]]
    if unknown:
        raise SpecError(f"{table.name} has no column {unknown[0]!r}; it has {', '.join(rows[0])}")
    x, y = axis_values(rows, fields[0]), axis_values(rows, fields[1])
    limits: list[float] = []
    if theory is not None and fields == ("sigma_w", "depth"):
        depths = correlation_depths(theory.experiment, [float(value) for value in x])
        limits = [TRAINABLE_DEPTHS * xi for xi in depths]
    title = table.stem if theory is None else trainability_title(theory)
    export_sweep(sweep_map(rows, fields, measure, (x, y), title, limits, "5 ξ_c"), figure)


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


def _axis(text: str) -> Axis:
    field, equals, values = text.partition("=")
    if not equals or not values:
        raise SpecError(f"--vary must be FIELD=VALUES, e.g. depth=2,5,10; got {text[:80]!r}")
    return Axis(field=field, values=_values(field, values))


def _values(field: str, text: str) -> tuple[Value, ...]:
    if ":" not in text or text.startswith("formula:"):
        return tuple(read_value(part) for part in text.split(","))
    parts = text.split(":")
    if len(parts) == 2:
        low, high = map(_whole, parts)
        if low >= high or high - low > 1_000_000:
            raise SpecError(f"{field}={text[:60]} must be LOW:HIGH with LOW below HIGH")
        return tuple(range(low, high))
    if len(parts) != 3 or not 2 <= (count := _whole(parts[2])) <= 10_000:
        raise SpecError(f"{field}={text[:60]} must be LOW:HIGH or LOW:HIGH:COUNT with a COUNT from 2 to 10000")
    low, high = _real(parts[0]), _real(parts[1])
    spaced = [low + (high - low) * k / (count - 1) for k in range(count)]
    return tuple(float(f"{value:.12g}") for value in spaced)


def read_value(text: str) -> Value:
    """Returns a number where the text is one, true or false, else the word."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text, text)


def _pair(option: str, text: str) -> Sequence[str]:
    parts = text.split(":")
    if len(parts) != 2:
        raise SpecError(f"--{option} must be a range LOW:HIGH, got {text[:80]!r}")
    return parts


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SpecError(f"{text[:60]!r} must be a whole number") from None


def _real(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SpecError(f"{text[:60]!r} must be a number") from None
