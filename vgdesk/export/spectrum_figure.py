"""Draws the singular values of a Jacobian: filled steps, theory's density dashed, the means of s^2 as diamonds."""

import textwrap

from matplotlib.axes import Axes

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper
from vgdesk.present.spectrum import SpectrumHistogram, SpectrumScene

_MARK_HEIGHT = 0.97
_MARKS = "Diamonds: root of the mean of s²; hollow: predicted, filled: measured."


def spectrum_picture(scene: SpectrumScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        sentences = [histogram.text for histogram in scene.histograms] + [scene.note, _MARKS]
        text = "\n".join(textwrap.fill(sentence, 104) for sentence in sentences if sentence)
        below = 0.62 + 0.15 * (text.count("\n") + 1)
        axes = axes_under_heading(scene.title, scene.subtitle, below=below)
        axes.set_xlim(*scene.x_range)
        axes.set_ylim(*scene.y_range)
        axes.set_xticks([place for place, _ in scene.x_ticks], [label for _, label in scene.x_ticks])
        axes.set_yticks(scene.y_ticks)
        axes.set_xlabel(scene.x_label)
        axes.set_ylabel(scene.y_label)
        axes.grid()
        for number, histogram in enumerate(scene.histograms):
            _draw(axes, scene, histogram, number)
        axes.legend(loc="best")
        style = {"color": DIM, "size": 7.0, "parse_math": False, "va": "top", "linespacing": 1.4}
        axes.text(0, -0.205, text, transform=axes.transAxes, **style)
        return encoded(axes, suffix)


def _draw(axes: Axes, scene: SpectrumScene, histogram: SpectrumHistogram, number: int) -> None:
    colour = TONE_COLOURS[histogram.tone]
    axes.stairs(histogram.heights, scene.edges, fill=True, color=colour, alpha=0.28)
    axes.stairs(histogram.heights, scene.edges, color=colour, linewidth=1.1, label=f"{histogram.label}, measured")
    place, density = histogram.curve
    if place.size:
        axes.plot(place, density, color=colour, linewidth=1.3, linestyle=(0, (4, 2)), label="theory's density")
    # near the top of the plot, the predicted mark hollow and larger, so that it shows around the measured one
    height = scene.y_range[1] * (_MARK_HEIGHT - 0.06 * number)
    style = {"color": colour, "marker": "D", "linestyle": "none", "clip_on": False}
    if histogram.predicted is not None:
        axes.plot([histogram.predicted], [height], markersize=7, markerfacecolor="white", **style)
    if histogram.measured is not None:
        axes.plot([histogram.measured], [height], markersize=3.5, **style)
