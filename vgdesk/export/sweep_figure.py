"""Draws the map of a sweep: viridis cells, hatched where nothing is known, and the line of the theory."""

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from vgdesk.export.phase_figure import draw_colour_bar
from vgdesk.export.sheet import DIM, GRID, TONE_COLOURS, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.scenes import Tone
from vgdesk.present.sweep_map import SweepMap, axis_label

_MOST_LABELS = 10


def sweep_picture(scene: SweepMap, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, left=0.75, right=0.95)
        if not scene.values.size:
            say_empty(axes)
            return encoded(axes, suffix)
        axes.patch.set(hatch="////", edgecolor="#9aa5b4", facecolor=GRID)
        low, high = scene.colour_range
        colours = colormaps["viridis"].with_extremes(bad=(0, 0, 0, 0))
        image = axes.imshow(
            scene.values, cmap=colours, vmin=low, vmax=high, origin="lower", aspect="auto", interpolation="nearest"
        )
        _draw_broken(axes, scene)
        _draw_line(axes, scene)
        _draw_axes(axes, scene)
        draw_colour_bar(axes, image, scene.colour_label)
        return encoded(axes, suffix)


def _draw_broken(axes: Axes, scene: SweepMap) -> None:
    """Crosses the cells that were trained and have no number, to tell them from those still to come."""
    if scene.broken is not None and scene.broken.any():
        y, x = np.nonzero(scene.broken)
        axes.plot(x, y, linestyle="none", marker="x", markersize=3.5, color=DIM, label="no finite number")


def _draw_line(axes: Axes, scene: SweepMap) -> None:
    if scene.has_line:
        (x, y), alert = zip(*scene.line, strict=True), TONE_COLOURS[Tone.ALERT]
        ranges = axes.get_xlim(), axes.get_ylim()
        axes.plot(x, y, color="white", linewidth=2.6)
        axes.plot(x, y, color=alert, linewidth=1.4, label=scene.line_label)
        axes.set(xlim=ranges[0], ylim=ranges[1])  # near criticality the line leaves the map
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper right", frameon=True)


def _draw_axes(axes: Axes, scene: SweepMap) -> None:
    for axis, labels, field in ((axes.xaxis, scene.x, scene.x_field), (axes.yaxis, scene.y, scene.y_field)):
        every = max(1, -(-len(labels) // _MOST_LABELS))
        axis.set_ticks(list(range(0, len(labels), every)), [axis_label(label) for label in labels[::every]])
        axis.set_label_text(field)
