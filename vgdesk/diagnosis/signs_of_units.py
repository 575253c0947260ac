"""Signs in units and weights: who saturates, who is silent, which weights move and which wither."""

import numpy as np

from vgdesk.diagnosis.observation import Observation
from vgdesk.diagnosis.words import factor_words, number_words, place_words
from vgdesk.records.finding import Evidence, Finding, Severity
from vgdesk.records.history import places_in
from vgdesk.records.places import Places
from vgdesk.records.spelling import magnitude_text

CHANGE, SATURATION, DEAD, WITHERING = "uneven-change", "saturation", "dead-units", "withering-weights"
NEEDS = {
    CHANGE: ("weight-norm", "weight-change"),
    SATURATION: ("saturated",),
    DEAD: ("dead",),
    WITHERING: ("weight-norm",),
}
"""What has to be recorded for a sign to be seen, where a run does not record it unasked."""
MOST_SATURATED, MOST_SILENT = 0.5, 0.5
"""Share of a layer's units from which on the sign counts; from 99% on a silent layer blocks all that lies below."""
BLOCKED = 0.99
UNEVEN = 2.0
"""Decades between the layer that moves most and the one that moves least."""
WITHERED = -1.0
"""log10 |W|/|W_0|."""


def uneven_change(seen: Observation) -> Finding:
    """Tells whether higher layers change while lower ones hardly do: |W - W_0|/|W|, or |dW|/|W| of the last step."""
    norm, wanted = seen.latest.get("weight-norm"), ("weight-change", "update")
    name = next((name for name in wanted if name in seen.latest), "")
    if norm is None or not name:
        return _not_recorded(CHANGE, "weight-norm and weight-change or update")
    with np.errstate(invalid="ignore"):
        ratio = seen.latest[name] - norm
    places, finite = places_in(name, seen.places), np.isfinite(ratio)
    if not finite.any():
        sentence = "No weight has changed yet."
        return Finding(sign=CHANGE, severity=Severity.NOTE, sentence=sentence, evidence=_seen_in(name, seen))
    most, least = int(np.argmax(np.where(finite, ratio, -np.inf))), int(np.argmin(ratio))
    decades = float(ratio[most] - ratio[least])
    low_first = least < most
    what = "moved by" if name == "weight-change" else "move at a step by"
    guide = "" if name == "weight-change" else " (guide 10⁻³)"
    return Finding(
        sign=CHANGE,
        severity=(Severity.WARNING if low_first else Severity.NOTE) if decades > UNEVEN else Severity.FINE,
        sentence=f"{_change_words(ratio, most, least, places, what)}{guide}.",
        places=_where(ratio < ratio[most] - UNEVEN),
        steps=(seen.step, seen.step),
        evidence=_seen_in(name, seen),
        sources=("Nielsen 2015, chapter 5", "Karpathy, CS231n notes 3 (guide 1e-3)"),
    )


def _change_words(ratio: np.ndarray, most: int, least: int, places: Places, what: str) -> str:
    share = magnitude_text(float(ratio[most]), 2)
    if most == least:  # all changed alike, or of the others nothing finite is known
        every = len(ratio) > 1 and bool(np.all(ratio == ratio[most]))
        whose = f"every {places.word}" if every else places.label(most + 1)
        return f"Weights of {whose} {what} {share} of their size"
    high, low = places.label(most + 1), places.label(least + 1)
    return f"Weights of {high} {what} {share} of their size, those of {low} by {magnitude_text(float(ratio[least]), 2)}"


def saturation(seen: Observation) -> Finding:
    """Tells the share of units on a flat stretch, |phi'| < 0.01. It supports vanishing; it neither is nor proves it."""
    shares = seen.latest.get("saturated")
    if shares is None:
        return _not_recorded(SATURATION, "saturated")
    places = _where(shares >= MOST_SATURATED)
    worst = int(np.argmax(shares))
    return Finding(
        sign=SATURATION,
        severity=Severity.WARNING if places else Severity.FINE,
        sentence=_share_sentence("saturated (|φ'| < 0.01)", shares, worst, places, seen),
        places=places,
        steps=(seen.step, seen.step),
        evidence=_seen_in("saturated", seen),
        sources=("Glorot & Bengio 2010, section 3",),
    )


def dead_units(seen: Observation) -> Finding:
    """Tells the share of units that were silent on the whole batch."""
    shares = seen.latest.get("dead")
    if shares is None:
        return _not_recorded(DEAD, "dead")
    places, worst = _where(shares >= MOST_SILENT), int(np.argmax(shares))
    severity = Severity.ALARM if shares[worst] >= BLOCKED else Severity.WARNING if places else Severity.FINE
    return Finding(
        sign=DEAD,
        severity=severity,
        sentence=_share_sentence("silent on the whole batch", shares, worst, places, seen),
        places=places,
        steps=(seen.step, seen.step),
        evidence=_seen_in("dead", seen),
        sources=("Maas et al. 2013", "Lu et al. 2019 (dying ReLU)"),
    )


def withering_weights(seen: Observation) -> Finding:
    """Tells whether weights shrink towards 0. That is a sign of L2, not of vanishing: unlearned weights stay."""
    norm, first = seen.latest.get("weight-norm"), seen.first_norm
    if norm is None or first is None:
        return _not_recorded(WITHERING, "weight-norm")
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isfinite(first), norm - first, np.nan)  # of a first size 0 nothing can be a part
    withered = _where(ratio <= WITHERED)
    return Finding(
        sign=WITHERING,
        severity=Severity.NOTE if withered else Severity.FINE,
        sentence=_size_sentence(norm, first, ratio, seen),
        places=withered,
        steps=(seen.step, seen.step),
        evidence=_seen_in("weight-norm", seen),
        sources=("Krogh & Hertz 1992",),
    )


def _size_sentence(norm: np.ndarray, first: np.ndarray, ratio: np.ndarray, seen: Observation) -> str:
    """Returns what is left of the weights that have lost most, or why nothing is known of that."""
    if np.all(first == -np.inf):
        then = "are exactly 0, as at first" if np.all(norm == -np.inf) else "were exactly 0 at first: none can wither"
        return f"All weights {then}."
    if np.isnan(ratio).all():
        return "The weights had no finite size at first."
    least, places = int(np.nanargmin(ratio)), places_in("weight-norm", seen.places)
    why = "; that comes of weight decay, not of a vanishing gradient" if ratio[least] <= WITHERED else ""
    return f"Weights of {places.label(least + 1)} have {factor_words(float(ratio[least]))} their first size{why}."


def _share_sentence(state: str, shares: np.ndarray, worst: int, places: tuple[int, ...], seen: Observation) -> str:
    if not shares[worst]:
        return f"No unit is {state}."
    most = f"{number_words(100 * float(shares[worst]))}% in {seen.places.label(worst + 1)}"
    if not places:
        return f"At most {most} are {state}."
    return f"Half of the units or more are {state} in {place_words(places, seen.places)}; most, {most}."


def _not_recorded(sign: str, wanted: str) -> Finding:
    return Finding(sign=sign, severity=Severity.NOT_RECORDED, sentence=f"This needs {wanted} to be recorded.")


def _seen_in(quantity: str, seen: Observation) -> Evidence:
    return Evidence(scene="heatmap", quantity=quantity, step=seen.step)


def _where(condition: np.ndarray) -> tuple[int, ...]:
    return tuple((np.flatnonzero(condition) + 1).tolist())
