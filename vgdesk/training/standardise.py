"""Shifts and scales columns to mean 0 and standard deviation 1 over the rows that are trained on."""

from collections.abc import Sequence

import numpy as np

from vgdesk.errors import DocumentError
from vgdesk.records.codec import frozen


def standardised(values: np.ndarray, rows: np.ndarray, names: Sequence[str], source: str) -> np.ndarray:
    """Returns (values - mean) / deviation, column by column; mean and deviation are those of `rows` alone.

    Parameters
    ----------
    values
        Shape (N, columns).
    rows
        The rows to measure; the deviation divides by their number.
    names, source
        Names of the columns and of the file, for the message.

    Raises
    ------
    DocumentError
        When a column has the same number in all of `rows`, or numbers whose deviation is beyond float64.
    """
    measured = values[rows]
    constant = np.flatnonzero(measured.min(axis=0) == measured.max(axis=0))
    if constant.size:
        column = int(constant[0])
        raise DocumentError(
            f"column {names[column]!r} of {source} holds {measured[0, column]:g} in every row that is trained on, so "
            "it cannot be standardised; leave the column out, or switch standardising off"
        )
    with np.errstate(all="ignore"):
        mean, deviation = measured.mean(axis=0), measured.std(axis=0)
        scaled = (values - mean) / deviation
    broken = np.flatnonzero(~np.isfinite(deviation) | ~np.isfinite(scaled).all(axis=0))
    if broken.size:
        raise DocumentError(
            f"column {names[int(broken[0])]!r} of {source} cannot be standardised: its numbers are too large, or too "
            "close to each other"
        )
    return frozen(scaled)
