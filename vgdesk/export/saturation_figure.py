"""Draws where the units of a layer stand on their activation: bars for the arguments, lines for phi' over them."""

import numpy as np
from matplotlib.axes import Axes

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper
from vgdesk.export.table import table_bytes
from vgdesk.present.saturation import SaturationScene
from vgdesk.present.scenes import Tone
from vgdesk.spec.words import value_words

_DASHES = ("-", (0, (4, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))


def saturation_picture(scene: SaturationScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`: ".png", ".svg" or ".pdf"."""
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, below=0.8)
        _draw_bars(axes, scene)
        place = axes.get_position()
        axes.set_position((place.x0, place.y0, 0.93 * place.width, place.height))  # room for the axis at the right
        _draw_slopes(axes.twinx(), scene)
        axes.text(
            -0.1, -0.21, scene.sentence, transform=axes.transAxes, color=DIM, size=7.5, parse_math=False, va="top"
        )
        return encoded(axes, suffix)


def saturation_table(scene: SaturationScene) -> bytes:
    """Returns one row per bin: its borders, the share of the arguments, and every activation's slope in its middle."""
    found = scene.found
    middle = (found.edges[1:] + found.edges[:-1]) / 2
    slopes = [np.interp(middle, found.points, slope).tolist() for slope in found.slopes]
    header = ["from", "to", "share", *(f"slope of {name}" for name in found.activations)]
    columns = [found.edges[:-1].tolist(), found.edges[1:].tolist(), found.shares.tolist(), *slopes]
    return table_bytes(header, ([repr(number) for number in row] for row in zip(*columns, strict=True)))


def _draw_bars(axes: Axes, scene: SaturationScene) -> None:
    found = scene.found
    for is_flat, tone, word in ((False, Tone.MEASURED, "steep"), (True, Tone.ALERT, "|φ′| < 0.01")):
        heights = np.where(scene.flat == is_flat, found.shares, 0.0)
        if heights.any():
            axes.stairs(heights, found.edges, fill=True, color=TONE_COLOURS[tone], alpha=0.55, label=word)
    axes.set_xlim(float(found.edges[0]), float(found.edges[-1]))
    axes.set_ylim(*scene.y_range)
    axes.set_xticks(scene.x_ticks)
    axes.set_yticks(scene.y_ticks)
    axes.set_xlabel(scene.x_label)
    axes.set_ylabel(scene.y_label)
    axes.grid(axis="y")
    axes.legend(loc="upper left")


def _draw_slopes(axes: Axes, scene: SaturationScene) -> None:
    found = scene.found
    for number, (name, slope) in enumerate(zip(found.activations, found.slopes, strict=True)):
        dash = _DASHES[number % len(_DASHES)]
        axes.plot(found.points, slope, color=DIM, linewidth=1.2, linestyle=dash, label=f"φ′ of {value_words(name)}")
    axes.set_ylim(*scene.slope_range)
    axes.set_ylabel("φ′")
    axes.spines["right"].set_visible(True)
    axes.legend(loc="upper right")
