"""Axes that label exactly what they are told, and as much of it as fits.

pyqtgraph's own axis invents ticks and SI prefixes; here a *chooser* returns (position, label) pairs for a given length
in pixels. Positions on magnitude axes are log10 values on a linear scale, labelled as powers of ten.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.ticks import decade_ticks, round_values
from vgdesk.records.places import Places
from vgdesk.spec.digits import raised
from vgdesk.ui.fonts import text_font
from vgdesk.ui.painting import TICK_PIXELS, text_size
from vgdesk.ui.theme import Theme

Tick = tuple[float, str]
Chooser = Callable[[float], Sequence[Tick]]

LINE_PIXELS = 17
"""Height of one row of tick labels."""
_STRIDES = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


def power_of_ten(log10: float) -> str:
    """Returns 10^log10 as a label: "10⁻⁵", and "1" for 10^0."""
    return number_text(1.0) if log10 == 0 else "10" + raised(f"{log10:g}")


def decade_chooser(log10_ticks: Sequence[float]) -> Chooser:
    """Returns a chooser that labels the scene's decades, leaving out every second one where it gets tight."""
    ticks = [(value, power_of_ten(value)) for value in log10_ticks]
    spacing = ticks[1][0] - ticks[0][0] if len(ticks) > 1 else 1.0
    offset = round(ticks[0][0] / spacing) if ticks else 0  # so that 1 = 10^0 stays while others go

    def choose(pixels: float) -> list[Tick]:
        stride = _stride(len(ticks), pixels / LINE_PIXELS)
        return [tick for number, tick in enumerate(ticks, start=offset) if number % stride == 0]

    return choose


def tick_chooser(ticks: Sequence[float], scale: str) -> Chooser:
    """Returns a chooser that labels a scene's ticks on its scale: decades, or plain numbers as many as fit."""
    if scale == "log10":
        return decade_chooser(ticks)

    def choose(pixels: float) -> list[Tick]:
        stride = _stride(len(ticks), pixels / LINE_PIXELS)
        return [(value, tick_label(value, scale)) for value in ticks[::stride]]

    return choose


def tick_label(value: float, scale: str) -> str:
    """Returns the label of a position on a scale."""
    return power_of_ten(value) if scale == "log10" else number_text(value)


def place_chooser(places: Places, count: int, label_pixels: float) -> Chooser:
    """Returns a chooser for places: names of weight matrices, else numbers as for layers."""
    if places is Places.WEIGHTS:
        return lambda _: [(float(number), places.tick(number)) for number in range(1, count + 1)]
    return layer_chooser(count, label_pixels)


def _stride(count: float, room: float) -> int:
    return next((stride for stride in _STRIDES if count / stride <= max(room, 1.0)), _STRIDES[-1])


def layer_chooser(layers: int, label_pixels: float) -> Chooser:
    """Returns a chooser for layer numbers: 1 and round multiples, each with `label_pixels` of room."""

    def choose(pixels: float) -> list[Tick]:
        stride = _stride(layers, pixels / label_pixels)
        stride = 5 if stride == 2 and layers > 10 else stride
        numbers = list(range(stride, layers + 1, stride))
        if stride > 1 and (stride - 1) * pixels / layers >= label_pixels:
            numbers = [1, *numbers]
        return [(float(n), str(n)) for n in numbers or [1]]

    return choose


def linear_chooser(low: float, high: float, label_pixels: float = 2.4 * LINE_PIXELS) -> Chooser:
    """Returns a chooser of round numbers for a linear axis of plain values."""

    def choose(pixels: float) -> list[Tick]:
        return [(value, number_text(value)) for value in round_values(low, high, max(2, int(pixels / label_pixels)))]

    return choose


def step_chooser(first: float, last: float) -> Chooser:
    """Returns a chooser of whole training steps on a linear axis."""
    widest = text_size(f"{last:,.0f}", TICK_PIXELS)[0] + 18

    def choose(pixels: float) -> list[Tick]:
        ticks = decade_ticks(math.ceil(first), math.floor(last), max(2, int(pixels / widest)))
        return [(tick, f"{tick:,.0f}") for tick in ticks]

    return choose


def room_beyond(label: str) -> float:
    """Returns how many pixels right of the axis a label in the middle of its end needs."""
    return text_size(label, TICK_PIXELS)[0] / 2 + 4


def apart(ticks: Sequence[Tick], scale: float, gap: float = 10.0) -> list[Tick]:
    """Returns the ticks whose labels keep `gap` pixels between them; `scale` is pixels per axis unit."""
    kept: list[Tick] = []
    for tick in ticks:
        widths = (text_size(tick[1], TICK_PIXELS)[0] + text_size(kept[-1][1], TICK_PIXELS)[0]) / 2 if kept else 0.0
        if not kept or (tick[0] - kept[-1][0]) * scale >= widths + gap:
            kept.append(tick)
    return kept


class TickAxis(pg.AxisItem):
    """Is an axis with chosen ticks; `orientation` is "left", "bottom" or "right"."""

    def __init__(self, orientation: str, theme: Theme) -> None:
        super().__init__(orientation, maxTickLength=0)
        self._chooser: Chooser | None = None
        self._labels: dict[float, str] = {}
        self.setStyle(tickTextOffset=5, autoExpandTextSpace=False, hideOverlappingLabels=False)
        if orientation == "bottom":
            self.setHeight(LINE_PIXELS + 3)
        self.paint_like(theme)

    def paint_like(self, theme: Theme) -> None:
        """Takes the colours of a theme."""
        self.setTickFont(text_font(TICK_PIXELS))
        self.setStyle(tickAlpha=0)  # ticks of length 0 would still leave a dot on the picture
        self.setTextPen(QPen(QColor(theme.dim)))
        self.setPen(QPen(QColor(theme.border)))

    def show_ticks(self, chooser: Chooser | None, widest: str = "") -> None:
        """Labels the axis; a vertical one becomes wide enough for the label `widest`."""
        self._chooser = chooser
        if self.orientation != "bottom":
            self.setWidth(math.ceil(text_size(widest, TICK_PIXELS)[0]) + 10)
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Returns the chosen positions as pyqtgraph's one level of ticks."""
        ticks = self._chooser(size) if self._chooser else ()
        self._labels = dict(ticks)
        positions = list(self._labels)
        spacing = min((b - a for a, b in pairwise(positions)), default=1.0)
        return [(spacing, positions)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Returns the chosen labels."""
        return [self._labels[value] for value in values]
