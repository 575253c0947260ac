"""Where the units of a layer stand on their activation -> a picture: histogram of phi's arguments, phi' over it.

Bars are shares of the arguments per bin, on the left axis; phi' has the right one. What lies where |phi'| < 0.01 is
drawn as an alert: those units hardly pass anything on.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.spelling import magnitude_text
from vgdesk.present.ticks import round_values
from vgdesk.records.saturation import Saturation
from vgdesk.spec.formula.facts import SATURATED

MOST_TICKS = 7


@dataclass(frozen=True)
class SaturationScene:
    """Is the histogram with the slope over it.

    Attributes
    ----------
    title, subtitle
        The experiment, and which layer or time step at which step.
    found
        What was measured.
    flat
        Shape (bins,): whether every activation is flat in the middle of the bin.
    x_ticks, y_ticks
        Where the axis of the arguments and that of the shares have labels.
    y_range, slope_range
        Of the shares, and of phi'.
    sentence
        What it tells, for people and screen readers; `short` is the same in a line's few words.
    slope_words, key
        What the lines are, and what the colour means.
    x_label, y_label
        Names of the axes.
    """

    title: str
    subtitle: str
    found: Saturation
    flat: np.ndarray = field(repr=False)
    x_ticks: tuple[float, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    slope_range: tuple[float, float]
    sentence: str
    short: str
    slope_words: str
    key: str
    x_label: str = "argument of φ"
    y_label: str = "share of the arguments"


def saturation_scene(found: Saturation, title: str) -> SaturationScene:
    """Returns the picture; `title` names the experiment."""
    low, high = float(found.edges[0]), float(found.edges[-1])
    most = 1.08 * float(found.shares.max())
    middle = (found.edges[1:] + found.edges[:-1]) / 2
    steepest = np.abs(_slopes_at(found, middle)).max(axis=0)
    return SaturationScene(
        title=title,
        subtitle=f"where the units of {found.places.label(found.place)} stand on φ at step {found.step}, and φ′ there",
        found=found,
        flat=steepest < SATURATED,
        x_ticks=tuple(round_values(low, high, MOST_TICKS)),
        y_range=(0.0, most),
        y_ticks=tuple(round_values(0.0, most, 5)),
        slope_range=(min(0.0, 1.08 * float(found.slopes.min())), 1.08 * max(1.0, float(found.slopes.max()))),
        sentence=saturation_sentence(found),
        short=_short(found),
        slope_words=f"line: φ′ of {', '.join(found.activations)}, up to {found.slopes.max():.3g}",
        key="orange: |φ′| < 0.01" if found.saturated else "nowhere |φ′| < 0.01",
    )


def bin_words(scene: SaturationScene, number: int) -> str:
    """Returns what is in a bin, counted from 0, for hover and screen readers."""
    low, high = float(scene.found.edges[number]), float(scene.found.edges[number + 1])
    slopes: list[float] = _slopes_at(scene.found, np.array([(low + high) / 2]))[:, 0].tolist()
    share = f"{100 * float(scene.found.shares[number]):.3g}%"
    return f"{low:.3g} to {high:.3g}: {share}; φ′ {', '.join(map(_number, slopes))}".replace("-", "−")


def _slopes_at(found: Saturation, z: np.ndarray) -> np.ndarray:
    """Returns phi' of every activation at some arguments, shape (activations, arguments)."""
    each = range(len(found.activations))
    return np.array([np.interp(z, found.points, np.asarray(found.slopes[number])) for number in each])


def _number(slope: float) -> str:
    small = 0.0 < abs(slope) < 1e-3
    return "−" * (slope < 0.0) + magnitude_text(math.log10(abs(slope))) if small else f"{slope:.3g}"


def _short(found: Saturation) -> str:
    label = found.places.label(found.place)
    return f"{label}: {100 * found.saturated:.3g}% saturated, mean of φ′² {found.mean_square_slope:.3g}"


def saturation_sentence(found: Saturation) -> str:
    """Returns e.g. "Layer 3, tanh: 62.1% of the arguments lie where |φ′| < 0.01; the mean of φ′² is 0.108."."""
    label, names = found.places.label(found.place), ", ".join(found.activations)
    share = f"{100 * found.saturated:.3g}%" if found.saturated else "none"
    mean = f"{found.mean_square_slope:.3g}"
    where = f"{share} of the arguments lie where |φ′| < 0.01"
    return f"{label[0].upper()}{label[1:]}, {names}: {where}; the mean of φ′² is {mean}."
