"""Axes made of round numbers: whole decades for magnitudes, a round upper end for linear axes.

A logarithmic axis never covers less than `LEAST_DECADES` decades: gradients that differ by a few per cent shall look
equal, because for our question they are.
"""

import math

import numpy as np

LEAST_DECADES = 4
_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_FOOT = 0.04
"""Share of the axis that the shortest bar keeps as its visible height."""

_HEAD = 0.05
"""Decades that stay free above the longest bar."""


_SMALLEST_UNIT = 1e-300
"""Below it numbers are subnormal and have no tenth part to make a unit of."""


def decade_range(log10: np.ndarray, is_bars: bool = False) -> tuple[float, float]:
    """Returns (low, high), whole decades that hold all finite values.

    Parameters
    ----------
    log10
        Magnitudes of any shape; values that are not finite have no place on the axis and are left out.
    is_bars
        Whether both ends stay clear of the values, so that the shortest bar has a foot and the longest a visible end.
    """
    finite = log10[np.isfinite(log10)]
    if finite.size == 0:
        return -float(LEAST_DECADES), 0.0
    smallest, largest = float(finite.min()), float(finite.max())
    high = float(math.ceil(largest + _HEAD if is_bars else largest))
    low = float(math.floor(smallest - _FOOT * (high - smallest) if is_bars else smallest))
    return min(low, high - LEAST_DECADES), high


def decade_ticks(low: float, high: float, most: int = 8) -> tuple[float, ...]:
    """Returns the log10 positions of at most `most` ticks in [low, high]: multiples of 1, 2, 5, 10, 20, ... decades."""
    spacing = 1
    while math.floor(high / spacing) - math.ceil(low / spacing) + 1 > most:
        spacing = _next_spacing(spacing)
    return tuple(float(k * spacing) for k in range(math.ceil(low / spacing), math.floor(high / spacing) + 1))


def _next_spacing(spacing: int) -> int:
    leading = int(str(spacing)[0])
    return spacing * 5 // 2 if leading == 2 else spacing * 2


def round_ceiling(value: float) -> float:
    """Returns the smallest round number (1, 1.2, 1.5, 2, ... times a power of ten) that is at least `value` > 0."""
    exponent = math.floor(math.log10(value))
    candidates = [float(f"{factor}e{exponent}") for factor in _ROUND]  # read as decimals: 0.15, not 0.15000000000000002
    return next((candidate for candidate in candidates if value <= candidate < math.inf), value)


def round_values(low: float, high: float, most: int) -> list[float]:
    """Returns at most about `most` multiples of 1, 2 or 5 times a power of ten in [low, high]."""
    if not high > low:
        return [low]
    if (high - low) / most < _SMALLEST_UNIT:
        return [low, high]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    unit = next(power * factor for factor in (1, 2, 5, 10, 20) if (high - low) / (power * factor) <= most)
    slack = 1e-9
    return [k * unit for k in range(math.ceil(low / unit - slack), math.floor(high / unit + slack) + 1)]
