"""The phase diagram: chi_1 at the variance that is reached, over a grid of sigma_w and sigma_b.

Splines of ln V and ln D over ln q, built once per activation, take the place of integrals; each cell needs one root of
ln(sigma_w^2 V(q) + sigma_b^2) = ln q. The root is the next one above q0 where the map lies above the diagonal there,
else the next one below (`vgdesk.theory.mean_field`), found for a whole row of cells at a time by halving.
"""

import math
from collections.abc import Iterator
from functools import cache

import msgspec
import numpy as np
from scipy.interpolate import CubicSpline

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.spec.base import require_finite, require_integer
from vgdesk.theory.variance_map import LARGEST_SIGMA, SAME, grid_moments, grows, require_sigmas

MOST_POINTS = 1000
_LEAST_SPAN = 1e-9
_ZERO = 1e-300
"""Stands for 0 in a spline of logarithms."""
_HALVINGS = 40
_ITERATIONS = 300
"""Of maps that are not monotone."""


class PhaseDiagram(msgspec.Struct, frozen=True, kw_only=True):
    """Is chi_1 and q over a grid.

    Attributes
    ----------
    sigma_w, sigma_b
        The grid, shapes (columns,) and (rows,).
    q
        Variance that is reached from q0, shape (rows, columns); 0 or infinite where it vanishes or grows for ever.
    chi_1
        Factor of |delta|^2 per layer there, shape (rows, columns).
    """

    activation: str
    sigma_w: np.ndarray
    sigma_b: np.ndarray
    q: np.ndarray
    chi_1: np.ndarray


def phase_diagram(
    activation: str, sigma_w: tuple[float, float], sigma_b: tuple[float, float], points: int = 200, q0: float = 1.0
) -> PhaseDiagram:
    """Returns the phase diagram of an activation over two ranges, `points` by `points`.

    Raises
    ------
    SpecError
        Unknown activation, an empty or infinite range, or too many points.
    """
    w, b = grid(activation, "sigma_w", sigma_w, points), grid(activation, "sigma_b", sigma_b, points)
    require_finite("q0", q0, 1e-20, 1e20)
    rows = list(phase_rows(activation, w, b, q0))
    q, chi_1 = (np.stack(columns) for columns in zip(*rows, strict=True))
    return PhaseDiagram(activation=activation, sigma_w=frozen(w), sigma_b=frozen(b), q=frozen(q), chi_1=frozen(chi_1))


def grid(activation: str, field: str, span: tuple[float, float], points: int) -> np.ndarray:
    """Returns `points` numbers from one end of a range to the other."""
    require_sigmas(activation, 0.0, 0.0)
    require_integer("points", points, 2, MOST_POINTS)
    require_finite(f"the lower end of {field}", span[0], 0.0, LARGEST_SIGMA)
    require_finite(f"the upper end of {field}", span[1], 0.0, LARGEST_SIGMA)
    if span[1] - span[0] < _LEAST_SPAN:
        raise SpecError(f"{field} must go from a lower number to a higher one, got {span[0]:g} to {span[1]:g}")
    return np.linspace(*span, points)


def phase_rows(
    activation: str, sigma_w: np.ndarray, sigma_b: np.ndarray, q0: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields q and chi_1 of each row, the first sigma_b first; whoever drives it may stop between two rows."""
    log_q, at = grid_moments(activation)[0], _splines(activation)
    ends, start = np.log(log_q[[0, -1]]), np.log(q0)
    row = _row if grows(activation) else _iterated_row
    for bias in sigma_b:
        yield row(activation, at, sigma_w, float(bias), (ends[0], start, ends[1]))


def _iterated_row(
    activation: str,
    splines: tuple[CubicSpline, CubicSpline],
    sigma_w: np.ndarray,
    sigma_b: float,
    marks: tuple[float, float, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Returns what `_row` does where E[phi^2] may fall with q: by iteration (`vgdesk.theory.mean_field`)."""
    value, slope = splines
    lowest, start, highest = marks
    log_q = np.full(len(sigma_w), start)
    for _ in range(_ITERATIONS):
        with np.errstate(divide="ignore"):
            log_q = np.clip(np.log(sigma_w**2 * np.exp(value(log_q)) + sigma_b**2), lowest, highest)
    ends = np.where(log_q >= highest, np.inf, np.where(log_q <= lowest, 0.0, np.exp(log_q)))
    return ends, sigma_w**2 * _size(slope, log_q)


def _row(
    activation: str,
    splines: tuple[CubicSpline, CubicSpline],
    sigma_w: np.ndarray,
    sigma_b: float,
    marks: tuple[float, float, float],
) -> tuple[np.ndarray, np.ndarray]:
    value, slope = splines
    q, at = grid_moments(activation)
    lowest, start, highest = marks
    square = sigma_w**2

    def excess(log_q: np.ndarray) -> np.ndarray:
        return (square * np.exp(value(log_q)) + sigma_b**2) / np.exp(log_q) - 1.0

    drift = excess(np.full(len(sigma_w), start))
    table = (square[:, None] * at.square + sigma_b**2) / q - 1.0
    rising = drift > 0.0
    beyond = np.where(rising[:, None], (np.log(q) > start) & (table <= 0.0), (np.log(q) < start) & (table >= 0.0))
    has_root = beyond.any(axis=1)
    first = np.where(rising, beyond.argmax(axis=1), len(q) - 1 - beyond[:, ::-1].argmax(axis=1))
    near = np.log(q[np.clip(np.where(rising, first - 1, first + 1), 0, len(q) - 1)])
    near = np.where(rising, np.maximum(near, start), np.minimum(near, start))
    far = np.log(q[first])
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        is_near = (excess(middle) > 0.0) == rising
        near, far = np.where(is_near, middle, near), np.where(is_near, far, middle)
    found = np.where(has_root, (near + far) / 2, np.where(rising, highest, lowest))
    found = np.where(np.abs(drift) < SAME, start, found)
    reached = np.where(has_root | (np.abs(drift) < SAME), np.exp(found), np.where(rising, np.inf, 0.0))
    return reached, square * _size(slope, found)


def _size(spline: CubicSpline, log_q: np.ndarray) -> np.ndarray:
    """Returns what a spline has the logarithm of, 0 where that stands for nothing."""
    found = spline(log_q)
    return np.where(found <= math.log(2 * _ZERO), 0.0, np.exp(found))


@cache
def _splines(activation: str) -> tuple[CubicSpline, CubicSpline]:
    q, at = grid_moments(activation)
    square, slope = np.maximum(at.square, _ZERO), np.maximum(at.slope_square, _ZERO)
    return CubicSpline(np.log(q), np.log(square)), CubicSpline(np.log(q), np.log(slope))
