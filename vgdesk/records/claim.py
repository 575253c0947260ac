"""A popular claim about gradients, what was measured about it, and the verdict that follows from the numbers.

A claim is tested by *cases*: a number, and the bounds between which it would lie if the claim were true.

    all cases hold    right
    none holds        wrong
    some hold         "only if", or "imprecise" (the claim says which)

Numbers without bounds are evidence beside: they are shown and judge nothing.
"""

import math
from enum import StrEnum
from functools import cache

import msgspec

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.records.spelling import magnitude_text, word_for


class ClaimVerdict(StrEnum):
    """Says what becomes of a claim."""

    RIGHT = "right"
    WRONG = "wrong"
    ONLY_IF = "only if"
    IMPRECISE = "imprecise"


class ClaimArm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is one of the experiments by which a claim is tested.

    Attributes
    ----------
    name
        Short identifier, unique within the claim.
    words
        What it is, for people.
    """

    name: str
    words: str


class Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is what people say, before anything is measured.

    Attributes
    ----------
    number
        Its place in the catalogue, counting from 1.
    statement
        The claim as it is told.
    prediction
        What theory expects.
    test
        What is run to find out.
    mixed
        What it is called when some cases hold and others do not: "only if" or "imprecise".
    condition
        Under which condition it is true, or what it should say: goes with the mixed verdict.
    sources
        Author, year, where.
    arms
        The experiments that can be opened, the most telling first.
    """

    number: int
    statement: str
    prediction: str
    test: str
    sources: tuple[str, ...]
    arms: tuple[ClaimArm, ...] = ()
    mixed: ClaimVerdict = ClaimVerdict.ONLY_IF
    condition: str = ""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Is one number about a claim, the median over seeds.

    Attributes
    ----------
    name
        Short identifier, the same in every run.
    words
        What was measured.
    value, least, most
        Median, smallest and largest value over the seeds; nan where a seed gave no number.
    scale
        "log10": log10 of a magnitude or quotient; "share": 0 to 1; "number": as it is.
    at_least, at_most
        Between what the value would lie if the claim were true; both None for evidence beside.
    """

    name: str
    words: str
    value: float
    least: float
    most: float
    scale: str = "number"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the number is what the claim says; None where it judges nothing."""
        if self.at_least is None and self.at_most is None:
            return None
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= self.value <= high

    @property
    def text(self) -> str:
        """The value for people."""
        return value_text(self.value, self.scale)

    @property
    def wanted(self) -> str:
        """What the claim asks of the value, for people; empty for evidence beside."""
        if self.at_least is not None and self.at_most is not None:
            return f"{value_text(self.at_least, self.scale)} to {value_text(self.at_most, self.scale)}"
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return "".join(f"{word} {value_text(bound, self.scale)}" for word, bound in bounds if bound is not None)


class ClaimOutcome(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is what became of a claim.

    Attributes
    ----------
    number
        Which claim.
    verdict
        As `verdict_of` finds it.
    sentence
        Verdict and numbers in words.
    measured
        The cases first, evidence beside after them.
    seeds
        How many seeds the numbers are medians of; what does not depend on a seed is computed once.
    seconds
        How long it took.
    """

    number: int
    verdict: ClaimVerdict
    sentence: str
    measured: tuple[Measured, ...]
    seeds: int
    seconds: float

    def value(self, name: str) -> float:
        """Returns a number by its name; raises KeyError unless it was measured."""
        for found in self.measured:
            if found.name == name:
                return found.value
        raise KeyError(name)


def verdict_of(measured: tuple[Measured, ...], mixed: ClaimVerdict) -> ClaimVerdict:
    """Returns the verdict that the cases give (see the top of this module)."""
    cases = [found.holds for found in measured if found.holds is not None]
    if not cases:
        raise ValueError("a claim is judged by at least one case")
    if all(cases):
        return ClaimVerdict.RIGHT
    return mixed if any(cases) else ClaimVerdict.WRONG


def outcome_of(claim: Claim, measured: tuple[Measured, ...], seeds: int, seconds: float) -> ClaimOutcome:
    """Returns verdict and sentence; both follow from the numbers alone."""
    verdict = verdict_of(measured, claim.mixed)
    return ClaimOutcome(
        number=claim.number,
        verdict=verdict,
        sentence=_sentence(claim, measured, verdict),
        measured=measured,
        seeds=seeds,
        seconds=seconds,
    )


def verdict_words(claim: Claim, verdict: ClaimVerdict) -> str:
    """Returns the verdict with its condition: "wrong", or "only if the start matches"."""
    is_mixed = verdict in (ClaimVerdict.ONLY_IF, ClaimVerdict.IMPRECISE) and claim.condition
    joint = " " if verdict is ClaimVerdict.ONLY_IF else ": "
    return f"{verdict}{joint}{claim.condition}" if is_mixed else str(verdict)


def value_text(value: float, scale: str) -> str:
    """Returns a value in its scale for people, to three digits: "2.02×10⁻⁶", "12.6%", "0.25"."""
    match scale:
        case "log10" if math.isfinite(value) and -2.0 <= value < 3.0:
            return f"{10.0**value:.3g}"
        case "log10":
            return magnitude_text(value)
        case "share" if math.isfinite(value):
            return f"{value:.3g}" if 0.0 < value < 0.001 else f"{100 * value:.3g}%"
        case _ if math.isnan(value) or value == math.inf:
            return word_for(value)
        case _ if 0.0 < abs(value) < 1e-4:
            return "−" * (value < 0.0) + magnitude_text(math.log10(abs(value)))
        case _:
            return f"{value:.4g}".replace("-", "−")


def _sentence(claim: Claim, measured: tuple[Measured, ...], verdict: ClaimVerdict) -> str:
    """Returns e.g. "Wrong. It says at least 10: ... is 1.0." """
    words = verdict_words(claim, verdict)
    parts = [f"{words[0].upper()}{words[1:]}."]
    for found in measured:
        if found.holds is not None:
            answer = "as the claim says" if found.holds else f"the claim needs {found.wanted}"
            parts.append(f"{found.words}: {found.text} ({answer}).")
    return " ".join(parts)


@cache
def claims() -> tuple[Claim, ...]:
    """Returns all claims in the order of their numbers."""
    return msgspec.json.decode(resource("claims", "claims.json").read_bytes(), type=tuple[Claim, ...])


def claim(number: int) -> Claim:
    """Returns a claim; raises `SpecError` when there is none of that number."""
    for found in claims():
        if found.number == number:
            return found
    raise SpecError(f"number of a claim must be 1 to {len(claims())}, got {number}")
