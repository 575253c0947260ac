"""A recorded run -> a comma-separated table of every number of every recorded step. Numbers are `repr` of float64.

Columns: step, loss, learning_rate, log10_total_norm and log10_clipped_norm (of the gradient of all weights and biases,
before and after clipping), clipped (0 or 1), then one column for each place of each recorded quantity:

    log10_gradient_norm_3       weight: norm of the gradient dL/dW, by the name that `vgdesk train --json` has for it
    log10_bias_gradient_norm_3  bias: norm of dL/db
    log10_delta_norm_3          delta: norm of dL/dz; in the same way state (dL/dh) and cell (dL/dc)
    log10_weight_norm_3         weight-norm: norm of the weights themselves
    log10_update_3              update; in the same way lag, weight-change and cell-path
    saturated_3                 the share, or the number, of every other quantity; hyphens become underscores

Where |dL/dh^0| was measured (see `records.evaluation`), log10_state_norm_0 stands before layer 1: the gradient at the
network's input, "nan" at the steps at which it was not.

A name ends in its place: the layer's number (`_3`), the weight matrix of a recurrent network (`_W_ih`, `_W_hh`,
`_W_out`) or the time step (`_t12`, 1 is the earliest). "-inf" is an exact zero, "nan" no finite number or one that was
not recorded. Histograms of z are in the run file only.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vgdesk.export.files import checked_suffix, write_file
from vgdesk.records.history import STEP_COLUMNS, GradientHistory
from vgdesk.spec.recording import QUANTITIES

_OWN_NAMES = {"weight": "log10_gradient_norm", "bias": "log10_bias_gradient_norm"} | {
    name: f"log10_{name}_norm" for name in ("delta", "state", "cell")
}
"""Of gradients; those of W and b must not be taken for |W| and |b|."""


def export_steps(history: GradientHistory, path: Path | str) -> None:
    """Writes the table; raises `ExportError` unless the file is a .csv that can be written."""
    checked_suffix(path, (".csv",))
    write_file(path, steps_table(history))


def steps_table(history: GradientHistory) -> bytes:
    """Returns one row per recorded step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    tables = list(_tables(history))
    writer.writerow(("step", *STEP_COLUMNS, *(name for names, _ in tables for name in names)))
    writer.writerows(_rows(history, [values for _, values in tables]))
    return text.getvalue().encode()


def column_name(quantity: str) -> str:
    """Returns how the columns of a quantity begin, e.g. "log10_gradient_norm" or "forget_gate"."""
    prefix = "log10_" if QUANTITIES[quantity].scale == "log10" else ""
    return _OWN_NAMES.get(quantity) or prefix + quantity.replace("-", "_")


def _tables(history: GradientHistory) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yields the columns of each quantity: their names, and their values of shape (rows, places)."""
    for quantity, values in history.quantities.items():
        places, begin = history.places(quantity), column_name(quantity)
        if quantity == "state" and _has_input(history):
            yield [f"{begin}_0"], _input_norms(history)
        yield [f"{begin}_{places.suffix(number)}" for number in range(1, values.shape[1] + 1)], values


def _rows(history: GradientHistory, tables: list[np.ndarray]) -> Iterator[tuple[str, ...]]:
    columns: list[list[object]] = [_spelt(getattr(history, column)) for column in ("step_numbers", *STEP_COLUMNS)]
    for row, values in enumerate(zip(*columns, strict=True)):
        yield *map(repr, values), *(repr(value) for table in tables for value in table[row].tolist())


def _has_input(history: GradientHistory) -> bool:
    return not bool(np.isnan(history.evaluations.log10_input_norm).all())


def _input_norms(history: GradientHistory) -> np.ndarray:
    """Returns shape (rows, 1): log10 |dL/dh^0| of the rows at whose step it was measured, else nan."""
    known = dict(zip(history.evaluations.steps.tolist(), history.evaluations.log10_input_norm.tolist(), strict=True))
    return np.array([[known.get(step, np.nan)] for step in history.step_numbers.tolist()])


def _spelt(column: np.ndarray) -> list[object]:
    return (column.astype(int) if column.dtype == np.bool_ else column).tolist()
