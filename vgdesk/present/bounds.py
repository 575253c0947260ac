"""Says in sentences how large the product of a chain's factors can be at most, and what follows from it."""

import math
from collections.abc import Iterator

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.spelling import magnitude_text
from vgdesk.records.derivation_views import ProductBound
from vgdesk.records.number_format import FORMATS
from vgdesk.spec.digits import raised
from vgdesk.spec.words import value_words

RULE = "A chain passes on at most |∂h⁽ᴸ⁾/∂h⁽⁰⁾| ≤ (max|φ′| |w|)ᴸ."
"""What the sentences are about."""

_DIGITS = 6
"""Of rates and weights: near 1 the sixth decides what becomes of a thousand layers."""
ENDS = {"0": "vanishes", "1": "stays 1", "infinity": "grows without bound"}
"""What the bound does for ever more layers, by its limit."""


def bound_lines(bound: ProductBound) -> list[str]:
    """Returns the bound in sentences."""
    size = magnitude_text(bound.log10_bound)
    return [
        f"{value_words(bound.activation)}: max|φ′| = {_number(bound.largest_slope)} ({_place(bound)})",
        f"one layer with w = {_number(bound.weight)} changes a gradient by at most a factor {_number(bound.rate)}",
        f"{_layers(bound.depth)}: at most {size}; for ever more layers this bound {ENDS[bound.limit]}",
        f"neither shrinks nor grows, at the steepest point, for |w| = {_number(bound.neutral_weight)}",
        *_depth_lines(bound),
    ]


def _place(bound: ProductBound) -> str:
    place = f"z = {_number(bound.at)}"
    return f"at {place}" if bound.is_reached else f"approached towards {place}, never reached"


def _depth_lines(bound: ProductBound) -> Iterator[str]:
    for passed in bound.depths:
        if passed.depth is not None:
            limit = f"is below {passed.format}'s {passed.limit} number, 2{raised(passed.log2)}"
            if passed.limit == "largest":
                limit = f"overflows {passed.format} (largest {number_text(_largest(passed.format), 2)})"
            yield f"from {_layers(passed.depth)} on the bound {limit}"


def _number(value: float) -> str:
    return number_text(value, _DIGITS)


def _layers(depth: int) -> str:
    return f"{depth:,} layer{'s' if depth > 1 else ''}"


def _largest(number_format: str) -> float:
    limits = FORMATS[number_format]
    return math.ldexp(2.0 - 2.0 ** (1 - limits.precision), limits.largest)
