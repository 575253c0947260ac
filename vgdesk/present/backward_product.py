"""What a gradient loses on its way from the last place (layer or time step) down to place l, as a product of factors.

|g^l| = |g^L| * prod_{k=l}^{L-1} |g^k| / |g^{k+1}|: the first factor is the size at the last place, every other one what
place k passes on. Factors are called d1, d2, ... from the last place down, and each is linked to its place.
"""

from collections.abc import Callable, Iterator

import numpy as np

from vgdesk.records.derivation import Factor, Place, PlaceKind
from vgdesk.records.formula import BigProduct, Formula, Fraction, Ink, Number, Product, Relation, Symbol, Text
from vgdesk.records.magnitude import geometric_mean, magnitude, value

NUMBERS_PER_LINE = 5
MOST_LINES = 8
NO_MEAN = "Some factor is zero or not finite, so no mean factor exists."

SizeAt = Callable[[int | str], Formula]
"""Spells the size of the gradient at a place, whose number may be a letter."""


def magnitude_factor(number: int, place: int, meaning: Formula, log10: float, spoken: str) -> Factor:
    """Returns d<number>, whose size is given as log10."""
    return Factor(
        id=f"d{number}",
        symbol=Symbol("d", str(number)),
        meaning=meaning,
        closed_form=magnitude(log10),
        number=magnitude(log10),
        value=value(log10),
        place=Place(PlaceKind.LAYER, place),
        spoken=spoken,
    )


def quotients(
    log10: list[float], lowest: int, meaning: Callable[[int], Formula], spoken: Callable[[int], str]
) -> Iterator[Factor]:
    """Yields what places last-1 .. `lowest` pass on; zero over zero has no value (nan)."""
    for k in range(len(log10) - 1, lowest - 1, -1):
        with np.errstate(invalid="ignore"):
            difference = float(np.subtract(log10[k - 1], log10[k]))
        yield magnitude_factor(len(log10) - k + 1, k, meaning(k), difference, spoken(k))


def quotient_of(size: SizeAt) -> Callable[[int], Formula]:
    """Returns how |g^k| / |g^{k+1}| is spelt."""
    return lambda k: Fraction(size(k), size(k + 1))


def telescope(size: SizeAt, place: int, last: int, factor: Formula | None = None) -> Formula:
    """Returns |g^l| = |g^L| prod factor, where `factor` is the quotient unless another name for it is given."""
    factor = factor or Fraction(size("k"), size("k+1"))
    product = BigProduct(Symbol("k"), Number(float(place)), Number(float(last - 1)), factor)
    return Relation((size(place), Product((Ink("d1", size(last)), product))))


def product_lines(left: Formula, factors: tuple[Factor, ...]) -> Iterator[Formula]:
    """Yields "left = product of the factors' numbers" in lines; of very many only the first and the last lines."""
    inks = [Ink(factor.id, factor.number) for factor in factors]
    rows = [tuple(inks[start : start + NUMBERS_PER_LINE]) for start in range(0, len(inks), NUMBERS_PER_LINE)]
    yield Relation((left, Product(rows[0], "times")))
    if len(rows) > MOST_LINES:
        skipped = len(rows) - MOST_LINES
        yield Text(f"… {skipped * NUMBERS_PER_LINE} more factors …")
        rows = rows[skipped:]
    for row in rows[1:]:
        yield Product((Symbol("dots"), *row), "times")


def mean_factor(log10: list[float], lowest: int) -> float | None:
    """Returns the geometric mean of what places last-1 .. `lowest` pass on; None where some is zero or not finite."""
    with np.errstate(invalid="ignore"):
        factors = -np.diff(log10)[lowest - 1 :]
    return geometric_mean([float(factor) for factor in factors])
