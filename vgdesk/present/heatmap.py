"""Gradient history -> picture of place x step: layers, weight matrices or time steps upwards."""

import numpy as np

from vgdesk.present.profile import QUANTITY_LABELS
from vgdesk.present.sampling import picture_rows
from vgdesk.present.scale import axis_range, axis_ticks
from vgdesk.present.scenes import HeatmapScene
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory
from vgdesk.spec.recording import QUANTITIES


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
        A recorded quantity, see `vgdesk.spec.recording.QUANTITIES`.
    max_columns
        A longer run is thinned to about this many columns: every step at the beginning, then further apart
        (`vgdesk.present.sampling`). The first and the last recorded step are always there.
    """
    rows, scale = picture_rows(history.rows, max_columns), QUANTITIES[quantity].scale
    values = history.values(quantity)[rows]
    low, high = axis_range(values, scale)
    has_number = np.isfinite(values)
    return HeatmapScene(
        experiment=history.experiment,
        title=title,
        subtitle=_subtitle(history, rows, bool(has_number.all())),
        values=frozen(np.where(has_number, values, np.nan).T),
        columns=frozen(history.step_numbers[rows], np.int64),
        colour_range=(low, high),
        colour_ticks=axis_ticks(low, high, scale),
        colour_label=QUANTITY_LABELS[quantity],
        places=history.places(quantity),
        scale=scale,
    )


def _subtitle(history: GradientHistory, rows: np.ndarray, is_complete: bool) -> str:
    blanks = "" if is_complete else " · blank: exactly 0 or not finite"
    recorded = "recorded " if history.is_thinned else ""
    if len(rows) == history.rows:
        return f"{history.rows:,} {recorded}{'step' if history.rows == 1 else 'steps'}{blanks}"
    gaps = np.diff(rows)
    chosen = f"{len(rows)} of {history.rows:,} {recorded}steps drawn"
    return f"{chosen}: each of the first {np.flatnonzero(gaps > 1)[0] + 1}, then at most {gaps.max()} apart{blanks}"
