"""Draws the gradient over the time lag: a line for each quantity, the straight fit dashed, the note below.

Magnitudes stand as log10 on a linear axis labelled in powers of ten, so that 1e-400 has a place. An exact zero is a
hollow ring at the foot; what is not finite leaves a gap.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import LagScene, Tone

_TONES = (Tone.MEASURED, Tone.HELD_OUT, Tone.ALERT)


def lag_picture(scene: LagScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, below=0.7)
        if scene.lags == 0:
            say_empty(axes)
            return encoded(axes, suffix)
        draw_lags(axes, scene)
        axes.text(0, -0.205, scene.note, transform=axes.transAxes, color=DIM, size=7.5, parse_math=False, va="top")
        return encoded(axes, suffix)


def draw_lags(axes: Axes, scene: LagScene) -> None:
    """Draws axes and lines into a given plot."""
    _draw_axes(axes, scene)
    _draw_lines(axes, scene)


def _draw_axes(axes: Axes, scene: LagScene) -> None:
    axes.set_xlim(0, max(1, scene.lags - 1))
    axes.set_ylim(*scene.y_range)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10], integer=True))
    axes.set_yticks(scene.y_ticks, [tick_text(tick, "log10") for tick in scene.y_ticks])
    axes.set_xlabel("lag T − t (0 = the last time step)")
    axes.set_ylabel(scene.lines[0].label)
    axes.grid()


def _draw_lines(axes: Axes, scene: LagScene) -> None:
    lag = np.arange(scene.lags)
    for line, tone in zip(scene.lines, _TONES, strict=False):
        colour = TONE_COLOURS[tone]
        finite = np.where(np.isfinite(line.log10), line.log10, np.nan)
        axes.plot(
            lag, finite, color=colour, linewidth=1.3, marker="." if scene.lags < 100 else "none", label=line.label
        )
        zeros = lag[line.log10 == -np.inf]
        axes.plot(
            zeros,
            np.full(len(zeros), 0.04),
            transform=axes.get_xaxis_transform(),
            color=colour,
            linestyle="none",
            marker="o",
            markerfacecolor="white",
            clip_on=False,
        )
    if scene.fit is not None:
        start, slope = scene.fit
        axes.plot(lag, start + slope * lag, color=DIM, linewidth=0.9, linestyle=(0, (4, 2)), label="straight fit")
    axes.legend(loc="best")
