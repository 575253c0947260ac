"""Gradient profile -> bars.

A magnitude is small only *compared to another layer*: multiplying the loss by 1e-9 multiplies every gradient by 1e-9
and changes nothing about the network. So the alert guide is relative: 1e-7 of the magnitude of the output layer. It is
drawn only where a bar lies below it.
"""

import math

from vgdesk.present.scenes import Bar, Mark, ProfileScene, Tone
from vgdesk.present.spelling import decimal_text
from vgdesk.present.ticks import decade_range, decade_ticks
from vgdesk.records.profile import GradientProfile

LOG10_ALERT_RATIO = -7.0
"""log10 of the ratio to the output layer's magnitude below which a measured bar is told apart."""

GUIDE_LABEL = "10⁻⁷ of the output layer"

QUANTITY_LABELS = {"weight": "gradient norm |∂L/∂W|", "delta": "gradient norm |∂L/∂z|"}

_ROUTE_TONES = {"symbolic": Tone.SYMBOLIC, "theory": Tone.THEORY}


def profile_scene(profile: GradientProfile, title: str, subtitle: str) -> ProfileScene:
    """Returns the bars of a profile, layer 1 first.

    Measured bars below the guide have the tone ALERT, and so have marks that tell of trouble: NaN, infinity, and an
    exact zero where the output layer's gradient is not zero. Other routes keep their own tone.
    """
    magnitudes: list[float] = profile.log10_norm.tolist()
    guide = _guide(magnitudes)
    low, high = decade_range(profile.log10_norm, is_bars=True)
    is_crossed = any(value < guide for value in magnitudes if math.isfinite(value))
    return ProfileScene(
        experiment=profile.experiment,
        title=title,
        subtitle=subtitle,
        quantity=profile.quantity,
        y_label=QUANTITY_LABELS[profile.quantity],
        bars=tuple(_bar(layer, value, guide, profile.route) for layer, value in enumerate(magnitudes, start=1)),
        y_range=(low, high),
        y_ticks=decade_ticks(low, high),
        guide=guide if is_crossed else None,
        guide_label=GUIDE_LABEL if is_crossed else "",
        step=profile.step,
    )


def _guide(magnitudes: list[float]) -> float:
    """Returns log10 of the alert guide, -inf where the output layer has no magnitude to compare with."""
    reference = magnitudes[-1] if magnitudes else -math.inf
    return reference + LOG10_ALERT_RATIO if math.isfinite(reference) else -math.inf


def _bar(layer: int, log10: float, guide: float, route: str) -> Bar:
    mark = mark_of(log10)
    is_alert = mark in (Mark.NAN, Mark.INFINITE) or log10 < guide
    tone = _ROUTE_TONES.get(route) or (Tone.ALERT if is_alert else Tone.MEASURED)
    return Bar(layer, None if mark else log10, mark, tone, f"layer {layer}: {_value_text(log10, mark)}")


def _value_text(log10: float, mark: Mark | None) -> str:
    words = {Mark.ZERO: "exactly 0", Mark.NAN: "not a number", Mark.INFINITE: "infinite"}
    return words[mark] if mark else decimal_text(log10)


def mark_of(log10: float) -> Mark | None:
    """Returns the mark of a magnitude that has no place on a log axis, else None."""
    if math.isfinite(log10):
        return None
    if math.isnan(log10):
        return Mark.NAN
    return Mark.INFINITE if log10 > 0 else Mark.ZERO
