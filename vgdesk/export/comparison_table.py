"""Runs side by side -> comma-separated table: one row per run, numbers as `repr` of float64.

Columns: run (letter), experiment, difference (from run A), seed, steps, outcome, loss, accuracy (empty without
classes), log10_gamma, log10_gain (gamma^L), verdict, learning, quantity, step (of the next two), log10_first and
log10_last (first and last place; "first" and "last" where the quantity is no magnitude; empty where not recorded).
"""

import math
from collections.abc import Sequence
from typing import Any

from vgdesk.export.table import table_bytes
from vgdesk.present.comparison import chosen_quantity
from vgdesk.present.comparison_table import difference_from_first
from vgdesk.records.comparison import KeptRun, letter
from vgdesk.spec.recording import QUANTITIES


def comparison_rows(
    runs: Sequence[KeptRun], quantity: str | None = None, step: int | None = None
) -> list[dict[str, Any]]:
    """Returns one row per run; quantity and step as of `vgdesk.present.comparison.comparison_scene`."""
    shown = chosen_quantity(runs, quantity)
    return [_row(runs, place, shown, step) for place in range(len(runs))]


def comparison_table(rows: Sequence[dict[str, Any]]) -> bytes:
    """Returns the rows as a table."""
    return table_bytes(tuple(rows[0]), ([_text(value) for value in row.values()] for row in rows))


def _row(runs: Sequence[KeptRun], place: int, quantity: str, step: int | None) -> dict[str, Any]:
    run, name = runs[place], "log10_" if QUANTITIES[quantity].scale == "log10" else ""
    row = run.history.row_of(step) if step is not None else run.history.rows - 1
    has = run.history.has(quantity)
    first, last = run.history.values(quantity)[row][[0, -1]].tolist() if has else (None, None)
    return {
        "run": letter(place),
        "experiment": run.experiment.name,
        "difference": difference_from_first(runs, place),
        "seed": run.experiment.seed,
        "steps": run.history.steps_made,
        "outcome": str(run.history.outcome),
        "loss": run.loss,
        "accuracy": None if math.isnan(run.accuracy) else run.accuracy,
        "log10_gamma": run.diagnosis.log10_gamma,
        "log10_gain": run.diagnosis.log10_gain,
        "verdict": str(run.diagnosis.verdict),
        "learning": str(run.diagnosis.learning),
        "quantity": quantity,
        "step": int(run.history.step_numbers[row]),
        f"{name}first": first,
        f"{name}last": last,
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
