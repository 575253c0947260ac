"""Spectrum of the end-to-end Jacobian -> histograms of log10 s, orthogonal beside Gaussian, with what theory predicts.

Each kind of matrices is a histogram (areas of 1), a density where theory has one, and two marks at the root of the mean
of s^2, measured and predicted. Singular values that are 0 up to rounding have no place on the axis; the sentence counts
them.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.scenes import Tone
from vgdesk.present.spelling import magnitude_text, power_text
from vgdesk.present.ticks import decade_ticks, round_values
from vgdesk.records.jacobian import JacobianSpectrum, SpectrumSide, SquareMoments

MOST_BINS = 40
LEAST_SPAN = 1.0
"""Decades: singular values that differ by a few per cent shall look equal."""
_KINDS = {"gaussian": "Gaussian", "orthogonal": "orthogonal", "given": "as given"}
_OWN_KINDS = _KINDS | {"gaussian": "independent weights"}
"""A network whose weights are drawn one by one may draw them uniformly; only its twin is Gaussian for sure."""


@dataclass(frozen=True)
class SpectrumHistogram:
    """Is the spectrum of one network on the scene's bins.

    Attributes
    ----------
    label
        Kind of matrices, and how measured and predicted moments compare; one line.
    heights
        Share of the singular values per decade, shape (bins,).
    curve
        (log10 s, density) of theory, empty where it has none.
    measured, predicted
        log10 of the root of the mean of s^2, or None.
    zeros
        Number of singular values that are 0 up to rounding.
    """

    label: str
    tone: Tone
    heights: np.ndarray = field(repr=False)
    curve: tuple[np.ndarray, np.ndarray] = field(repr=False)
    measured: float | None
    predicted: float | None
    zeros: int
    text: str
    """Sentence for hover and screen reader."""


@dataclass(frozen=True)
class SpectrumScene:
    """Is the singular values' distribution on a log10 axis; `edges` has one number more than each histogram bars."""

    experiment: str
    title: str
    subtitle: str
    edges: np.ndarray = field(repr=False)
    histograms: tuple[SpectrumHistogram, ...]
    singular: tuple[np.ndarray, ...] = field(repr=False)
    """log10 of the singular values of each histogram, the largest first."""
    x_range: tuple[float, float]
    x_ticks: tuple[tuple[float, str], ...]
    """(log10 s, label): powers of ten, or 1, 2, 5, ... where few decades are shown."""
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    x_label: str = "singular value s of ∂h/∂x, from input to output"
    y_label: str = "share of singular values per decade"
    note: str = ""


def spectrum_scene(spectrum: JacobianSpectrum, title: str = "") -> SpectrumScene:
    """Returns the picture of a spectrum: the experiment's own network first."""
    edges = _edges(spectrum)
    histograms = tuple(_histogram(side, edges) for side in spectrum.sides)
    densest = max((float(each.heights.max(initial=0.0)) for each in histograms), default=1.0)
    peaks = [float(each.curve[1].max(initial=0.0)) for each in histograms]
    highest = 1.25 * max(densest, *(min(peak, 1.5 * densest) for peak in peaks)) or 1.0
    return SpectrumScene(
        experiment=spectrum.experiment,
        title=title or f"Singular values of the Jacobian, {spectrum.outputs} × {spectrum.inputs}",
        subtitle="narrow and at 1: every direction arrives (dynamical isometry) · wide: some vanish, others explode",
        edges=edges,
        histograms=histograms,
        singular=tuple(side.log10_singular for side in spectrum.sides),
        x_range=(float(edges[0]), float(edges[-1])),
        x_ticks=_ticks(float(edges[0]), float(edges[-1])),
        y_range=(0.0, highest),
        y_ticks=tuple(round_values(0.0, highest, 5)),
        note=" ".join(sentence for sentence in (spectrum.note, spectrum.reason) if sentence),
    )


def nothing_arrives(spectrum: JacobianSpectrum) -> str:
    """Returns the sentence in place of a picture where every singular value is 0; "" where one is not."""
    if any(np.isfinite(side.log10_singular).any() for side in spectrum.sides):
        return ""
    shape = f"{spectrum.outputs} × {spectrum.inputs}"
    return (
        f"Every singular value of the Jacobian ({shape}) is 0 up to rounding: "
        "at this start the outputs do not depend on the inputs, and there is no spectrum to draw."
    )


def _edges(spectrum: JacobianSpectrum) -> np.ndarray:
    """Returns the bins: over all finite values and predicted means, at least one decade."""
    values = [side.log10_singular[np.isfinite(side.log10_singular)] for side in spectrum.sides]
    means = [side.predicted.log10_mean / 2 for side in spectrum.sides if side.predicted is not None]
    found = np.concatenate([*values, [mean for mean in means if math.isfinite(mean)]])
    if found.size == 0:
        found = np.zeros(1)
    low, high = float(found.min()), float(found.max())
    room = max(0.04 * (high - low), (LEAST_SPAN - (high - low)) / 2, 0.02)
    most = max((each.size for each in values), default=1)
    bins = int(np.clip(2 * math.sqrt(most), 12, MOST_BINS))
    return np.linspace(low - room, high + room, bins + 1)


def _histogram(side: SpectrumSide, edges: np.ndarray) -> SpectrumHistogram:
    finite = side.log10_singular[np.isfinite(side.log10_singular)]
    count = max(1, len(side.log10_singular))
    heights = np.histogram(finite, edges)[0] / (count * np.diff(edges))
    zeros = len(side.log10_singular) - len(finite)
    inside = (side.log10_place >= edges[0]) & (side.log10_place <= edges[-1])
    return SpectrumHistogram(
        label=_label(side),
        tone=Tone.MEASURED if side.is_own else Tone.HELD_OUT,
        heights=heights,
        curve=(side.log10_place[inside], side.density[inside]),
        measured=_root(side.measured),
        predicted=_root(side.predicted),
        zeros=zeros,
        text=_text(side, zeros),
    )


def _root(moments: SquareMoments | None) -> float | None:
    return None if moments is None or not math.isfinite(moments.log10_mean) else moments.log10_mean / 2


def _ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    if high - low >= 3:
        return tuple((tick, power_text(tick)) for tick in decade_ticks(low, high))
    powers, steps = range(math.floor(low), math.ceil(high) + 1), (1, 2, 5) if high - low > 0.7 else (1, 1.5, 2, 3, 5, 7)
    places = [(k + math.log10(step), k, step) for k in powers for step in steps]
    return tuple((place, _number(k, step)) for place, k, step in places if low <= place <= high)


def _number(power: int, step: float) -> str:
    """Returns "0.5" or, far from 1, "5×10⁻⁹"."""
    return number_text(step * 10.0**power) if abs(power) <= 3 else f"{step:g}×{power_text(power)}"


def _label(side: SpectrumSide) -> str:
    if side.is_own:
        return f"{_OWN_KINDS[side.kind]} (this network)"
    return f"{_KINDS[side.kind]} (same σ_w)"


def _text(side: SpectrumSide, zeros: int) -> str:
    words = f"{_label(side)}: measured {moments_text(side.measured)}"
    if side.predicted is not None:
        words += f", predicted {moments_text(side.predicted)}"
    count = len(side.log10_singular)
    return f"{words}; {zeros} of {count} singular values are 0 up to rounding" if zeros else words


def moments_text(moments: SquareMoments) -> str:
    """Returns "mean s² 0.98, variance 3.9 mean²"; only the mean where that is exactly 0."""
    log10 = moments.log10_mean
    if log10 == -math.inf:
        return "mean s² exactly 0"
    mean = number_text(10.0**log10) if abs(log10) < 3 else magnitude_text(log10)
    variance = moments.relative_variance
    if math.isnan(variance):
        return f"mean s² {mean}, no variance in float64"
    # what is left of equal singular values is rounding
    return f"mean s² {mean}, variance {'0' if abs(variance) < 1e-12 else f'{number_text(variance)} mean²'}"
