"""Which of many recorded steps a picture of limited width shows.

Vanishing is decided in the first steps, long before a long run ends; evenly chosen steps would jump over them, purely
logarithmic ones would repeat the first few. The rule here is linear first and logarithmic then: with x0 chosen such
that `most` columns reach the last step, column i shows step

    i                          for i <= x0     (every step)
    x0 exp((i - x0) / x0)      for i >  x0     (ever further apart, by the factor e every x0 columns)

The two parts meet with equal value and slope. While the run is not longer than `most` steps, all are shown, and just
beyond that the choice is still nearly linear: a growing picture never jumps.
"""

import math

import numpy as np


def spread_rows(count: int, most: int) -> np.ndarray:
    """Returns at most `most` increasing row numbers out of 0 .. count - 1, the first and the last among them.

    Parameters
    ----------
    count
        Number of recorded rows.
    most
        Number of columns to fill, at least 2.
    """
    if count <= most:
        return np.arange(count)
    column = np.arange(most, dtype=np.float64)
    linear = _linear_columns(count - 1, most - 1)
    position = np.where(column <= linear, column, linear * np.exp((np.maximum(column, linear) - linear) / linear))
    rows = np.floor(position + 1e-6).astype(np.int64)
    rows[-1] = count - 1
    return rows


def picture_rows(count: int, most: int) -> np.ndarray:
    """Returns at most `most` increasing row numbers for a linear axis: one half evenly, the other as `spread_rows`.

    The even half leaves no broad stripe at the end, the other one keeps the first steps. `most` is at least 4.
    """
    if count <= most:
        return np.arange(count)
    even = np.linspace(0, count - 1, most - most // 2).astype(np.int64)
    return np.union1d(even, spread_rows(count, most // 2))


def _linear_columns(last_row: int, last_column: int) -> float:
    """Returns x0, the root of x0 (1 + ln(last_row / x0)) = last_column; the left side grows with x0."""
    low, high = 0.0, float(last_column)
    for _ in range(60):
        middle = (low + high) / 2
        reached = middle * (1 + math.log(last_row / middle))
        low, high = (middle, high) if reached < last_column else (low, middle)
    return high
