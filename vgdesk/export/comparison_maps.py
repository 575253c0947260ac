"""Draws heat maps side by side: the same range of colours, rows of the same height, one colour bar at the right."""

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import FixedLocator, NullLocator

from vgdesk.export.sheet import GRID, WIDTH
from vgdesk.present.comparison import HeatmapsScene
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import HeatmapScene
from vgdesk.present.step_cells import column_edges, shown_columns
from vgdesk.present.ticks import decade_ticks

_LEFT, _RIGHT, _GAP, _GAP_WITH_LABELS = 0.5, 0.95, 0.14, 0.48
"""Inches."""
_LABEL = 0.2
"""Inches that a label on the axis of places needs."""


def draw_maps(figure: Figure, scene: HeatmapsScene, bottom: float, height: float) -> None:
    """Draws the maps with their lower edge at `bottom` inches."""
    count, tall = len(scene.maps), figure.get_figheight()
    if not count:
        return
    gap = _GAP if scene.are_alike else _GAP_WITH_LABELS
    width = (WIDTH - _LEFT - _RIGHT - gap * (count - 1)) / count
    image: AxesImage | None = None
    for place, one in enumerate(scene.maps):
        left = _LEFT + place * (width + gap)
        own = height * len(one.values) / scene.places  # hatched room above would look like values that are missing
        axes = figure.add_axes((left / WIDTH, bottom / tall, width / WIDTH, own / tall))
        image = _draw_cells(axes, one)
        _draw_axes(axes, one, own, place == 0 or not scene.are_alike, most=max(2, 7 // count))
        axes.set_title(_cut(scene.names[place], int(width * 15)), size=8, loc="left", pad=3, parse_math=False)
    if image is not None:
        _draw_bar(figure, image, scene.maps[0], bottom, height)


def _draw_cells(axes: Axes, scene: HeatmapScene) -> AxesImage:
    places, edges = len(scene.values), column_edges(scene.columns)
    axes.patch.set(hatch="////", edgecolor="#9aa5b4", facecolor=GRID)
    low, high = scene.colour_range
    return axes.imshow(
        scene.values[:, shown_columns(edges)],
        cmap=colormaps["viridis"].with_extremes(bad=(0, 0, 0, 0)),
        vmin=low, vmax=high, origin="lower",
        aspect="auto", interpolation="nearest", extent=(float(edges[0]), float(edges[-1]), 0.5, places + 0.5),
    )  # fmt: skip


def _draw_axes(axes: Axes, scene: HeatmapScene, height: float, has_labels: bool, most: int) -> None:
    places = len(scene.values)
    fitting = max(1, min(6, int(height / _LABEL)))
    shown = [1, *(int(k) for k in decade_ticks(1, places, fitting) if k > max(1, places / 15))]
    axes.set_yticks(shown, [scene.places.tick(n) for n in shown] if has_labels else [""] * len(shown))
    ticks = decade_ticks(int(scene.columns[0]), int(scene.columns[-1]), most)
    axes.set_xticks(ticks, [f"{step:,.0f}" for step in ticks])
    axes.set_xlabel("step")
    if has_labels:
        axes.set_ylabel(scene.places.word, labelpad=2)


def _draw_bar(figure: Figure, image: AxesImage, scene: HeatmapScene, bottom: float, height: float) -> None:
    tall = figure.get_figheight()
    bar_axes = figure.add_axes(((WIDTH - _RIGHT + 0.12) / WIDTH, bottom / tall, 0.13 / WIDTH, height / tall))
    bar = figure.colorbar(image, cax=bar_axes, label=scene.colour_label)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(FixedLocator(scene.colour_ticks))
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.set_yticklabels([tick_text(tick, scene.scale) for tick in scene.colour_ticks])


def _cut(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: max(2, letters - 1)].rstrip()}…"
