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
    line: tuple[float, ...] = ()
    """For each column where a line stands, as a position between rows (0 = the first row's centre); nan for none."""
    line_label: str = ""
    broken: np.ndarray | None = field(default=None, repr=False)
    """True where something was trained and has no finite number to show, as after a breakdown."""


def sweep_map(
    rows: Sequence[Mapping[str, object]],
    fields: tuple[str, str],
    measure: str,
    values: tuple[Sequence[object], Sequence[object]],
    title: str,
    limits: Sequence[float] = (),
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
        For each value of x a value of y at which the line stands; nan or none for no line.
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
        line=tuple(_position(limit, y) for limit in limits),
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


def _position(limit: float, y: tuple[str, ...]) -> float:
    """Returns where a value lies between the rows; nan where it lies beyond them, or an axis is of words."""
    try:
        numbers = [float(text) for text in y]
    except ValueError:
        return math.nan
    if math.isnan(limit) or len(numbers) < 2 or not numbers[0] <= limit <= numbers[-1]:
        return math.nan
    return float(np.interp(limit, numbers, np.arange(len(numbers))))
