"""Draws the typical gradient per place, measured and predicted, over the floors of the number formats."""

from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.number_formats import FormatScene
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import Tone

_LINE = 104
"""Characters of the sentences that fit below the axes."""
_LINE_INCHES, _ABOVE_WORDS = 0.135, 0.52


def format_picture(scene: FormatScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    lines = [line for sentence in scene.sentences for line in wrap(sentence, _LINE, subsequent_indent="    ")]
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, below=_ABOVE_WORDS + _LINE_INCHES * len(lines))
        if not len(scene.report.log10_typical):
            say_empty(axes)
            return encoded(axes, suffix)
        _draw_axes(axes, scene)
        _draw_floors(axes, scene)
        _draw_lines(axes, scene)
        # a fixed distance below the axes, whatever their height is
        beside = {"xytext": (-0.1, -_ABOVE_WORDS * 72), "textcoords": ("axes fraction", "offset points")}
        words = {"color": DIM, "size": 7.5, "parse_math": False, "va": "top"}
        axes.annotate("\n".join(lines), (0, 0), xycoords="axes fraction", **beside, **words)
        return encoded(axes, suffix)


def _draw_axes(axes: Axes, scene: FormatScene) -> None:
    axes.set_xlim(0.5, len(scene.report.log10_typical) + 0.5)
    low, high = scene.y_range
    axes.set_ylim(low, high + 0.02 * (high - low))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.set_yticks(scene.y_ticks, [tick_text(tick, "log10") for tick in scene.y_ticks])
    axes.set_xlabel(scene.report.places.axis_title)
    axes.set_ylabel("typical ∂L/∂h")
    axes.grid(axis="y")


def _draw_floors(axes: Axes, scene: FormatScene) -> None:
    log10 = scene.report.log10_typical
    is_left = bool(log10[0] < log10[-1])  # where the curve is not
    side, shift = ("left", 3) if is_left else ("right", -3)
    words = {"color": TONE_COLOURS[Tone.ALERT], "size": 7.5, "ha": side}
    for floor in scene.floors:
        axes.axhline(floor.log10_zero, color=TONE_COLOURS[Tone.ALERT], linewidth=0.9, linestyle=(0, (4, 2)))
        place = {"xy": (0.0 if is_left else 1.0, floor.log10_zero), "xycoords": ("axes fraction", "data")}
        text = f"{floor.number_format} stores 0 below"
        axes.annotate(text, **place, xytext=(shift, 2), textcoords="offset points", **words)


def _draw_lines(axes: Axes, scene: FormatScene) -> None:
    report = scene.report
    places = np.arange(1, len(report.log10_typical) + 1)
    finite = np.where(np.isfinite(report.log10_typical), report.log10_typical, np.nan)
    marker = "." if len(places) < 100 else "none"
    axes.plot(places, finite, color=TONE_COLOURS[Tone.MEASURED], linewidth=1.3, marker=marker, label="measured")
    zeros = places[report.log10_typical == -np.inf]
    foot = np.full(len(zeros), 0.04)
    axes.plot(
        zeros, foot, transform=axes.get_xaxis_transform(), color=TONE_COLOURS[Tone.MEASURED], linestyle="none",
        marker="o", markerfacecolor="white", clip_on=False,
    )  # fmt: skip
    if report.log10_predicted is not None:
        axes.plot(places, report.log10_predicted, color=DIM, linewidth=1.0, linestyle="--", label="predicted")
    axes.legend(loc="best")
