"""Draws a heat map: layers upwards from the input, or time steps from the earliest; training steps to the right;
viridis with its colour bar.

The axis of steps is linear: columns lie at their steps, however far apart those are. Cells without a number show
the hatched ground.
"""

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.ticker import FixedLocator, NullLocator

from vgdesk.export.sheet import GRID, WIDTH, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import HeatmapScene
from vgdesk.present.step_cells import column_edges, shown_columns
from vgdesk.present.ticks import decade_ticks


def heatmap_picture(scene: HeatmapScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, left=0.55, right=0.95)
        if scene.values.size == 0:
            say_empty(axes)
            return encoded(axes, suffix)
        _draw_axes(axes, scene)
        _draw_colour_bar(axes, _draw_cells(axes, scene), scene)
        return encoded(axes, suffix)


def _draw_cells(axes: Axes, scene: HeatmapScene) -> AxesImage:
    layers, edges = len(scene.values), column_edges(scene.columns)
    axes.patch.set(hatch="////", edgecolor="#9aa5b4", facecolor=GRID)
    low, high = scene.colour_range
    return axes.imshow(
        scene.values[:, shown_columns(edges)],
        cmap=colormaps["viridis"].with_extremes(bad=(0, 0, 0, 0)),
        vmin=low,
        vmax=high,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=(float(edges[0]), float(edges[-1]), 0.5, layers + 0.5),
    )


def _draw_axes(axes: Axes, scene: HeatmapScene) -> None:
    count = len(scene.values)
    shown = [1, *(int(k) for k in decade_ticks(1, count, 8) if k > max(1, count / 15))]
    axes.set_yticks(shown, [scene.places.tick(number) for number in shown])
    ticks = decade_ticks(int(scene.columns[0]), int(scene.columns[-1]))
    axes.set_xticks(ticks, [f"{step:,.0f}" for step in ticks])
    axes.set_xlabel("step")
    axes.set_ylabel(scene.places.axis_title)


def _draw_colour_bar(axes: Axes, image: AxesImage, scene: HeatmapScene) -> None:
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    box = axes.get_position()
    bar_axes = figure.add_axes((box.x1 + 0.12 / WIDTH, box.y0, 0.13 / WIDTH, box.height))
    bar = figure.colorbar(image, cax=bar_axes, label=scene.colour_label)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(FixedLocator(scene.colour_ticks))
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.set_yticklabels([tick_text(k, scene.scale) for k in scene.colour_ticks])
