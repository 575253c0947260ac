"""Gradient history -> layer x step picture."""

import numpy as np

from vgdesk.present.profile import QUANTITY_LABELS
from vgdesk.present.sampling import spread_rows
from vgdesk.present.scenes import HeatmapScene
from vgdesk.present.ticks import decade_range, decade_ticks
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory


def heatmap_scene(
    history: GradientHistory, title: str, quantity: str = "weight", max_columns: int = 400
) -> HeatmapScene:
    """Returns the heat map of a run; every column is one recorded step, never a mean of several.

    Parameters
    ----------
    history
        The run so far; it may have no rows yet.
    title
        What stands above the picture.
    quantity
        "weight" or "delta", see `vgdesk.records.profile.QUANTITIES`.
    max_columns
        A longer run is thinned to this many columns: every step at the beginning, then ever further apart
        (`vgdesk.present.sampling`). The first and the last recorded step are always there.
    """
    rows = spread_rows(history.steps, max_columns)
    log10 = history.log10_norm(quantity)[rows]
    low, high = decade_range(log10)
    has_number = np.isfinite(log10)
    return HeatmapScene(
        experiment=history.experiment,
        title=title,
        subtitle=_subtitle(history.steps, rows, bool(has_number.all())),
        values=frozen(np.where(has_number, log10, np.nan).T),
        columns=frozen(rows + history.first_step, np.int64),
        colour_range=(low, high),
        colour_ticks=decade_ticks(low, high),
        colour_label=QUANTITY_LABELS[quantity],
    )


def _subtitle(steps: int, rows: np.ndarray, is_complete: bool) -> str:
    blanks = "" if is_complete else " · blank: exactly 0 or not finite"
    if len(rows) == steps:
        return f"{steps:,} {'step' if steps == 1 else 'steps'}{blanks}"
    gaps = np.flatnonzero(np.diff(rows) > 1)
    return f"{len(rows)} of {steps:,} steps: each of the first {gaps[0] + 1}, then ever further apart{blanks}"
