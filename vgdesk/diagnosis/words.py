"""Numbers in the sentences of findings."""

import math
from collections.abc import Sequence

from vgdesk.records.places import Places
from vgdesk.records.spelling import magnitude_text

_MOST_DIGITS = 12
"""Of a factor that is raised to the power of ten thousand."""
_NEAR, _NEAR_ONE = 1e-3, 4e-5
"""Decades between two products of which nobody would say that they differ: two digits are told, or three decimals."""


def factor_words(log10: float) -> str:
    """Returns "0.24 of" or "1.21 times": what one place hands on of a gradient, or what is left of it."""
    if log10 == -math.inf:
        return "nothing of"
    if abs(log10) > 2:
        return f"{magnitude_text(log10, 2)} {'of' if log10 <= 0 else 'times'}"
    factor = 10.0**log10
    text = f"{factor:.3f}" if _is_near_one(factor) else f"{factor:.2g}"
    return f"{text} {'of' if log10 <= 0 else 'times'}"


def gain_words(log10: float, factors: int) -> str:
    """Returns what one of `factors` places hands on, with so many digits that their product is the one that is told.

    1.2 to the eighth is 4.3: beside "8 time steps make it 3.3 times as large" it has to be 1.16. Three digits at
    least; as many more as it takes for the power of what is read to be `factor_words` of the true one, or so near it
    that only the edge of rounding lies between them.
    """
    if factors == 1 or not math.isfinite(log10):
        return factor_words(log10)
    return f"{gain_text(log10, factors)} {'of' if log10 <= 0 else 'times'}"


def gain_text(log10: float, factors: int) -> str:
    """Returns the number of `gain_words` alone: 1.006 where 114 of them make 2; `log10` is finite."""
    gain = log10 * factors
    near = _NEAR_ONE if abs(gain) < 1 and _is_near_one(10.0**gain) else _NEAR
    told = factor_words(gain)
    for digits in range(3, _MOST_DIGITS):
        power = _rounded(log10, digits) * factors
        if factor_words(power) == told or abs(power - gain) < near:
            return _gain_digits(log10, digits)
    return _gain_digits(log10, _MOST_DIGITS)


def _gain_digits(log10: float, digits: int) -> str:
    factor = 10.0**log10 if abs(log10) <= 2 else math.nan
    text = f"{factor:.{digits}f}" if _is_near_one(factor) else f"{factor:.{digits}g}"
    return magnitude_text(log10, digits) if abs(log10) > 2 else text


def _rounded(log10: float, digits: int) -> float:
    """Returns log10 of the number that `_gain_digits` writes."""
    exponent = math.floor(log10)
    factor = 10.0 ** (log10 - exponent)
    if abs(log10) <= 2 and _is_near_one(10.0**log10):
        return math.log10(round(10.0**log10, digits))
    return exponent + math.log10(round(factor, digits - 1))


def _is_near_one(factor: float) -> bool:
    """Whether the third decimal decides over a hundred layers."""
    return 0.9 < factor < 1.1


def number_words(value: float) -> str:
    """Returns a number of three digits, with a true exponent where it is very small or large."""
    if value and math.isfinite(value) and not 1e-3 <= abs(value) < 1e5:
        return ("−" if value < 0 else "") + magnitude_text(math.log10(abs(value)))
    return f"{value:.3g}".replace("-", "−")


def place_words(numbers: Sequence[int], places: Places) -> str:
    """Returns "layer 3", "layers 1-4", "W_hh" or "layers 1, 4 and 7"."""
    if len(numbers) == 1:
        return places.label(numbers[0])
    if places is Places.WEIGHTS:
        return " and ".join(places.tick(number) for number in numbers)
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{places.plural} {numbers[0]}–{numbers[-1]}"
    if len(numbers) > 6:
        return f"{len(numbers)} {places.plural} between {numbers[0]} and {numbers[-1]}"
    return f"{places.plural} {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
