"""A recorded run -> a comma-separated table of every number of every step. Numbers are `repr` of float64.

Columns: step, loss, learning_rate, log10_total_norm and log10_clipped_norm (of the gradient of all weights and biases,
before and after clipping), clipped (0 or 1), then log10_weight_norm_l = |dL/dW| and log10_delta_norm_l = |dL/dz| of
every layer l. "-inf" is an exact zero, "nan" no finite number or one that was not recorded.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vgdesk.export.files import checked_suffix, write_file
from vgdesk.records.history import LAYER_COLUMNS, STEP_COLUMNS, GradientHistory


def export_steps(history: GradientHistory, path: Path | str) -> None:
    """Writes the table; raises `ExportError` unless the file is a .csv that can be written."""
    checked_suffix(path, (".csv",))
    write_file(path, steps_table(history))


def steps_table(history: GradientHistory) -> bytes:
    """Returns one row per recorded step."""
    layers = [f"{column}_{layer}" for column in LAYER_COLUMNS for layer in range(1, history.layers + 1)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("step", *STEP_COLUMNS, *layers))
    writer.writerows(_rows(history))
    return text.getvalue().encode()


def _rows(history: GradientHistory) -> Iterator[tuple[str, ...]]:
    columns: list[list[object]] = [_spelt(getattr(history, column)) for column in STEP_COLUMNS]
    layers = np.concatenate([getattr(history, column) for column in LAYER_COLUMNS], axis=1)
    for row, values in enumerate(zip(*columns, strict=True)):
        yield str(history.first_step + row), *map(repr, values), *map(repr, layers[row].tolist())


def _spelt(column: np.ndarray) -> list[object]:
    return (column.astype(int) if column.dtype == np.bool_ else column).tolist()
