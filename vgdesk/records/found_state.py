"""What a search for a state found: numbers of a network that give chosen factors of a derivation chosen values."""

import math
from enum import StrEnum

import msgspec

from vgdesk.records.formula import Formula
from vgdesk.spec.experiment import Experiment

SLACK = 1e-12
"""Relative: an end that rounding has moved still counts as reached."""


class Interval(msgspec.Struct, frozen=True):
    """Is all numbers from `low` to `high`; an open end is approached and never reached, infinite ends always are."""

    low: float
    high: float
    is_low_open: bool = False
    is_high_open: bool = False

    def contains(self, value: float) -> bool:
        """Whether a value can be reached."""
        slack = SLACK * max(abs(end) for end in (self.low, self.high, 0.0) if math.isfinite(end))
        above = value > self.low if self.is_low_open else value >= self.low - slack
        below = value < self.high if self.is_high_open else value <= self.high + slack
        return above and below

    @property
    def is_point(self) -> bool:
        """Whether it is a single number."""
        return self.low == self.high

    @property
    def sign(self) -> int:
        """1 where every value is positive, -1 where every one is negative, else 0."""
        if self.low > 0 or (self.low == 0 and self.is_low_open):
            return 1
        return -1 if self.high < 0 or (self.high == 0 and self.is_high_open) else 0


class FactorPart(msgspec.Struct, frozen=True, kw_only=True):
    """Is one term of the product that a factor is: its formula, its range, whether the search may move it."""

    formula: Formula
    interval: Interval
    is_free: bool


class WantedFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Is a factor that was given a target.

    Attributes
    ----------
    id, meaning
        As in the derivation: "d1", dL/dAwareness.
    before, target, value
        Its number in the given experiment, the wanted one, and the one in the experiment found; nan where none was.
    interval
        Everything that interval arithmetic does not exclude, for the numbers that were let free.
    parts
        The product it is; empty where it is a sum.
    depends
        Whether anything that was let free reaches it.
    """

    id: str
    meaning: Formula
    before: float
    target: float
    value: float
    interval: Interval
    parts: tuple[FactorPart, ...]
    depends: bool

    @property
    def is_possible(self) -> bool:
        """Whether the range analysis leaves the target open."""
        return self.interval.contains(self.target)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Is one number that the search has moved, by its name, e.g. "w9" or "age"."""

    name: str
    before: float
    after: float


class SearchOutcome(StrEnum):
    """How a search ended."""

    FOUND = "found"
    IMPOSSIBLE = "impossible"
    NOT_FOUND = "not-found"


class FoundState(msgspec.Struct, frozen=True, kw_only=True):
    """Is the answer to "which state has these factors?".

    Attributes
    ----------
    wrt
        The parameter whose derivation the factors belong to.
    outcome
        FOUND: `experiment` has the targets. IMPOSSIBLE: the ranges of the factors exclude one of them, no search was
        made. NOT_FOUND: no start led there, which is no proof.
    wanted
        The factors with targets, in the order of the product.
    changes
        What differs in the experiment found, in the order of names.
    starts
        From how many states the search began.
    """

    wrt: str
    outcome: SearchOutcome
    wanted: tuple[WantedFactor, ...]
    experiment: Experiment | None = None
    changes: tuple[Change, ...] = ()
    starts: int = 0
