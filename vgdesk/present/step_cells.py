"""Where the columns of a heat map lie on its axis of training steps, which is linear as that of the loss.

A column stands for one recorded step and reaches half-way to its neighbours, however far those are; so what happens at
a step is drawn above the same step of the loss.
"""

import numpy as np
from numpy.typing import NDArray

MOST_CELLS = 1600
"""Cells of equal width that a picture is made of: as many as a wide screen shows beside its panels."""


def column_edges(columns: np.ndarray) -> np.ndarray:
    """Returns the steps between which each column lies, shape (columns + 1,); half a step around one alone."""
    steps = np.asarray(columns, float)
    if len(steps) < 2:
        return np.array([steps[0] - 0.5, steps[0] + 0.5]) if len(steps) else np.array([-0.5, 0.5])
    middles = (steps[1:] + steps[:-1]) / 2
    return np.concatenate([[2 * steps[0] - middles[0]], middles, [2 * steps[-1] - middles[-1]]])


def column_at(edges: np.ndarray, step: float) -> int:
    """Returns the column at a place of the axis; the first or the last one beyond the ends."""
    return int(np.searchsorted(edges[1:-1], step, side="right"))


def shown_columns(edges: np.ndarray, most: int = MOST_CELLS) -> NDArray[np.intp]:
    """Returns which column each of the equally wide cells of a picture shows.

    Evenly spaced columns get a cell each; of uneven ones a cell shows the column at its middle, never a mean.
    """
    widths = np.diff(edges)
    count = int(min(most, max(1, round((edges[-1] - edges[0]) / widths.min()))))
    middles = edges[0] + (np.arange(count) + 0.5) * (edges[-1] - edges[0]) / count
    return np.asarray(np.searchsorted(edges[1:-1], middles, side="right"), np.intp)
