"""Draws a loss curve: the raw line thin and light, the smoothed one on top of it, the note on its axis below."""

import math
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.scenes import LossScene, Tone
from vgdesk.present.spelling import power_text

_NOTE_LETTERS = 100
"""Letters of the note that fit on a line."""


def loss_picture(scene: LossScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        note = textwrap.wrap(scene.note, _NOTE_LETTERS)
        axes = axes_under_heading(scene.title, scene.subtitle, below=0.56 + 0.14 * max(1, len(note)))
        if len(scene.steps) == 0:
            say_empty(axes)
        else:
            _draw_axes(axes, scene)
            _draw_lines(axes, scene)
        axes.text(
            0,
            -0.205,
            "\n".join(note),
            transform=axes.transAxes,
            ha="left",
            color=DIM,
            size=7.5,
            parse_math=False,
            va="top",
        )
        return encoded(axes, suffix)


def _draw_axes(axes: Axes, scene: LossScene) -> None:
    first, last = int(scene.steps[0]), int(scene.steps[-1])
    exponent = _exponent(scene)
    axes.set_xlim(first, max(last, first + 1))
    axes.set_ylim(*_scaled(np.array(scene.y_range), scene).tolist())
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    axes.set_xlabel("step")
    axes.set_ylabel(f"{scene.y_label} / {power_text(exponent)}" if exponent else scene.y_label)
    axes.grid()


def _draw_lines(axes: Axes, scene: LossScene) -> None:
    colour = TONE_COLOURS[Tone.MEASURED]
    raw, smoothed = _scaled(scene.raw, scene), _scaled(scene.smoothed, scene)
    if not np.array_equal(raw, smoothed, equal_nan=True):
        axes.plot(scene.steps, raw, color=colour, alpha=0.4, linewidth=0.5)
    axes.plot(scene.steps, smoothed, color=colour, linewidth=1.4, clip_on=False)
    alone = scene.alone
    axes.plot(scene.steps[alone], smoothed[alone], "o", color=colour, markersize=4, clip_on=False)
    _draw_held_out(axes, scene)


def _draw_held_out(axes: Axes, scene: LossScene) -> None:
    """Draws the dashed line; a single measurement is a point."""
    measured = np.isfinite(scene.evaluations.held_out_loss)
    axes.plot(
        scene.evaluations.steps[measured],
        _scaled(scene.evaluations.held_out_loss[measured], scene),
        color=TONE_COLOURS[Tone.HELD_OUT],
        linewidth=1.1,
        linestyle=(0, (4, 2)),
        marker="o" if np.count_nonzero(measured) == 1 else "none",
        markersize=3,
        clip_on=False,
    )


def _exponent(scene: LossScene) -> int:
    """Returns the power of ten the axis is divided by: 0 for ordinary losses."""
    high = _largest(scene)
    return 0 if 1e-3 <= high < 1e5 else math.floor(math.log10(high))


def _largest(scene: LossScene) -> float:
    return max(map(abs, scene.y_range))


def _scaled(loss: np.ndarray, scene: LossScene) -> np.ndarray:
    """Returns losses in units of 10^exponent; matplotlib's axes overflow near the ends of float64's range."""
    exponent, high = _exponent(scene), _largest(scene)
    return loss / high * 10.0 ** (math.log10(high) - exponent) if exponent else loss
