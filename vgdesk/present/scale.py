"""How numbers of each scale stand on an axis: its range, its round ticks, its labels, and the words for a value.

| scale  | axis                                        | without a place on it          |
|--------|---------------------------------------------|--------------------------------|
| log10  | whole decades around the finite values      | exactly 0, not a number, infinite |
| share  | from 0 to 1                                 | not a number                   |
| number | from 0 to a round number, below 0 if needed | not a number, infinite         |
"""

import math

import numpy as np

from vgdesk.present.formula.numbers import HOVER_DIGITS, hover_text, number_text, with_digits
from vgdesk.present.scenes import Mark
from vgdesk.present.spelling import decimal_text, magnitude_text, power_text
from vgdesk.present.ticks import decade_range, decade_ticks, round_ceiling, round_values

_FLOAT64_DECADES = 307
MARK_WORDS = {Mark.ZERO: "exactly 0", Mark.NAN: "not a number", Mark.INFINITE: "infinite"}


def axis_range(values: np.ndarray, scale: str, is_bars: bool = False) -> tuple[float, float]:
    """Returns the ends of an axis that holds all finite values; `is_bars` is as for `decade_range`."""
    if scale == "log10":
        return decade_range(values, is_bars)
    if scale == "share":
        return 0.0, 1.0
    finite = values[np.isfinite(values)]
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    if low == high:
        return 0.0, 1.0
    return -round_ceiling(-low) if low < 0 else 0.0, round_ceiling(high) if high > 0 else 0.0


def axis_ticks(low: float, high: float, scale: str) -> tuple[float, ...]:
    """Returns the positions of the labels on such an axis."""
    return decade_ticks(low, high) if scale == "log10" else tuple(round_values(low, high, 6))


def tick_text(value: float, scale: str) -> str:
    """Returns the label at a position: "10⁻⁵" on the log10 scale, else "0.2"."""
    return power_text(value) if scale == "log10" else number_text(value, 6)


def value_text(value: float, scale: str) -> str:
    """Returns a value for hover, or the words for one that has no place on the axis; copies have all its digits."""
    mark = mark_of(value, scale)
    if mark:
        return MARK_WORDS[mark]
    if scale != "log10":
        return hover_text(value)
    return hover_text(10.0**value) if abs(value) < _FLOAT64_DECADES else magnitude_text(value, HOVER_DIGITS)


def whole_value_text(value: float, scale: str) -> str:
    """Returns the one value that is pointed at, for reading, with all its digits behind it where it has more.

    Of a logarithm these are fifteen: it carries no more, see `decimal_text`.
    """
    shown = value_text(value, scale)
    return shown if mark_of(value, scale) else with_digits(shown, plain_text(value, scale))


def plain_text(value: float, scale: str) -> str:
    """Returns a value with all its digits as a program reads it, for copies; words where it has no place."""
    mark = mark_of(value, scale)
    if mark:
        return MARK_WORDS[mark]
    return decimal_text(value) if scale == "log10" else f"{value:.15g}"


def mark_of(value: float, scale: str = "log10") -> Mark | None:
    """Returns the mark of a value that has no place on the axis, else None."""
    if math.isfinite(value):
        return None
    if math.isnan(value):
        return Mark.NAN
    return Mark.ZERO if value < 0 and scale == "log10" else Mark.INFINITE
