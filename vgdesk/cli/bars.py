"""A per-layer gradient table with log bars, for the terminal."""

import math
from collections.abc import Sequence

from rich.table import Table

from vgdesk.present.spelling import magnitude_text

WIDTH = 32


def gradient_table(log10_norm: Sequence[float]) -> Table:
    """Returns a table of layers: magnitude and a bar whose length is proportional to log10 above the smallest one."""
    table = Table(box=None, pad_edge=False)
    table.add_column("layer", justify="right")
    table.add_column("‖∂L/∂W‖", justify="right")
    table.add_column("log₁₀", justify="right")
    table.add_column("")
    finite = [v for v in log10_norm if math.isfinite(v)]
    low = math.floor(min(finite, default=0.0)) - 1.0
    high = max([*finite, low + 1.0])
    for layer, log10 in enumerate(log10_norm, start=1):
        table.add_row(str(layer), magnitude_text(log10), f"{log10:.2f}", _bar(log10, low, high))
    return table


def _bar(log10: float, low: float, high: float) -> str:
    if not math.isfinite(log10):
        return "○" if log10 < 0 else "×"
    eighths = round((log10 - low) / (high - low) * WIDTH * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
