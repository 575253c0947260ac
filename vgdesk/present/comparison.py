"""Runs side by side -> scenes: profiles on one axis, losses on one axis, heat maps in one range of colours, a table.

Every run keeps its letter, its place in all pictures and its look: `look` numbers a colour, a dash and a marker, so
that lines are told apart without colour. The first run is what the others are compared with: their names say what
differs.

A loss that explodes would press all others flat: the axis ends at three times the largest first loss, and the note says
which runs leave it and when.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.present.comparison_table import RunTable, run_table
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.loss import LOSS_LABELS, loss_scene
from vgdesk.present.profile import QUANTITY_LABELS
from vgdesk.present.scale import axis_range, axis_ticks, mark_of, value_text
from vgdesk.present.scenes import HeatmapScene, Mark
from vgdesk.present.ticks import round_ceiling, round_values
from vgdesk.records.codec import frozen
from vgdesk.records.comparison import KeptRun, letter
from vgdesk.records.places import Places
from vgdesk.spec.base import require_choice
from vgdesk.spec.difference import difference_words
from vgdesk.spec.recording import QUANTITIES

LONGEST_NAME = 52
"""Letters of a legend's entry."""
_LEAST_STEM = 8
"""Letters of a name's beginning that stay where it is cut before its end."""
HEADROOM = 3.0
"""The loss axis ends at so many times the largest first loss."""
MOST_POINTS = 600


@dataclass(frozen=True)
class RunLine:
    """Is one run's line: `y[k]` at `x[k]`, nan where there is no number; `marks` say why, by place on the x axis."""

    look: int
    name: str
    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    marks: tuple[tuple[float, Mark], ...] = ()
    texts: tuple[str, ...] = field(default=(), repr=False)
    """For each x the full value in words, for hover and screen reader; empty for plain numbers."""


@dataclass(frozen=True)
class RunsScene:
    """Is one line per run on common axes."""

    title: str
    subtitle: str
    lines: tuple[RunLine, ...]
    x_range: tuple[float, float]
    x_label: str
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    y_label: str
    scale: str = "log10"
    """"log10" of a profile whose ticks are decades, else "share" or "number"."""
    note: str = ""
    places: Places | None = None
    """What the points of a profile are, each with a marker; None where x is a training step."""


@dataclass(frozen=True)
class HeatmapsScene:
    """Is one heat map per run, all with the same range of colours and as many rows as the deepest."""

    title: str
    names: tuple[str, ...]
    maps: tuple[HeatmapScene, ...]
    places: int
    """Rows of the tallest map: all have their rows in the same height."""
    note: str = ""

    @property
    def are_alike(self) -> bool:
        """Whether all maps have the same places, so that one axis of places does for all."""
        return len({(one.places, len(one.values)) for one in self.maps}) <= 1


@dataclass(frozen=True)
class ComparisonScene:
    """Is a whole comparison."""

    title: str
    profiles: RunsScene
    losses: RunsScene
    heatmaps: HeatmapsScene
    table: RunTable


def comparison_scene(runs: Sequence[KeptRun], quantity: str | None = None, step: int | None = None) -> ComparisonScene:
    """Returns the pictures of one or more runs.

    Parameters
    ----------
    quantity
        Which magnitude profiles and heat maps show; by default |dL/dW|, or |dL/dh| where a run goes through time.
    step
        Step of the profiles and of the table's gradients (the last recorded one before it); by default each run's last.

    Raises
    ------
    SpecError
        When the quantity is unknown or no run recorded it.
    """
    shown = chosen_quantity(runs, quantity)
    names, rows = run_names(runs), [run.history.row_of(step) if step is not None else -1 for run in runs]
    return ComparisonScene(
        title=" · ".join(dict.fromkeys(run.experiment.title for run in runs)),
        profiles=_profiles(runs, names, rows, shown),
        losses=_losses(runs, names),
        heatmaps=_heatmaps(runs, names, shown),
        table=run_table(runs, names, rows, shown),
    )


def chosen_quantity(runs: Sequence[KeptRun], name: str | None = None) -> str:
    """Returns the quantity to compare; raises `SpecError` where no run recorded the named one."""
    if name is None:
        return "state" if any(run.history.signals is Places.TIME for run in runs) else "weight"
    require_choice("quantity", name, QUANTITIES)
    if not any(run.history.has(name) for run in runs):
        recorded = dict.fromkeys(quantity for run in runs for quantity in run.history.quantities)
        raise SpecError(f"quantity must be one that a run recorded ({', '.join(recorded)}), got {name!r}")
    return name


def run_names(runs: Sequence[KeptRun]) -> tuple[str, ...]:
    """Returns what each run is called in legends: its letter, and what differs from the first one, or its title."""
    names = [f"A · {runs[0].experiment.title}"]
    for place, run in enumerate(runs[1:], start=1):
        words = difference_words(runs[0].experiment, run.experiment)
        if words == "no difference":
            words = "the same again"
        elif len(words) > LONGEST_NAME:
            words = _title_beside(runs[0].experiment.title, run.experiment.title)
        names.append(f"{letter(place)} · {words}")
    return tuple(map(_shortened, names))


def _title_beside(first: str, title: str) -> str:
    """Returns a title, or where it is the first run's title and more, "A + residual connections"."""
    return f"A{title.removeprefix(first)}" if title.startswith(f"{first} ") else title


def _shortened(name: str) -> str:
    """Cuts a long name before what was changed, which stands behind a + or in brackets at its end, or at its end."""
    if len(name) <= LONGEST_NAME:
        return name
    starts = [name.find(mark) for mark in (" + ", " (") if mark in name]
    end = name[min(starts) :] if starts else ""
    room = LONGEST_NAME - 1 - len(end)
    return f"{name[:room]}…{end}" if end and room >= _LEAST_STEM else f"{name[: LONGEST_NAME - 1]}…"


def _profiles(runs: Sequence[KeptRun], names: Sequence[str], rows: Sequence[int], quantity: str) -> RunsScene:
    scale = QUANTITIES[quantity].scale
    has = [place for place, run in enumerate(runs) if run.history.has(quantity)]
    values = {place: runs[place].history.values(quantity)[rows[place]] for place in has}
    low, high = axis_range(np.concatenate(list(values.values())) if has else np.empty(0), scale)
    steps = {place: int(runs[place].history.step_numbers[rows[place]]) for place in has}
    kinds = list(dict.fromkeys(runs[place].history.places(quantity) for place in has))
    missing = [letter(place) for place in range(len(runs)) if place not in has]
    return RunsScene(
        title="Gradient per layer" if kinds == [Places.LAYERS] else "Gradient per place",
        subtitle=_moment(steps),
        lines=tuple(
            _profile_line(place, names[place], values[place], scale, runs[place].history.places(quantity))
            for place in has
        ),
        x_range=(0.5, max((len(row) for row in values.values()), default=1) + 0.5),
        x_label=kinds[0].axis_title if len(kinds) == 1 else " or ".join(kind.word for kind in kinds),
        y_range=(low, high),
        y_ticks=axis_ticks(low, high, scale),
        y_label=QUANTITY_LABELS[quantity],
        scale=scale,
        note=f"not recorded by {', '.join(missing)}" if missing else "",
        places=kinds[0] if kinds else Places.LAYERS,
    )


def _moment(steps: dict[int, int]) -> str:
    """Returns of which step the profiles are, given by the runs' places: one for all, or one for each."""
    if len(set(steps.values())) == 1:
        return f"step {next(iter(steps.values())):,}"
    return ", ".join(f"{letter(place)}: step {step:,}" for place, step in steps.items())


def _profile_line(look: int, name: str, row: np.ndarray, scale: str, places: Places) -> RunLine:
    values: list[float] = row.tolist()
    marks = [(float(n), mark) for n, value in enumerate(values, start=1) if (mark := mark_of(value, scale))]
    return RunLine(
        look=look,
        name=name,
        x=frozen(np.arange(1.0, len(values) + 1)),
        y=frozen(np.where(np.isfinite(row), row, np.nan)),
        marks=tuple(marks),
        texts=tuple(f"{places.label(n)}: {value_text(value, scale)}" for n, value in enumerate(values, start=1)),
    )


def _losses(runs: Sequence[KeptRun], names: Sequence[str]) -> RunsScene:
    scenes = [
        loss_scene(run.history, run.experiment.loss, name, MOST_POINTS) for run, name in zip(runs, names, strict=True)
    ]
    lines = [
        RunLine(look=look, name=name, x=frozen(scene.steps, np.float64), y=scene.smoothed)
        for look, (name, scene) in enumerate(zip(names, scenes, strict=True))
    ]
    low, high, leaving = _loss_range(lines)
    kinds = list(dict.fromkeys(run.experiment.loss for run in runs))
    notes = [*leaving, *_broken(runs)]
    if len(kinds) > 1:
        notes.insert(0, "the losses are of different kinds: compare their courses, not their heights")
    last = max(float(line.x[-1]) for line in lines)
    return RunsScene(
        title="Loss",
        subtitle="smoothed: median of neighbouring steps",
        lines=tuple(lines),
        x_range=(0.0, max(1.0, last)),
        x_label="training step",
        y_range=(low, high),
        y_ticks=tuple(round_values(low, high, 6)),
        y_label=LOSS_LABELS.get(kinds[0], kinds[0]) if len(kinds) == 1 else "loss",
        scale="number",
        note="; ".join(notes),
    )


def _loss_range(lines: Sequence[RunLine]) -> tuple[float, float, list[str]]:
    """Returns the ends of the axis, and in words which runs leave it."""
    finite = [line.y[np.isfinite(line.y)] for line in lines]
    known = [values for values in finite if values.size]
    if not known:
        return 0.0, 1.0, []
    low, high = min(0.0, *(float(values.min()) for values in known)), max(float(values.max()) for values in known)
    limit = HEADROOM * max(float(values[0]) for values in known)
    leaving: list[str] = []
    if 0.0 < limit < high:
        high = limit
        for line in lines:
            beyond = np.flatnonzero(line.y > round_ceiling(high))
            if beyond.size:
                leaving.append(f"{line.name[0]} leaves the axis at step {line.x[beyond[0]]:.0f}")
    return -round_ceiling(-low) if low < 0 else 0.0, round_ceiling(high) if high > 0 else 1.0, leaving


def _broken(runs: Sequence[KeptRun]) -> list[str]:
    found: list[str] = []
    for place, run in enumerate(runs):
        rows = np.flatnonzero(~np.isfinite(run.history.loss))
        if rows.size:
            found.append(f"the loss of {letter(place)} is first not finite at step {run.history.step_numbers[rows[0]]}")
    return found


def _heatmaps(runs: Sequence[KeptRun], names: Sequence[str], quantity: str) -> HeatmapsScene:
    has = [place for place, run in enumerate(runs) if run.history.has(quantity)]
    maps = [heatmap_scene(runs[place].history, names[place], quantity) for place in has]
    scale = QUANTITIES[quantity].scale
    finite = [scene.values.ravel() for scene in maps]
    low, high = axis_range(np.concatenate(finite) if finite else np.empty(0), scale)
    missing = [letter(place) for place in range(len(runs)) if place not in has]
    return HeatmapsScene(
        title=QUANTITY_LABELS[quantity],
        names=tuple(names[place] for place in has),
        maps=tuple(
            replace(scene, colour_range=(low, high), colour_ticks=axis_ticks(low, high, scale)) for scene in maps
        ),
        places=max((len(scene.values) for scene in maps), default=1),
        note=f"not recorded by {', '.join(missing)}" if missing else "",
    )


def nearest(line: RunLine, x: float) -> int | None:
    """Returns the number of the point of a line that is nearest to x, or None where the line ends before it."""
    if line.x.size == 0:
        return None
    place = int(np.argmin(np.abs(line.x - x)))
    return place if abs(float(line.x[place]) - x) <= max(0.5, _widest_gap(line.x)) else None


def _widest_gap(x: np.ndarray) -> float:
    return float(np.diff(x).max()) if len(x) > 1 else math.inf
