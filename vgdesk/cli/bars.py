"""A per-layer gradient table with log bars, for the terminal. Where it is narrow the bars give way, never a number."""

import math
from collections.abc import Sequence

from vgdesk.present.spelling import magnitude_text

LONGEST_BAR = 32
SHORTEST_BAR = 8
GAP = "  "
MOST_TIME_STEPS = 40
"""More time steps are thinned: the first and the last few, and some between."""


def gradient_lines(
    log10_norm: Sequence[float],
    width: int,
    blocks: bool = True,
    head: tuple[str, str] = ("layer", "‖∂L/∂W‖"),
    places: Sequence[int] | None = None,
) -> list[str]:
    """Returns a line per place: magnitude, its log10, and a bar proportional to log10 above the smallest one.

    Parameters
    ----------
    log10_norm
        log10 of the magnitude per layer or time step, number 1 first.
    width
        Columns of the terminal.
    blocks
        Whether it has block characters; without them a bar is made of "#".
    head
        What stands above the numbers of the places, and above the magnitudes.
    places
        Their numbers, from 1; by default all.
    """
    shown = range(1, len(log10_norm) + 1) if places is None else places
    log10_norm = [log10_norm[place - 1] for place in shown]
    named = zip(shown, log10_norm, strict=True)
    rows = [(*head, "log₁₀"), *((str(n), magnitude_text(v), f"{v:.2f}") for n, v in named)]
    if _width(rows) > width:
        rows = [row[:2] for row in rows]  # the same number twice is the first to go
    columns = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [GAP.join(cell.rjust(size) for cell, size in zip(row, columns, strict=True)) for row in rows]
    room = min(LONGEST_BAR, width - _width(rows) - len(GAP))
    if room < SHORTEST_BAR:
        return lines
    bars = ["", *_bars(log10_norm, room, blocks)]
    return [f"{line}{GAP}{bar}".rstrip() for line, bar in zip(lines, bars, strict=True)]


def thinned(count: int) -> list[int]:
    """Returns which of so many time steps are shown: all of a few, else the first, the last and some between."""
    if count <= MOST_TIME_STEPS:
        return list(range(1, count + 1))
    between = {round(1 + (count - 1) * k / (MOST_TIME_STEPS - 11)) for k in range(MOST_TIME_STEPS - 10)}
    return sorted(between | set(range(1, 6)) | set(range(count - 4, count + 1)))


def _width(rows: Sequence[Sequence[str]]) -> int:
    columns = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return sum(columns) + len(GAP) * (len(columns) - 1)


def _bars(log10_norm: Sequence[float], room: int, blocks: bool) -> list[str]:
    finite = [v for v in log10_norm if math.isfinite(v)]
    low = math.floor(min(finite, default=0.0)) - 1.0
    high = max([*finite, low + 1.0])
    return [_bar(v, (v - low) / (high - low) * room, blocks) for v in log10_norm]


def _bar(log10: float, length: float, blocks: bool) -> str:
    if not math.isfinite(log10):
        return ("○" if blocks else "0") if log10 < 0 else ("×" if blocks else "x")
    if not blocks:
        return "#" * round(length)
    eighths = round(length * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
