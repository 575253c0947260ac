"""Gradient history of a recurrent network -> the gradient over the time lag.

Lag k = T - t counts back from the last time step, where the loss is: |dL/dh_t| at lag 0 comes first. Where the gradient
shrinks by the same factor g at each step back, log10 |dL/dh| falls on a straight line of slope log10 g; it is fitted by
least squares to the finite values. The half-life is log 2 / -log g steps.
"""

import math

import numpy as np

from vgdesk.diagnosis.words import gain_text
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.profile import QUANTITY_LABELS
from vgdesk.present.scenes import LagLine, LagScene
from vgdesk.present.ticks import decade_range, decade_ticks
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory
from vgdesk.records.lag_fit import half_life, straight_fit
from vgdesk.records.places import Places


def lag_scene(history: GradientHistory, row: int = -1, title: str = "") -> LagScene | None:
    """Returns |dL/dh| and, where recorded, |dL/dc| over the lag; |dL/dz| where |dL/dh| was not recorded.

    None where there is nothing to show: no row, no time steps, or no such quantity.
    """
    names = [name for name in ("state", "cell") if history.has(name)]
    names = names if "state" in names or not history.has("delta") else ["delta", *names]
    if history.rows == 0 or history.signals is not Places.TIME or not names:
        return None
    lines = tuple(LagLine(name, QUANTITY_LABELS[name], frozen(history.log10_norm(name)[row][::-1])) for name in names)
    low, high = decade_range(np.concatenate([line.log10 for line in lines]))
    fit, step = straight_fit(lines[0].log10), int(history.step_numbers[row])
    return LagScene(
        experiment=history.experiment,
        title=title,
        subtitle=f"step {step}",
        lines=lines,
        y_range=(low, high),
        y_ticks=decade_ticks(low, high),
        fit=fit,
        note=_note(fit, step) if fit else "",
        step=step,
    )


def _note(fit: tuple[float, float], step: int) -> str:
    """Says what the fit comes to, and of which step alone: a verdict tells of a running mean over the steps."""
    _, slope = fit
    passed = f"straight fit of step {step} alone: times {factor_per_step(slope)} per step back"
    if math.isinf(half_life(slope)):
        return passed
    change = "halved" if slope < 0 else "doubled"
    return f"{passed}; {change} every {number_text(abs(half_life(slope)))} steps"


def factor_per_step(slope: float) -> str:
    """Returns the factor of one step back, as verdicts tell it: 1.006, not 1.01, where 114 of them make 2."""
    steps = half_life(slope)
    return "1" if math.isinf(steps) else gain_text(slope, math.ceil(abs(steps)))
