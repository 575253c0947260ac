"""Gradient per layer as a table: the accessible twin of the bars and of the heat map, made from their own scenes.

| column | meaning |
|---|---|
| Layer | the place's name: layer 3, time step 2 |
| (the quantity) | the shown quantity at the shown step, as the bar tells it |
| Predicted | what theory expects there |
| Ratio to predicted | how many times the prediction was measured |
| Ratio to the last | compared with the output layer or the last time step: this is what makes a gradient vanishing |
| Step n, ... | the same quantity at recorded steps, as the heat map shows it |

Quantities that are no magnitudes have no ratios. Every cell has three digits to be read, and all of them to be copied.
"""

import math
from dataclasses import dataclass

import numpy as np

from vgdesk.present.formula import number_text
from vgdesk.present.scale import plain_text, whole_value_text
from vgdesk.present.scenes import Bar, HeatmapScene, Mark, ProfileScene
from vgdesk.present.spelling import magnitude_text, word_for

STEPS_SHOWN = 8
"""How many recorded steps have a column of their own."""
_OF_MARK = {Mark.ZERO: -math.inf, Mark.INFINITE: math.inf, Mark.NAN: math.nan}
_FLOAT64_DECADES = 300


@dataclass(frozen=True)
class Cell:
    """Is one cell: `shown` for the eye and the voice, `told` for the tooltip, `exact` for the clipboard."""

    shown: str
    exact: str
    told: str = ""


MISSING = Cell("–", "")


@dataclass(frozen=True)
class LayerTable:
    """Is the table: a heading, names of the columns, rows, and the number of the place of each row from 1."""

    experiment: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: tuple[int, ...]

    def as_text(self) -> str:
        """Returns the table with all digits and tabs between the columns, as spreadsheets take it."""
        rows = (tuple(cell.exact for cell in row) for row in self.rows)
        return "\n".join("\t".join(row) for row in (self.columns, *rows)) + "\n"


def layer_table(profile: ProfileScene, heatmap: HeatmapScene | None = None) -> LayerTable:
    """Returns the table of what bars and heat map show; without a heat map there are no columns of steps."""
    steps = _step_columns(profile, heatmap)
    label = profile.y_label[:1].upper() + profile.y_label[1:]
    ratios = ("Ratio to predicted", "Ratio to the last") if profile.scale == "log10" else ()
    return LayerTable(
        experiment=profile.experiment,
        heading=f"{profile.title} · {profile.subtitle}",
        columns=(profile.places.word.capitalize(), label, "Predicted", *ratios, *steps),
        rows=tuple(
            (*_first_cells(profile, number), *(column[number] for column in steps.values()))
            for number in range(len(profile.bars))
        ),
        places=tuple(bar.layer for bar in profile.bars),
    )


def _first_cells(profile: ProfileScene, number: int) -> tuple[Cell, ...]:
    bar = profile.bars[number]
    value, name = _value_of(bar), profile.places.label(bar.layer)
    predicted = profile.theory.log10[number] if profile.theory else math.nan
    told = Cell(name, name), _cell(value, profile.scale), _cell(predicted, profile.scale, is_known=False)
    if profile.scale != "log10":
        return told
    return (*told, _ratio(value, predicted), _ratio(value, _value_of(profile.bars[-1])))


def _value_of(bar: Bar) -> float:
    if bar.log10 is not None:
        return bar.log10
    return _OF_MARK[bar.mark] if bar.mark else math.nan


def _cell(value: float, scale: str, is_known: bool = True) -> Cell:
    """Returns a value's cell; NaN is "not a number" where it was measured, and nothing where none is known."""
    if not is_known and not math.isfinite(value):
        return MISSING
    return Cell(
        _short(value) if scale == "log10" else number_text(value),
        plain_text(value, scale),
        whole_value_text(value, scale),
    )


def _short(log10: float) -> str:
    is_float = math.isfinite(log10) and abs(log10) < _FLOAT64_DECADES
    return number_text(10.0**log10) if is_float else word_for(log10) or magnitude_text(log10)


def _ratio(log10: float, log10_other: float) -> Cell:
    """Returns the ratio of two magnitudes, or nothing where there is none."""
    if not math.isfinite(log10_other):
        return MISSING
    return _cell(log10 - log10_other, "log10", is_known=False)


def _step_columns(profile: ProfileScene, heatmap: HeatmapScene | None) -> dict[str, tuple[Cell, ...]]:
    """Returns name -> cells of recorded steps, evenly spread over the heat map's own columns."""
    if heatmap is None or not len(heatmap.columns) or len(heatmap.values) != len(profile.bars):
        return {}
    chosen = np.unique(np.linspace(0, len(heatmap.columns) - 1, STEPS_SHOWN).astype(int))
    return {f"Step {heatmap.columns[one]}": _step_cells(heatmap, one) for one in chosen.tolist()}


def _step_cells(heatmap: HeatmapScene, column: int) -> tuple[Cell, ...]:
    values: list[float] = heatmap.values[:, column].tolist()
    return tuple(_cell(value, heatmap.scale, is_known=False) for value in values)
