"""Numbers in the sentences of findings."""

import math
from collections.abc import Sequence

from vgdesk.records.places import Places
from vgdesk.records.spelling import magnitude_text


def factor_words(log10: float) -> str:
    """Returns "0.24 of" or "1.21 times": what one place hands on of a gradient, or what is left of it."""
    if log10 == -math.inf:
        return "nothing of"
    if abs(log10) > 2:
        return f"{magnitude_text(log10, 2)} {'of' if log10 <= 0 else 'times'}"
    factor = 10.0**log10
    text = f"{factor:.3f}" if 0.9 < factor < 1.1 else f"{factor:.2g}"
    return f"{text} {'of' if log10 <= 0 else 'times'}"


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
