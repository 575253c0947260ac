"""Signs in the gradient itself: its way through the layers, through time, and what a number format keeps of it."""

import math

import numpy as np

from vgdesk.diagnosis.labels import BACK, LIMITS
from vgdesk.diagnosis.observation import Observation
from vgdesk.diagnosis.sizes import state_sizes
from vgdesk.diagnosis.words import factor_words, gain_words, place_words
from vgdesk.records.finding import Evidence, Finding, Severity, Verdict
from vgdesk.records.history import places_in
from vgdesk.records.number_format import FORMATS
from vgdesk.records.places import Places
from vgdesk.records.spelling import magnitude_text

REACH = 2.0
"""Decades below the gradient at the end that still count as remembered: 1%."""
FLOW, MEMORY, UNDERFLOW = "gradient-flow", "forgetting", "underflow"
_VANISHING = ("Hochreiter 1991, section 2.2", "Glorot & Bengio 2010, section 4.2.2")
_EXPLODING = ("Pascanu et al. 2013, section 2.1", "Bengio et al. 1994")
_SEVERITY = {
    Verdict.VANISHING: Severity.ALARM,
    Verdict.EXPLODING: Severity.ALARM,
    Verdict.DEAD: Severity.ALARM,
    Verdict.UNSTABLE: Severity.ALARM,
    Verdict.HEALTHY: Severity.FINE,
    Verdict.UNDETERMINED: Severity.NOT_RECORDED,
}


def gradient_flow(seen: Observation) -> Finding:
    """Tells how the gradient changes from the loss back to the input: the sign on which the verdict rests."""
    span = seen.span
    if not span.is_usable:
        return Finding(sign=FLOW, severity=Severity.NOT_RECORDED, sentence=f"{span.basis(seen.places)}.")
    return Finding(
        sign=FLOW,
        severity=_SEVERITY[seen.verdict],
        sentence=gain_sentence(seen),
        places=_affected(seen),
        steps=(seen.step, seen.step),
        evidence=Evidence(scene="profile", quantity="delta" if seen.is_blocked else span.quantity, step=seen.step),
        sources=_EXPLODING if seen.verdict in (Verdict.EXPLODING, Verdict.UNSTABLE) else _VANISHING,
    )


def gain_sentence(seen: Observation) -> str:
    """Returns "Each layer passes on 0.24 of the gradient |∂L/∂h|; 20 layers leave 4.0×10⁻¹³ (limit 0.01)." or alike.

    The number is a running mean over the steps; "Lately" says so, for the lines and bars of a single step show another.
    Through time gamma is the slope of a line, so what it would leave is not what is left of the first norm. Where only
    one factor between two places is measured it is told alone: its square would be nobody's measurement.
    """
    word, plural, count = seen.places.word, seen.places.plural, seen.span.length
    if math.isnan(seen.level) and not seen.is_finite:
        return "No finite gradient leaves the output, so there is none to pass on."
    if math.isnan(seen.level):
        return "No gradient leaves the output, so there is nothing to pass on."
    if seen.is_blocked:
        return (
            f"The gradient ends in {seen.places.label(1)}: {seen.span.words} arrives there, |∂L/∂z| is exactly 0, "
            "so that none of its weights gets any."
        )
    if seen.level == -math.inf:
        reached = _affected(seen)
        where = place_words(reached, seen.places) if reached else f"{word} 1"
        return f"The gradient is exactly 0 in {where}: nothing of it arrives."
    factor = f"passes on {gain_words(seen.level, seen.span.factors)} the gradient {seen.span.words}"
    lately = "lately " if seen.is_mean else ""
    if seen.span.factors == 1:
        return _capital(f"{lately}{seen.places.label(2)} {factor} to {seen.places.label(1)} ({_limit_words(seen)}).")
    end = f"leave {factor_words(seen.log10_gain).removesuffix(' of')}"
    if seen.log10_gain > 0:
        end = f"make it {factor_words(seen.log10_gain)} as large"
    if seen.span.is_fitted:
        factor, end = f"{factor}{seen.span.how_fitted}", end.replace("leave", "would leave", 1)
        end = end.replace("make it", "would make it", 1)
    return _capital(f"{lately}each {word} {factor}; {count} {plural} {end} ({_limit_words(seen)}).")


def _limit_words(seen: Observation) -> str:
    """Returns the limit that was passed, or the two between which a gradient counts as healthy."""
    limit = LIMITS[seen.places]
    few, many, inside = f"{10**-limit:g}", f"{10**limit:g}", limit - abs(seen.log10_gain)
    if seen.verdict is Verdict.VANISHING:
        return f"limit {few}" if inside < 0 else f"below {few} before; healthy again above {10 ** (BACK - limit):.1g}"
    if seen.verdict is Verdict.EXPLODING:
        return f"limit {many}" if inside < 0 else f"above {many} before; healthy again below {10 ** (limit - BACK):.0f}"
    return f"limits {few} and {many}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _affected(seen: Observation) -> tuple[int, ...]:
    """Returns the places whose gradient lies beyond the limit, measured against the one nearest the loss."""
    row = seen.latest.get(seen.span.quantity)
    if row is None:
        return ()
    if seen.is_blocked:
        return (1,)
    if seen.verdict is Verdict.DEAD:
        return _numbers(row == -math.inf)
    with np.errstate(invalid="ignore"):
        against, limit = row - row[seen.span.last - 1], LIMITS[seen.places]
    if seen.verdict is Verdict.VANISHING:
        return _numbers(against < -limit)
    return _numbers(against > limit) if seen.verdict is Verdict.EXPLODING else ()


def forgetting(seen: Observation) -> Finding | None:
    """Tells how far back in time the gradient reaches; None for a network without time."""
    if seen.places is not Places.TIME:
        return None
    span, row = seen.span, seen.latest.get(seen.span.quantity)
    if not span.is_usable or row is None or not math.isfinite(float(row[span.last - 1])):
        return Finding(sign=MEMORY, severity=Severity.NOT_RECORDED, sentence="No gradient through time to look at.")
    reached = _numbers(row[: span.last] - row[span.last - 1] >= -REACH)
    lag = span.length - min(reached)
    is_short = lag < span.length - 1
    evidence = Evidence(scene="lag" if "lag" in seen.latest else "profile", quantity=span.quantity, step=seen.step)
    return Finding(
        sign=MEMORY,
        severity=Severity.WARNING if is_short else Severity.FINE,
        sentence=(
            f"At least 1% of the gradient reaches back {lag} of {span.length - 1} time steps; "
            + ("what lies before is hardly learned from." if is_short else "the whole sequence is within reach.")
        ),
        places=_numbers(row[: span.last] - row[span.last - 1] < -REACH),
        steps=(seen.step, seen.step),
        evidence=evidence,
        sources=("Hochreiter & Schmidhuber 1997, section 3.1", "Pascanu et al. 2013, section 2.2"),
    )


def underflow(seen: Observation) -> Finding:
    """Tells where number formats would store half of dL/dh or more as 0, or its typical number as infinity.

    It is the rule by which `vgdesk.study.number_formats` predicts the loss of a place. |dL/dW| as a whole is asked
    besides, or alone where it is not known of how many numbers |dL/dh| is the norm: where a norm is stored as 0, so is
    every number of it.
    It is about absolute size and so the one sign that a scale of the loss moves; no verdict rests on it.
    """
    quantity, row, is_typical = _sized(seen)
    if row is None or np.isnan(row).any():
        sentence = "Neither |∂L/∂h| nor |∂L/∂W| was recorded as finite numbers."
        return Finding(sign=UNDERFLOW, severity=Severity.NOT_RECORDED, sentence=sentence)
    present, places = row[np.isfinite(row)], places_in(quantity, seen.places)
    limits = {name: (one.log10_half_zero if is_typical else one.log10_zero) for name, one in FORMATS.items()}
    lost = {name: _numbers(np.isfinite(row) & (row <= limit)) for name, limit in limits.items()}
    overflown = {name: _numbers(row >= limits.log10_infinite) for name, limits in FORMATS.items()}
    would = "would store half of it or more as 0" if is_typical else "would store 0"
    parts = [f"{name} {would} in {place_words(where, places)}" for name, where in lost.items() if where]
    parts += [f"{name} infinity in {place_words(where, places)}" for name, where in overflown.items() if where]
    if is_typical and (whole := seen.latest.get("weight")) is not None:
        parts += _lost_weights(whole, seen.places)
    smallest = magnitude_text(float(present.min())) if len(present) else "exactly 0"
    what = f"typical number of ∂L/∂h in a {seen.places.word}" if is_typical else "|∂L/∂W|"
    severe = bool(lost["float32"] or overflown["float32"])
    return Finding(
        sign=UNDERFLOW,
        severity=Severity.WARNING if severe else Severity.NOTE if parts else Severity.FINE,
        sentence=f"The smallest {what} is {smallest}: " + ("; ".join(parts) or "every format stores it") + ".",
        places=lost["float32"] or lost["float16"],
        steps=(seen.step, seen.step),
        evidence=Evidence(scene="profile", quantity=quantity, step=seen.step),
        sources=("IEEE 754-2019, section 3.3", "Micikevicius et al. 2018, section 3.2"),
    )


def _lost_weights(row: np.ndarray, places: Places) -> list[str]:
    """Returns where formats would keep nothing at all of dL/dW, in words.

    Of these places alone the norm proves it: above them every single number may still be too small.
    """
    lost = {name: _numbers(np.isfinite(row) & (row <= limits.log10_zero)) for name, limits in FORMATS.items()}
    where = places_in("weight", places)
    return [
        f"{name} would store all of ∂L/∂W as 0 in at least {place_words(numbers, where)}"
        for name, numbers in lost.items()
        if numbers
    ]


def _sized(seen: Observation) -> tuple[str, np.ndarray | None, bool]:
    """Returns (quantity, log10 of its size per place, whether that is the typical number and not the norm)."""
    state = seen.latest.get("state")
    sizes = None if state is None else state_sizes(seen.spec, len(state))
    if state is None or sizes is None:
        return "weight", seen.latest.get("weight"), False
    return "state", state - 0.5 * np.log10(sizes), True


def _numbers(where: object) -> tuple[int, ...]:
    return tuple((np.flatnonzero(np.asarray(where)) + 1).tolist())
