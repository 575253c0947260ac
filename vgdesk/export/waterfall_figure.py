"""Draws the waterfall of a ledger: a bar per factor from the running product before it to the one after it.

Magnitudes stand as log10 on a linear axis labelled in powers of ten, so that 1e-400 has a place. A product that has
become exactly 0 is a hollow ring at the foot.
"""

from matplotlib.axes import Axes

from vgdesk.export.sheet import DIM, TONE_COLOURS, axes_under_heading, encoded, paper, say_empty
from vgdesk.present.scale import tick_text
from vgdesk.present.scenes import WaterfallScene

MOST_LABELS = 24
"""More factors than these are numbered instead of named."""
MOST_LETTERS = 40
"""Of a label; units may have names that would leave no room for the plot."""

_LEFT, _ROOM_FOR_LABELS, _ROOM_FOR_NOTE, _EDGE = 0.72, 0.85, 0.2, 0.1
"""Inches; the first two grow with labels that would not fit."""
_BESIDE = 0.6
"""Room from the middle of the first bar to the left end of the axis, and of the last to the right end, in bars."""


def waterfall_picture(scene: WaterfallScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        left, labels = _room(scene)
        below = labels + (_ROOM_FOR_NOTE if scene.note else 0.0)
        axes = axes_under_heading(scene.title, scene.subtitle, left=left, below=below)
        if not scene.bars:
            say_empty(axes)
            return encoded(axes, suffix)
        _draw_axes(axes, scene)
        _draw_bars(axes, scene)
        place = {"xytext": (0, -72 * labels), "textcoords": "offset points", "va": "top"}
        axes.annotate(scene.note, (0, 0), xycoords="axes fraction", color=DIM, size=7.5, parse_math=False, **place)
        return encoded(axes, suffix)


def _room(scene: WaterfallScene) -> tuple[float, float]:
    """Returns the inches left of the plot and below it that its labels need, measured where they would stand."""
    axes = axes_under_heading("", "", left=_LEFT, below=_ROOM_FOR_LABELS)
    _draw_axes(axes, scene)
    box = axes.xaxis.get_tightbbox()
    if not scene.bars or box is None:
        return _LEFT, _ROOM_FOR_LABELS
    dots, bars = axes.figure.dpi, len(scene.bars) - 1 + 2 * _BESIDE
    missing = [0.0]
    for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True):
        # a label moves right by less than the left end of the axis does, for the right end stays
        share = (place + _BESIDE) / bars
        missing.append((_EDGE - label.get_window_extent().x0 / dots) / (1 - share))
    depth = (axes.bbox.y0 - box.y0) / dots
    return _LEFT + max(missing), max(_ROOM_FOR_LABELS, depth + _EDGE)


def _draw_axes(axes: Axes, scene: WaterfallScene) -> None:
    count = len(scene.bars)
    axes.set_xlim(-_BESIDE, count - 1 + _BESIDE)
    axes.set_ylim(*scene.y_range)
    axes.set_yticks(scene.y_ticks, [tick_text(tick, "log10") for tick in scene.y_ticks])
    axes.set_ylabel("running product")
    axes.grid(axis="y")
    axes.axhline(0.0, color=DIM, linewidth=0.6)
    if count > MOST_LABELS:
        axes.set_xlabel("factor (1 = nearest the loss)")
        positions = range(0, count, max(1, count // 12))
        axes.set_xticks(list(positions), [str(position + 1) for position in positions])
    else:
        # A label is text, whatever characters a unit's name has.
        labels = axes.set_xticks(range(count), [_shortened(bar.label) for bar in scene.bars], rotation=35, ha="right")
        for tick in labels:
            tick.label1.set_parse_math(False)


def _shortened(label: str) -> str:
    return label if len(label) <= MOST_LETTERS else f"{label[: MOST_LETTERS - 1]}…"


def _draw_bars(axes: Axes, scene: WaterfallScene) -> None:
    foot = scene.y_range[0]
    for position, bar in enumerate(scene.bars):
        end = foot if bar.end is None else bar.end
        colour = TONE_COLOURS[bar.tone]
        axes.bar(position, end - bar.start, bottom=bar.start, width=0.7, color=colour)
        axes.plot([position - 0.35, position + 1.35], [end, end], color=DIM, linewidth=0.5)
        if bar.end is None:
            axes.plot(position, foot, marker="o", color=colour, markerfacecolor="white", clip_on=False)
