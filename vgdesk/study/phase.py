"""Use case: the phase diagram of an activation, block of rows by block of rows, around where a network stands."""

from collections.abc import Iterator

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.phase import PhaseRows
from vgdesk.theory.critical import critical
from vgdesk.theory.phase import grid, phase_rows
from vgdesk.theory.variance_map import LARGEST_SIGMA

POINTS = 200
BLOCK = 10
"""Rows that are handed over at a time: 200 of them make twenty pictures on the way."""
_WIDEST = 50.0
"""A critical line further out than this would make everything else of the diagram a dot."""


def phase_spans(activation: str, sigma_w: float, sigma_b: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Returns ranges of sigma_w and sigma_b that hold the network's own place and the critical line, with air."""
    lines = [point.sigma_w for bias in (0.0, 1.0) for point in critical(activation, bias).points]
    line = max((found for found in lines if found <= _WIDEST), default=0.0)
    wide, high = max(3.0, 1.3 * sigma_w, 1.3 * line), max(2.0, 1.3 * sigma_b)
    return (0.0, min(_rounded(wide), LARGEST_SIGMA)), (0.0, min(_rounded(high), LARGEST_SIGMA))


def phase_parts(
    activation: str, spans: tuple[tuple[float, float], tuple[float, float]], points: int = POINTS, q0: float = 1.0
) -> Iterator[PhaseRows]:
    """Yields a phase diagram from small sigma_b to large; whoever drives it may stop between two blocks.

    Raises
    ------
    SpecError
        Unknown activation, an empty or infinite range, or too many points.
    """
    w, b = (frozen(grid(activation, name, span, points)) for name, span in zip(_NAMES, spans, strict=True))
    rows = phase_rows(activation, w, b, q0)
    for first in range(0, points, BLOCK):
        block = [next(rows) for _ in range(min(BLOCK, points - first))]
        q, chi_1 = (frozen(np.stack(columns)) for columns in zip(*block, strict=True))
        yield PhaseRows(activation=activation, sigma_w=w, sigma_b=b, first=first, q=q, chi_1=chi_1)


_NAMES = ("sigma_w", "sigma_b")


def _rounded(size: float) -> float:
    """Returns a size rounded up to one or two digits."""
    unit = 10.0 ** (np.floor(np.log10(size)) - 1)
    return float(round(np.ceil(size / unit - 1e-9) * unit, 12))
