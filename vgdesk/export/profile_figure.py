"""Draws a profile: one bar per layer on a log axis, or per time step or weight matrix, on an axis from 0 for shares.

Nothing is told by colour alone: alert bars are hatched, exact values hollow, predictions dashed; an exact zero is a
ring and NaN a cross at the foot, an infinity an arrow at the top.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from vgdesk.export.sheet import TEXT, TONE_COLOURS, WIDTH, axes_under_heading, encoded, paper
from vgdesk.present.profile import SYMBOLIC_LABEL
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import Bar, Mark, ProfileScene, TheoryBand, Tone
from vgdesk.present.ticks import decade_ticks

_MARKS = {
    Mark.ZERO: ("o", 0.04, "exactly 0"),
    Mark.NAN: ("x", 0.04, "not a number"),
    Mark.INFINITE: ("^", 0.96, "infinite"),
}
_NAMES = {
    Tone.MEASURED: "measured",
    Tone.ALERT: "measured, below the dashed line",
    Tone.SYMBOLIC: "exact, from the formula",
    Tone.THEORY: "predicted",
}
_LEGEND_COLUMNS = 3
_LEGEND_ROW_HEIGHT = 0.2
_PAPER_EDGE = 0.1
"""Inches left and right of the legend, as beside the heading."""


def profile_picture(scene: ProfileScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        legend = _legend(scene)
        columns = _legend_columns(legend)
        rows = -(-len(legend) // columns)
        axes = axes_under_heading(
            scene.title, scene.subtitle, below=0.5 + 0.08 * bool(rows) + _LEGEND_ROW_HEIGHT * rows
        )
        _draw_axes(axes, scene)
        _draw_bars(axes, scene)
        _draw_marks(axes, scene.bars)
        if scene.theory is not None:
            _draw_theory(axes, scene.theory)
        if scene.symbolic:
            axes.plot(range(1, len(scene.symbolic) + 1), scene.symbolic, **_symbolic_style())
        if scene.guide is not None:
            axes.axhline(scene.guide, **_guide_style())
        if legend:
            _draw_legend(axes, legend, columns)
        return encoded(axes, suffix)


def _draw_axes(axes: Axes, scene: ProfileScene) -> None:
    count = len(scene.bars)
    shown = range(1, count + 1) if count <= 20 else [1, *(k for k in decade_ticks(1, count, 12) if k > count / 25)]
    margin = max(0.0, (5 - count) / 2)  # a single bar shall not fill the page
    axes.set_xlim(0.4 - margin, count + 0.6 + margin)
    axes.set_ylim(*scene.y_range)
    axes.set_xticks(list(shown), [scene.places.tick(int(number)) for number in shown])
    axes.set_yticks(scene.y_ticks, [tick_text(k, scene.scale) for k in scene.y_ticks])
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel(scene.places.axis_title)
    axes.set_ylabel(scene.y_label)
    axes.grid(axis="y")


def _draw_bars(axes: Axes, scene: ProfileScene) -> None:
    low = scene.baseline
    width = 0.8 if len(scene.bars) <= 150 else 1.0
    for tone in Tone:
        bars = [(bar.layer, bar.log10) for bar in scene.bars if bar.tone is tone and bar.log10 is not None]
        if bars and tone is Tone.THEORY:
            layers, values = zip(*bars, strict=True)
            axes.hlines(values, [x - width / 2 for x in layers], [x + width / 2 for x in layers], **_theory_style())
        elif bars:
            axes.bar([x for x, _ in bars], [y - low for _, y in bars], width, bottom=low, **_bar_style(tone))


def _draw_theory(axes: Axes, theory: TheoryBand) -> None:
    middle, deviation = np.array(theory.log10), np.array(theory.deviation)
    places = np.arange(1, len(middle) + 1)
    for deviations in (2.0, 1.0):
        low, high = middle - deviations * deviation, middle + deviations * deviation
        axes.fill_between(places, low, high, color=TONE_COLOURS[Tone.THEORY], alpha=0.16, linewidth=0)
    axes.plot(places, middle, **_theory_style())


def _draw_marks(axes: Axes, bars: tuple[Bar, ...]) -> None:
    for mark, (shape, height, _) in _MARKS.items():
        for tone in Tone:
            layers = [bar.layer for bar in bars if bar.mark is mark and bar.tone is tone]
            axes.plot(
                layers,
                [height] * len(layers),
                transform=axes.get_xaxis_transform(),
                **_mark_style(shape, TONE_COLOURS[tone]),
            )


def _legend(scene: ProfileScene) -> list[Artist]:
    """Returns what needs a word: nothing for plain measured bars, else every kind that occurs."""
    tones = [tone for tone in Tone if any(bar.tone is tone and bar.mark is None for bar in scene.bars)]
    marks = [mark for mark in Mark if any(bar.mark is mark for bar in scene.bars)]
    if tones == [Tone.MEASURED] and not marks and scene.guide is None and scene.theory is None and not scene.symbolic:
        return []
    entries: list[Artist] = [
        Line2D([], [], label=_NAMES[tone], **_theory_style())
        if tone is Tone.THEORY
        else Patch(label=_NAMES[tone], **_bar_style(tone))
        for tone in tones
    ]
    if scene.theory is not None:
        entries.append(Line2D([], [], label=scene.theory.label, **_theory_style()))
    if scene.symbolic:
        entries.append(Line2D([], [], label=SYMBOLIC_LABEL, **_symbolic_style()))
    if scene.guide is not None:
        entries.append(Line2D([], [], label=scene.guide_label, **_guide_style()))
    return entries + [Line2D([], [], label=_MARKS[mark][2], **_mark_style(_MARKS[mark][0], TEXT)) for mark in marks]


def _legend_columns(entries: list[Artist]) -> int:
    """Returns in how many columns the entries are whole on the paper: the words of a prediction are long."""
    figure = Figure(figsize=(WIDTH, 1.0))
    room = (WIDTH - 2 * _PAPER_EDGE) * figure.dpi

    def is_whole(columns: int) -> bool:
        return figure.legend(handles=entries, ncols=columns, borderpad=0).get_window_extent().width <= room

    return next(filter(is_whole, range(_LEGEND_COLUMNS, 1, -1)), 1) if entries else _LEGEND_COLUMNS


def _draw_legend(axes: Axes, entries: list[Artist], columns: int) -> None:
    """Draws the legend below the plot; one that is wider than the plot begins left of it, under the heading."""
    style = {"loc": "upper left", "ncols": columns, "borderpad": 0}
    legend = axes.legend(handles=entries, bbox_to_anchor=(-0.01, -0.17), **style)
    plot, drawn = axes.get_position(), legend.get_window_extent().transformed(axes.transAxes.inverted())
    over = drawn.x1 - (1 - _PAPER_EDGE / WIDTH - plot.x0) / plot.width
    if over > 0:
        legend.set_bbox_to_anchor((-0.01 - over, -0.17), axes.transAxes)


def _bar_style(tone: Tone) -> dict:
    colour = TONE_COLOURS[tone]
    if tone is Tone.ALERT:
        return {"facecolor": colour, "edgecolor": "white", "linewidth": 0, "hatch": "//////"}
    if tone is Tone.SYMBOLIC:
        return {"facecolor": "white", "edgecolor": colour, "linewidth": 1.0}
    return {"facecolor": colour, "linewidth": 0}


def _theory_style() -> dict:
    # on a light edge, so that the line is seen over dark bars
    edge = [withStroke(linewidth=3.2, foreground="white", alpha=0.8)]
    return {"color": TONE_COLOURS[Tone.THEORY], "linewidth": 1.6, "linestyle": (0, (2, 1)), "path_effects": edge}


def _symbolic_style() -> dict:
    style = {"marker": "D", "linestyle": "none", "markersize": 4.5, "markerfacecolor": "white", "zorder": 4}
    return style | {"markeredgecolor": TONE_COLOURS[Tone.SYMBOLIC], "markeredgewidth": 1.1}


def _guide_style() -> dict:
    return {"color": TONE_COLOURS[Tone.ALERT], "linewidth": 0.9, "linestyle": (0, (5, 3))}


def _mark_style(shape: str, colour: str) -> dict:
    return {
        "marker": shape,
        "linestyle": "none",
        "markersize": 5,
        "markerfacecolor": "white",
        "markeredgecolor": colour,
        "markeredgewidth": 1.2,
        "clip_on": False,
        "zorder": 4,
    }
