"""Where the units of a layer stand on their activation -> a picture: histogram of phi's arguments, phi' over it.

Bars are shares of the arguments per bin, on the left axis; phi' has the right one. What lies where |phi'| < 0.01 is
drawn as an alert: those units hardly pass anything on.
"""

from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.ticks import round_values
from vgdesk.records.saturation import Saturation
from vgdesk.spec.formula.facts import SATURATED
from vgdesk.spec.words import value_words

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
        slope_words=f"line: φ′ of {_names(found)}, up to {number_text(float(found.slopes.max()))}",
        key="orange: |φ′| < 0.01" if found.saturated else "nowhere |φ′| < 0.01",
    )


def bin_words(scene: SaturationScene, number: int) -> str:
    """Returns what is in a bin, counted from 0, for hover and screen readers."""
    low, high = float(scene.found.edges[number]), float(scene.found.edges[number + 1])
    slopes: list[float] = _slopes_at(scene.found, np.array([(low + high) / 2]))[:, 0].tolist()
    share = f"{number_text(100 * float(scene.found.shares[number]))}%"
    return f"{number_text(low)} to {number_text(high)}: {share}; φ′ {', '.join(map(number_text, slopes))}"


def _slopes_at(found: Saturation, z: np.ndarray) -> np.ndarray:
    """Returns phi' of every activation at some arguments, shape (activations, arguments)."""
    each = range(len(found.activations))
    return np.array([np.interp(z, found.points, np.asarray(found.slopes[number])) for number in each])


def _names(found: Saturation) -> str:
    return ", ".join(map(value_words, found.activations))


def _short(found: Saturation) -> str:
    label = found.places.label(found.place)
    return f"{label}: {_share(found)} saturated, mean of φ′² {number_text(found.mean_square_slope)}"


def _share(found: Saturation) -> str:
    return f"{number_text(100 * found.saturated)}%"


def saturation_sentence(found: Saturation) -> str:
    """Returns e.g. "Layer 3, tanh: 62.1% of the arguments lie where |φ′| < 0.01; the mean of φ′² is 0.108."."""
    label = found.places.label(found.place)
    share = _share(found) if found.saturated else "none"
    where = f"{share} of the arguments lie where |φ′| < 0.01"
    mean = f"the mean of φ′² is {number_text(found.mean_square_slope)}"
    return f"{label[0].upper()}{label[1:]}, {_names(found)}: {where}; {mean}."
