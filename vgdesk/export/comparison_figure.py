"""Draws runs side by side: profiles and losses on common axes, heat maps with one colour bar, the table below.

The look of a run is that of the window: a colour, a dash and a marker, so that lines are told apart without colour.
"""

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from vgdesk.export.comparison_maps import draw_maps
from vgdesk.export.sheet import DIM, TONE_COLOURS, WIDTH, encoded, paper
from vgdesk.present.comparison import ComparisonScene, RunLine, RunsScene
from vgdesk.present.run_look import Dash, Marker, look_of
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import Mark
from vgdesk.present.ticks import decade_ticks

_DASHES = {Dash.SOLID: "-", Dash.DASHED: (0, (5, 2)), Dash.DOTTED: (0, (1.2, 1.4)), Dash.MIXED: (0, (6, 2, 1.2, 2))}
_MARKERS = {Marker.CIRCLE: "o", Marker.SQUARE: "s", Marker.TRIANGLE: "^", Marker.DIAMOND: "D"}
_MARKS = {Mark.ZERO: ("o", 0.03), Mark.NAN: ("x", 0.03), Mark.INFINITE: ("^", 0.97)}
_MOST_MARKERS = 25
_HEADING, _PLOTS, _MAPS = 0.62, 2.2, 1.7
"""Inches."""
_LEGEND_LINE, _TABLE_LINE, _TABLE_LETTERS = 0.18, 0.15, 112


def comparison_picture(scene: ComparisonScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    words, count = _words(scene), len(scene.losses.lines)
    below_plots = 0.5 + _LEGEND_LINE * count + 0.26
    height = _HEADING + _PLOTS + below_plots + _MAPS + 0.62 + _TABLE_LINE * len(words)
    with paper():
        figure = Figure(figsize=(WIDTH, height))
        _write_heading(figure, scene, height)
        bottom = height - _HEADING - _PLOTS
        profiles = _axes(figure, 0.68, bottom, 2.35, _PLOTS)
        _draw_lines(profiles, scene.profiles)
        _draw_lines(_axes(figure, 3.75, bottom, 2.5, _PLOTS), scene.losses)
        _draw_legend(figure, scene.losses, (bottom - 0.46) / height)
        bottom -= below_plots + _MAPS
        draw_maps(figure, scene.heatmaps, bottom, _MAPS)
        style = {"va": "top", "size": 7, "color": DIM, "parse_math": False, "linespacing": 1.35}
        figure.text(0.1 / WIDTH, (bottom - 0.5) / height, "\n".join(words), **style)
        return encoded(profiles, suffix)


def _write_heading(figure: Figure, scene: ComparisonScene, height: float) -> None:
    title = textwrap.shorten(scene.title, 72, placeholder=" …")
    figure.text(0.1 / WIDTH, 1 - 0.1 / height, title, size=10.5, weight="bold", va="top", parse_math=False)
    subtitle = f"{scene.profiles.title}, {scene.profiles.subtitle} · {scene.losses.title}, {scene.losses.subtitle}"
    figure.text(0.1 / WIDTH, 1 - 0.34 / height, subtitle, size=8, color=DIM, va="top", parse_math=False)


def _axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Returns axes at a place given in inches."""
    tall = figure.get_figheight()
    return figure.add_axes((left / WIDTH, bottom / tall, width / WIDTH, height / tall))


def _draw_lines(axes: Axes, scene: RunsScene) -> None:
    axes.set_xlim(*scene.x_range)
    axes.set_ylim(*scene.y_range)
    axes.set_yticks(scene.y_ticks, [tick_text(tick, scene.scale) for tick in scene.y_ticks])
    if scene.places is None:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], integer=True))
    else:
        ticks = [1, *(int(k) for k in decade_ticks(1, int(scene.x_range[1]), 8) if k > 1)]
        axes.set_xticks(ticks, [scene.places.tick(number) for number in ticks])
    axes.set_xlabel(scene.x_label)
    axes.set_ylabel(scene.y_label)
    axes.grid(axis="y")
    for line in scene.lines:
        axes.plot(line.x, line.y, clip_on=scene.places is None, **_style(line, scene.places is not None))
        _draw_marks(axes, line)


def _draw_marks(axes: Axes, line: RunLine) -> None:
    for mark, (shape, height) in _MARKS.items():
        places = [x for x, kind in line.marks if kind is mark]
        axes.plot(
            places, [height] * len(places), transform=axes.get_xaxis_transform(), marker=shape, linestyle="none",
            markersize=4.5, markerfacecolor="white", markeredgecolor=TONE_COLOURS[look_of(line.look).tone],
            clip_on=False, zorder=4,
        )  # fmt: skip


def _style(line: RunLine, has_markers: bool) -> dict:
    look = look_of(line.look)
    colour = TONE_COLOURS[look.tone]
    style = {"color": colour, "linestyle": _DASHES[look.dash], "linewidth": 1.2}
    if has_markers:
        every = max(1, -(-len(line.x) // _MOST_MARKERS))
        face = "white" if look.is_hollow else colour
        style |= {"marker": _MARKERS[look.marker], "markersize": 3.6, "markerfacecolor": face, "markevery": every}
    return style


def _draw_legend(figure: Figure, scene: RunsScene, top: float) -> None:
    entries = [Line2D([], [], label=line.name, **_style(line, has_markers=True)) for line in scene.lines]
    place = {"loc": "upper left", "bbox_to_anchor": (0.08 / WIDTH, top)}
    figure.legend(handles=entries, borderpad=0, borderaxespad=0, handlelength=3.6, labelspacing=0.42, **place)


def _words(scene: ComparisonScene) -> list[str]:
    """Returns the table in lines that fit the paper: what differs, and what came of it."""
    lines: list[str] = []
    for row in scene.table.rows:
        cells = dict(zip(scene.table.head, row, strict=True))
        told = [f"{name} {cells[name]}" for name in ("loss", "right", "γ", "γᴸ", "first", "last") if cells[name] != "–"]
        words = f"{row[0][0]}: {cells['verdict']}, {cells['learning']} · {cells['steps']} steps · " + " · ".join(told)
        if cells["differs by"] != "–":
            words += f" · differs by {cells['differs by']}"
        lines += textwrap.wrap(words, _TABLE_LETTERS, subsequent_indent="      ")
    for note in (scene.profiles.note, scene.losses.note):
        lines += textwrap.wrap(note, _TABLE_LETTERS)
    return lines
