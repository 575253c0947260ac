"""The table of a sweep -> a heat map of one measure over two of its axes; other axes, such as seeds, are averaged.

On a map of accuracy or loss over sigma_w and depth a line stands at 5 xi: a network trains where it is less deep than
about five to six depth scales of the correlation between two inputs (Schoenholz et al. 2017, section 5).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.formula.numbers import hover_text, number_text
from vgdesk.records.history import RunOutcome
from vgdesk.spec.words import value_words

LINE_LABEL = "5 ξ_c"
"""Names the line of `vgdesk.study.trainability.correlation_limits`."""
MEASURE_WORDS = {
    "accuracy": "share of right answers",
    "loss": "loss at the end",
    "loss_first": "loss of the first step",
    "loss_last": "loss of the last step",
    "log10_first": "log₁₀ ‖∂L/∂h‖ farthest from the loss",
    "log10_last": "log₁₀ ‖∂L/∂h‖ nearest the loss",
    "log10_gain": "log₁₀ γ at the start",
    "log10_gain_end": "log₁₀ γ at the end",
    "steps": "steps made",
}
"""What each column of numbers is called on a map."""
SHOWN = tuple(MEASURE_WORDS)
NO_FIELD = ""
"""Stands along y where there is but one axis."""


@dataclass(frozen=True)
class SweepMap:
    """Is a measure over two axes; rows are `y`, columns `x`, nan where nothing is known yet."""

    title: str
    subtitle: str
    x_field: str
    y_field: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    values: np.ndarray = field(repr=False)
    colour_range: tuple[float, float]
    colour_label: str
    line: tuple[tuple[float, float], ...] = ()
    """Points of a line as positions between columns and between rows (0 = the first one's centre).

    Rows are nan where there is no line; a row beyond the map (below -1/2, above the last + 1/2) is to be cut off.
    """
    line_label: str = ""
    broken: np.ndarray | None = field(default=None, repr=False)
    """True where something was trained and has no finite number to show, as after a breakdown."""

    @property
    def has_line(self) -> bool:
        """Whether some of the line is on the map."""
        return any(-0.5 <= row <= len(self.y) - 0.5 for _, row in self.line)


def sweep_map(
    rows: Sequence[Mapping[str, object]],
    fields: tuple[str, str],
    measure: str,
    values: tuple[Sequence[object], Sequence[object]],
    title: str,
    limits: Sequence[tuple[float, float]] = (),
    limit_label: str = "",
) -> SweepMap:
    """Returns the map of one column of a sweep's table.

    Parameters
    ----------
    rows
        Lines of the table, by column; numbers may be numbers, or text as in the file.
    fields, values
        The columns along x and y, and the values they take, in order. A map of one axis has `NO_FIELD` along y, with
        the one value "".
    measure
        One of `SHOWN`.
    limits
        The line of `vgdesk.study.trainability.correlation_limits`: points as values of (x, y), y nan for no line.
    """
    x, y = (tuple(map(str, axis)) for axis in values)
    trained, sums, counts = (np.zeros((len(y), len(x))) for _ in range(3))
    columns, lines = {text: k for k, text in enumerate(x)}, {text: k for k, text in enumerate(y)}
    for row in rows:
        place = lines.get(_at(row, fields[1])), columns.get(_at(row, fields[0]))
        if None in place:
            continue
        trained[place] += 1
        number = float(str(row[measure]))
        if math.isfinite(number):
            sums[place] += number
            counts[place] += 1
    with np.errstate(invalid="ignore"):
        means = sums / counts
    return SweepMap(
        title=title,
        subtitle=_subtitle(len(rows), fields, measure, int(np.count_nonzero(trained)), counts.size),
        x_field=field_words(fields[0]),
        y_field=field_words(fields[1]),
        x=x,
        y=y,
        values=means,
        colour_range=_colour_range(measure, means),
        colour_label=MEASURE_WORDS[measure],
        line=tuple(zip(_positions([at for at, _ in limits], x), _positions([at for _, at in limits], y), strict=True)),
        line_label=limit_label,
        broken=(trained > 0) & (counts == 0),
    )


def field_words(name: str) -> str:
    """Returns what people call a field that was varied: "σ_w", "learning rate"; a path in a file stays one."""
    return {"sigma_w": "σ_w", "sigma_b": "σ_b"}.get(name, name if "." in name else name.replace("_", " "))


def axis_label(text: str) -> str:
    """Returns a value along an axis for a tick: numbers with three digits, words as people say them."""
    try:
        return number_text(float(text))
    except ValueError:
        return value_words(text)


def cell_words(fields: tuple[str, str], point: tuple[str, str], found: Sequence[Mapping[str, object]]) -> str:
    """Returns what the trainings at one place came to, e.g. "σ_w 1.5, depth 40: accuracy 0.93, loss 0.21".

    Numbers are means over the trainings that have one.
    """
    where = ", ".join(
        f"{field_words(name)} {axis_label(text)}" for name, text in zip(fields, point, strict=True) if name
    )
    if not found:
        return f"{where}: not trained yet"
    said = [
        f"{words} {hover_text(mean)}"
        for name, words in (("accuracy", "accuracy"), ("loss", "loss"), ("log10_gain", "log₁₀ γ"))
        if (mean := _mean(found, name)) is not None
    ]
    broken = sum(str(row["outcome"]) == RunOutcome.NON_FINITE for row in found)
    if broken:
        said.append("broke down" if len(found) == 1 else f"{broken} of {len(found)} broke down")
    several = f" (mean of {len(found)})" if len(found) > 1 else ""
    return f"{where}: {', '.join(said) or 'no finite number'}{several}"


def _mean(rows: Sequence[Mapping[str, object]], name: str) -> float | None:
    numbers = [number for row in rows if math.isfinite(number := float(str(row[name])))]
    return sum(numbers) / len(numbers) if numbers else None


def _at(row: Mapping[str, object], field: str) -> str:
    return str(row[field]) if field else ""


def _subtitle(count: int, fields: tuple[str, str], measure: str, known: int, size: int) -> str:
    each = count / known if known else 1
    axes = " and ".join(field_words(name) for name in fields if name)
    mean = f", mean of {each:g} each" if each > 1 else ""
    part = "" if known == size else f" · {known} of {size} cells"
    return f"{MEASURE_WORDS[measure]} over {axes}{mean}{part}"


def _colour_range(measure: str, values: np.ndarray) -> tuple[float, float]:
    if measure == "accuracy":
        return 0.0, 1.0
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _positions(values: Sequence[float], axis: tuple[str, ...]) -> list[float]:
    """Returns where values lie between the entries of an axis, from the centre of its first one.

    Beyond its ends the axis goes on as it does there, for one more of its length. nan for nan, and on an axis of words,
    of one entry, or of numbers in no order.
    """
    try:
        numbers = np.array([float(text) for text in axis])
    except ValueError:
        return [math.nan] * len(values)
    steps, last = np.diff(numbers), len(numbers) - 1
    if not steps.size or not (np.all(steps > 0) or np.all(steps < 0)):
        return [math.nan] * len(values)
    direction = math.copysign(1.0, steps[0])
    inside = np.interp(direction * np.array(values, dtype=float), direction * numbers, np.arange(last + 1.0))
    before, beyond = (np.array(values) - numbers[0]) / steps[0], (np.array(values) - numbers[-1]) / steps[-1]
    places = inside + np.minimum(before, 0.0) + np.maximum(beyond, 0.0)
    return np.clip(places, -1.0 - last, 1.0 + 2 * last).tolist()
