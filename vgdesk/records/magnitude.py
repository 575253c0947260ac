"""Magnitudes known by their log10, also far outside the range of float64."""

import math
from collections.abc import Sequence

from vgdesk.records.formula import Formula, Number, Power, Product

LARGEST = 300.0
"""|log10| up to which a float64 holds the value with all its digits."""


def magnitude(log10: float) -> Formula:
    """Returns 10^log10 as a formula: a number where a float64 holds it, else mantissa x 10^exponent."""
    if not math.isfinite(log10) or abs(log10) <= LARGEST:
        return Number(value(log10))
    exponent = math.floor(log10)
    mantissa = round(10 ** (log10 - exponent), 2)
    if mantissa >= 10.0:
        mantissa, exponent = 1.0, exponent + 1
    return Product((Number(mantissa), Power(Number(10.0), Number(float(exponent)))), "times")


def value(log10: float) -> float:
    """Returns 10^log10 as a float64; outside its range 0 or infinity."""
    try:
        return 10.0**log10
    except OverflowError:
        return math.inf


def geometric_mean(log10_factors: Sequence[float]) -> float | None:
    """Returns the geometric mean of factors given by their log10, or None where one is zero or not finite."""
    if not log10_factors or not all(math.isfinite(factor) for factor in log10_factors):
        return None
    return value(sum(log10_factors) / len(log10_factors))
