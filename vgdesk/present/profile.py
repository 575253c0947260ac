"""Gradient profile -> bars.

A magnitude is small only *compared to another layer*: multiplying the loss by 1e-9 multiplies every gradient by 1e-9
and changes nothing about the network. So the alert guide is relative: 1e-7 of the magnitude of the output layer, or of
the last time step. It is drawn only where a bar lies below it, and only for gradients.
"""

import math

import numpy as np

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.scale import axis_range, axis_ticks, mark_of, whole_value_text
from vgdesk.present.scenes import Bar, Mark, ProfileScene, TheoryBand, Tone
from vgdesk.present.spelling import magnitude_text
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.recording import QUANTITIES

LOG10_ALERT_RATIO = -7.0
"""log10 of the ratio to the output layer's magnitude below which a measured bar is told apart."""

GUIDE_LABELS = {Places.LAYERS: "10⁻⁷ of the output layer", Places.TIME: "10⁻⁷ of the last time step"}

QUANTITY_LABELS = {
    name: f"gradient norm |{quantity.symbol}|" if quantity.is_gradient else quantity.words
    for name, quantity in QUANTITIES.items()
}

SYMBOLIC_LABEL = "symbolic at step 0"
EMPTY_HEADING = "Gradient per layer"
"""What stands above a panel without bars."""
_ROUTE_WORDS = {"symbolic": "symbolic", "theory": "theory"}
_WIDEST_BAND = 2.0
"""Decades of a band that an axis makes room for."""
_ROUTE_TONES = {"symbolic": Tone.SYMBOLIC, "theory": Tone.THEORY}


def profile_heading(quantity: str, places: Places) -> str:
    """Returns what stands above the bars of a quantity: what they are bars of, "Gradient per time step"."""
    return f"{'Gradient per' if QUANTITIES[quantity].is_gradient else 'Per'} {places.word}"


def profile_scene(
    profile: GradientProfile,
    title: str,
    subtitle: str,
    predicted: GradientProfile | None = None,
    theory_note: str = "",
    symbolic: GradientProfile | None = None,
) -> ProfileScene:
    """Returns the bars of a profile, place 1 first.

    Measured bars below the guide have the tone ALERT, and so have marks that tell of trouble: NaN, infinity, and an
    exact zero where the output layer's gradient is not zero. Other routes keep their own tone. A prediction of the same
    quantity at the same places lies over them; `theory_note` says why there is none, or how sure it is. So do the exact
    magnitudes of the symbolic route, as points.
    """
    values: list[float] = profile.log10_norm.tolist()
    guide = _guide(profile, values)
    theory = _theory(profile, predicted)
    exact = _exact(profile, symbolic)
    shown = np.concatenate([profile.log10_norm, _reach(theory), exact])
    low, high = axis_range(shown, profile.scale, is_bars=True)
    is_crossed = any(value < guide for value in values if math.isfinite(value))
    return ProfileScene(
        experiment=profile.experiment,
        title=title,
        subtitle=subtitle,
        quantity=profile.quantity,
        y_label=QUANTITY_LABELS[profile.quantity],
        bars=tuple(_bar(profile, number, value, guide) for number, value in enumerate(values, start=1)),
        y_range=(low, high),
        y_ticks=axis_ticks(low, high, profile.scale),
        guide=guide if is_crossed else None,
        guide_label=GUIDE_LABELS[profile.places] if is_crossed else "",
        step=profile.step,
        places=profile.places,
        scale=profile.scale,
        theory=theory,
        theory_note=theory_note,
        symbolic=exact,
    )


def _reach(theory: TheoryBand | None) -> np.ndarray:
    """Returns the heights that the axis should hold: the line, and the inner band unless it is wider than the rest."""
    if theory is None:
        return np.zeros(0)
    middle, deviation = np.array(theory.log10), np.minimum(np.array(theory.deviation), _WIDEST_BAND)
    return np.concatenate([middle - deviation, middle + deviation])


def _exact(profile: GradientProfile, symbolic: GradientProfile | None) -> tuple[float, ...]:
    """Returns the symbolic route's numbers for the same places; none where it speaks of something else."""
    if symbolic is None or (symbolic.quantity, symbolic.places) != (profile.quantity, profile.places):
        return ()
    if len(symbolic.log10_norm) != len(profile.log10_norm):
        return ()
    return tuple(np.where(np.isfinite(symbolic.log10_norm), symbolic.log10_norm, np.nan).tolist())


def _theory(profile: GradientProfile, predicted: GradientProfile | None) -> TheoryBand | None:
    """Returns the prediction for the same places, or None where there is none."""
    if predicted is None or predicted.log10_deviation is None:
        return None
    if (predicted.quantity, predicted.places) != (profile.quantity, profile.places):
        return None
    if len(predicted.log10_norm) != len(profile.log10_norm):
        return None
    log10 = np.where(np.isfinite(predicted.log10_norm), predicted.log10_norm, np.nan)
    difference = profile.log10_norm - log10
    known = difference[np.isfinite(difference)]
    label = "predicted at the start, ±1σ, ±2σ"
    if len(known):
        label += f" · {_ROUTE_WORDS.get(profile.route, 'measured')}/predicted {_ratio_text(float(known.mean()))}"
    return TheoryBand(tuple(log10.tolist()), tuple(predicted.log10_deviation.tolist()), label)


def _ratio_text(log10: float) -> str:
    """Returns a ratio as people say it, "1.45", and with its power of ten where it is far from 1."""
    return number_text(10**log10) if abs(log10) < 2 else magnitude_text(log10)


def _guide(profile: GradientProfile, values: list[float]) -> float:
    """Returns log10 of the alert guide, -inf where there is nothing to compare with."""
    is_comparable = QUANTITIES[profile.quantity].is_gradient and profile.places in GUIDE_LABELS
    reference = values[-1] if values and is_comparable else -math.inf
    return reference + LOG10_ALERT_RATIO if math.isfinite(reference) else -math.inf


def _bar(profile: GradientProfile, number: int, value: float, guide: float) -> Bar:
    mark = mark_of(value, profile.scale)
    is_alert = mark in (Mark.NAN, Mark.INFINITE) or value < guide
    tone = _ROUTE_TONES.get(profile.route) or (Tone.ALERT if is_alert else Tone.MEASURED)
    text = f"{profile.places.label(number)}: {whole_value_text(value, profile.scale)}"
    return Bar(number, None if mark else value, mark, tone, text)
