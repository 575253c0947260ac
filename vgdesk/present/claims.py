"""The Claims workspace as plain data: one card per claim, with what was measured beside what the claim would need.

Rows on the log10 scale have bars from 1, which stand in the middle or wherever the claim's own numbers put it; shares
have bars from 0 to 1. Other numbers have no common axis and are told by their text alone.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vgdesk.present.scenes import Tone
from vgdesk.records.claim import Claim, ClaimArm, ClaimOutcome, ClaimVerdict, Measured, claims, verdict_words

GLYPHS = {
    ClaimVerdict.RIGHT: "✓",
    ClaimVerdict.WRONG: "✗",
    ClaimVerdict.ONLY_IF: "◐",
    ClaimVerdict.IMPRECISE: "≈",
}
"""Beside the word of a verdict, so that colour is not needed."""
WAITING, RUNNING = "not tested yet", "being tested"
HOLDS, FAILS, BESIDE = "✓", "✗", "·"
_SPAN = 300.0
"""Decades beyond which a bar is cut."""


@dataclass(frozen=True)
class ClaimRow:
    """Is one number of a claim.

    Attributes
    ----------
    glyph
        `HOLDS`, `FAILS`, or `BESIDE` for evidence that judges nothing.
    words, value, wanted
        What was measured, the number, and what the claim asks of it ("" for evidence beside).
    start, end
        The bar, as places between 0 and 1 on the card's axis; equal for none.
    bounds
        Places of the claim's bounds.
    tone
        Colour by meaning.
    """

    glyph: str
    words: str
    value: str
    wanted: str
    start: float
    end: float
    bounds: tuple[float, ...]
    tone: Tone


@dataclass(frozen=True)
class ClaimCard:
    """Is one claim as it is shown."""

    number: int
    statement: str
    expectation: str
    test: str
    chip: str
    verdict: str
    rows: tuple[ClaimRow, ...]
    sources: str
    is_running: bool
    is_judged: bool
    tone: Tone
    arms: tuple[ClaimArm, ...]


@dataclass(frozen=True)
class ClaimsScene:
    """Is the whole workspace; `summary` says how far the tests are."""

    cards: tuple[ClaimCard, ...]
    summary: str


def claims_scene(outcomes: Mapping[int, ClaimOutcome], running: Collection[int]) -> ClaimsScene:
    """Returns all claims, with the outcomes there are and what is being tested."""
    cards = tuple(claim_card(known, outcomes.get(known.number), known.number in running) for known in claims())
    return ClaimsScene(cards, _summary(outcomes, running, len(cards)))


def claim_card(known: Claim, outcome: ClaimOutcome | None, is_running: bool = False) -> ClaimCard:
    """Returns one claim's card."""
    return ClaimCard(
        number=known.number,
        statement=known.statement,
        expectation=known.prediction,
        test=known.test,
        chip=_chip(outcome, is_running),
        verdict="" if outcome is None else _sentence(known, outcome),
        rows=() if outcome is None else _rows(outcome),
        sources="; ".join(known.sources),
        is_running=is_running,
        is_judged=outcome is not None and not is_running,
        tone=Tone.ALERT if outcome is not None and outcome.verdict is ClaimVerdict.WRONG else Tone.MEASURED,
        arms=known.arms,
    )


def spoken(card: ClaimCard) -> str:
    """Returns the card's outcome for a screen reader."""
    rows = (f"{row.words}: {row.value}{f', claimed {row.wanted}' if row.wanted else ''}" for row in card.rows)
    return ". ".join((card.verdict or card.chip, *rows))


def _chip(outcome: ClaimOutcome | None, is_running: bool) -> str:
    if is_running:
        return f"… {RUNNING}"
    return WAITING if outcome is None else f"{GLYPHS[outcome.verdict]} {outcome.verdict}"


def _sentence(known: Claim, outcome: ClaimOutcome) -> str:
    """Returns verdict and condition, how many cases bear the claim out, and what the numbers are."""
    words = verdict_words(known, outcome.verdict)
    cases = [found.holds for found in outcome.measured if found.holds is not None]
    share = {0: "none", len(cases): "all"}.get(sum(cases), str(sum(cases)))
    seeds = f"medians over {outcome.seeds} seeds" if outcome.seeds > 1 else "one run"
    told = f"{share} of {len(cases)} cases as claimed; {seeds}, {_duration(outcome.seconds)}"
    return f"{words[0].upper()}{words[1:]} ({told})"


def _duration(seconds: float) -> str:
    return "under 0.1 s" if seconds < 0.1 else f"{seconds:.1f} s"


def _summary(outcomes: Mapping[int, ClaimOutcome], running: Collection[int], total: int) -> str:
    counts = {verdict: sum(found.verdict is verdict for found in outcomes.values()) for verdict in ClaimVerdict}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    begun = f"{len(outcomes)} of {total} tested" + (f": {told}" if told else "")
    return f"{begun} · {len(running)} to go" if running else begun


def _rows(outcome: ClaimOutcome) -> tuple[ClaimRow, ...]:
    ends = [end for found in outcome.measured if found.scale == "log10" for end in _ends(found)]
    low, high = min((0.0, *ends)), max((0.0, *ends))
    return tuple(_row(found, low, high) for found in outcome.measured)


def _ends(found: Measured) -> list[float]:
    """Returns the finite places of value and bounds, cut to the span."""
    values = (found.value, found.at_least, found.at_most)
    return [max(-_SPAN, min(_SPAN, value)) for value in values if value is not None and math.isfinite(value)]


def _row(found: Measured, low: float, high: float) -> ClaimRow:
    start, end, bounds = _bar(found, low, high)
    glyph = BESIDE if found.holds is None else (HOLDS if found.holds else FAILS)
    return ClaimRow(
        glyph=glyph,
        words=found.words,
        value=found.text,
        wanted=found.wanted,
        start=start,
        end=end,
        bounds=bounds,
        tone=Tone.ALERT if found.holds is False else (Tone.THEORY if found.holds is None else Tone.MEASURED),
    )


def _bar(found: Measured, low: float, high: float) -> tuple[float, float, tuple[float, ...]]:
    """Returns where a bar begins and ends and where the bounds stand, between 0 and 1."""
    if found.scale == "share":
        low, high = 0.0, 1.0
    if found.scale == "number" or high <= low or not math.isfinite(found.value):
        return 0.0, 0.0, ()

    def place(value: float) -> float:
        return (max(low, min(high, value)) - low) / (high - low)

    bounds = tuple(place(bound) for bound in (found.at_least, found.at_most) if bound is not None)
    return place(0.0), place(found.value), bounds
