"""How a claim is tested: which numbers are taken, and between which bounds they lie if it is true."""

from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

from vgdesk.records.claim import Measured

Numbers = Mapping[str, float]


class Gauge(NamedTuple):
    """Is a number that a test takes; with a bound it is a case that judges the claim.

    Attributes
    ----------
    name, words, scale, at_least, at_most
        As in `vgdesk.records.claim.Measured`.
    """

    name: str
    words: str
    scale: str = "number"
    at_least: float | None = None
    at_most: float | None = None


class ClaimTest(NamedTuple):
    """Is the test of one claim.

    Attributes
    ----------
    number
        Which claim.
    measure
        Seed -> all numbers by name. None of them may be missing.
    gauges
        What the numbers mean.
    uses_seed
        Whether the numbers depend on the seed; else one run is enough.
    weight
        About how many seconds a seed takes, so that the long ones begin first.
    """

    number: int
    measure: Callable[[int], Numbers]
    gauges: tuple[Gauge, ...]
    uses_seed: bool = True
    weight: float = 0.1


def measured(gauges: tuple[Gauge, ...], by_seed: list[Numbers]) -> tuple[Measured, ...]:
    """Returns the medians over seeds, the cases first."""
    found = [_measured(gauge, [float(numbers[gauge.name]) for numbers in by_seed]) for gauge in gauges]
    return tuple(sorted(found, key=lambda each: each.holds is None))


def _measured(gauge: Gauge, values: list[float]) -> Measured:
    has_number = all(value == value for value in values)
    middle, least, most = (median(values), min(values), max(values)) if has_number else (float("nan"),) * 3
    return Measured(
        name=gauge.name,
        words=gauge.words,
        value=middle,
        least=least,
        most=most,
        scale=gauge.scale,
        at_least=gauge.at_least,
        at_most=gauge.at_most,
    )
