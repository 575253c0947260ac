"""The straight line through log10 of a magnitude over the time lag: what "times 0.9 per step back" is read from."""

import math

import numpy as np


def straight_fit(log10: np.ndarray) -> tuple[float, float] | None:
    """Returns intercept and slope, by least squares, of the line through the finite values; entry k belongs to lag k.

    None where there are fewer than three.
    """
    lags = np.flatnonzero(np.isfinite(log10))
    if len(lags) < 3:
        return None
    centred = lags - lags.mean()
    values = log10[lags]
    slope = float(centred @ (values - values.mean()) / (centred @ centred))
    return float(values.mean() - slope * lags.mean()), slope


def half_life(slope: float) -> float:
    """Returns over how many time steps a magnitude halves (negative: doubles) at so many decades per step."""
    return math.inf if abs(slope) < 1e-12 else math.log10(2.0) / -slope
