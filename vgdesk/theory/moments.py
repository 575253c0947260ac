"""Gaussian moments of an activation at preactivation variance q: all that the theory of wide networks needs of phi.

With z ~ N(0, q), g = z / sqrt(q):

    mean          E[phi]
    square        E[phi^2]              enters the variance map
    slope_square  E[phi'^2]             enters chi
    curvature     E[phi phi'']          chi_q = sigma_w^2 (slope_square + curvature)
    slope_fourth  E[phi'^4]             enters the fluctuations
    square_fourth E[phi^4]
    mixed         E[phi^2 phi'^2]
    slope_growth  d/dq E[phi'^2] = E[(g^2 - 1) phi'^2] / (2 q)

phi'' has a delta at every kink k of height phi'(k+) - phi'(k-), so E[phi phi''] gains phi(k) times height times the
density of z at k. The families with closed forms (straight lines on either side of 0, and erf; Cho & Saul 2009,
Williams 1997) use them; the others the quadrature of `vgdesk.theory.quadrature`. Of a mixture (`vgdesk.spec.mixture`)
every moment is the mean over the units (`vgdesk.theory.units`).
"""

import math
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar, cast

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.spec.activation import FORMULA, LEAKY_SLOPE, PRELU_START, facts_of
from vgdesk.spec.mixture import is_mixture, parts_of
from vgdesk.theory.activations import LARGEST_VARIANCE, PHI, largest_variance, limit_words, phi_of, require_known
from vgdesk.theory.lines import SMALLEST_VARIANCE, Line, line_everywhere, line_near_zero
from vgdesk.theory.own_activation import has_curvature
from vgdesk.theory.quadrature import NODES, Nodes, gaussian_nodes

TWO_SIDED = {"identity": 1.0, "relu": 0.0, "leaky-relu": LEAKY_SLOPE, "prelu": PRELU_START}
"""Slope below 0 of the activations that are a straight line on either side of 0, with slope 1 above."""
_CAP = 1e150
_NO_GROWTH = 1e-15
"""Of d ln E[phi^2] / d ln q: below it is rounding."""
_CHUNK = 2**17
"""Points evaluated at once: larger arrays leave the cache."""


Number = TypeVar("Number", np.ndarray, float)


class Moments(NamedTuple, Generic[Number]):
    """Holds the moments, each of shape (number of variances,) or, of one variance, a float."""

    mean: Number
    square: Number
    slope_square: Number
    curvature: Number
    slope_fourth: Number
    square_fourth: Number
    mixed: Number
    slope_growth: Number


def moments_at(activation: str, q: float) -> Moments[float]:
    """Returns the moments at one variance as numbers; see `moments`."""
    if activation in TWO_SIDED and 0.0 <= q <= LARGEST_VARIANCE:
        return _two_sided_at(TWO_SIDED[activation], q)
    if is_mixture(activation):
        return mean_moments((share, moments_at(name, q)) for name, share in parts_of(activation))
    return Moments(*(float(moment[0]) for moment in moments(activation, q)))


def moments(activation: str, q: np.ndarray | float, nodes: int = NODES) -> Moments[np.ndarray]:
    """Returns the moments at one variance or several, to about 1e-13 relative.

    Parameters
    ----------
    activation
        A name, e.g. "elu(0.5)", a formula, or a mixture; PReLU with its slope at the start, 0.25.
    q
        Variance of the preactivation, from 0 to 1e200; of a formula to `largest_variance`.
    nodes
        Points per panel of the quadrature; with 12 the error is at most 1e-12, and that only of softsign.

    Raises
    ------
    SpecError
        Unknown activation, or a variance out of range.
    """
    require_known(activation)
    variances = np.atleast_1d(np.asarray(q, float))
    require_variance(activation, "variance q", variances)
    if activation in TWO_SIDED:
        return _two_sided(TWO_SIDED[activation], variances)
    if is_mixture(activation):
        return mean_moments((share, moments(name, variances, nodes)) for name, share in parts_of(activation))
    line = line_near_zero(activation) if np.any(variances < SMALLEST_VARIANCE) else None
    if line is not None:
        return _with_lines(activation, line, variances, nodes)
    positive = np.maximum(variances, SMALLEST_VARIANCE)
    if activation == "erf":
        return _error_function(positive, nodes)
    # the panels of a formula are many, and each variance needs few of them
    rows = 1 if activation.startswith(FORMULA) else max(1, _CHUNK // 2000)
    pieces = (positive[start : start + rows] for start in range(0, len(positive), rows))
    parts = [_integrated(activation, piece, gaussian_nodes(activation, piece, nodes=nodes)) for piece in pieces]
    return Moments(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def mean_moments(weighed: Iterable[tuple[float, Moments[Number]]]) -> Moments[Number]:
    """Returns the moments of units of which so large a part has these moments, that part so large a one those, ..."""
    parts, rows = zip(*weighed, strict=True)
    columns = zip(*rows, strict=True)
    sums = (sum(part * value for part, value in zip(parts, c, strict=True)) for c in columns)
    return cast("Moments[Number]", Moments(*sums))


def straight_slope(activation: str) -> float | None:
    """Returns E[phi'^2] where it is the same at every q and E[phi^2] = E[phi'^2] q; None of other activations.

    So it is of straight lines on either side of 0, and of mixtures of them.
    """
    squares = [(share, _mean_square_slope(name)) for name, share in parts_of(activation)]
    known = [share * square for share, square in squares if square is not None]
    return sum(known) if len(known) == len(squares) else None


def _mean_square_slope(activation: str) -> float | None:
    if activation in TWO_SIDED:
        return (1 + TWO_SIDED[activation] ** 2) / 2
    line = line_everywhere(activation) if activation.startswith(FORMULA) else None
    return None if line is None else (line.above**2 + line.below**2) / 2


def moments_over(activation: str, q: float, nodes: Nodes) -> Moments[float]:
    """Returns the moments at one variance, integrated over the nodes of `gaussian_nodes` that a caller already has."""
    if activation in TWO_SIDED or activation == "erf":
        return moments_at(activation, q)
    found = _integrated(activation, np.array([max(q, SMALLEST_VARIANCE)]), nodes)
    return Moments(*(float(moment[0]) for moment in found))


def require_variance(activation: str, field: str, q: np.ndarray | float) -> None:
    """Raises `SpecError` unless all variances are from 0 to `largest_variance`; the sentence says why it ends there."""
    variances, largest = np.atleast_1d(np.asarray(q, float)), largest_variance(activation)
    allowed = (variances >= 0.0) & (variances <= largest)
    if not np.all(allowed):
        reason = f": {limit_words(activation)}" if limit_words(activation) else ""
        worst = float(variances[~allowed][0])
        raise SpecError(f"{field} must be a number from 0 to {largest:.6g}, got {worst!r}{reason}")


def line_moments(line: Line, q: float) -> Moments[float]:
    """Returns the moments of two lines through 0 at one variance."""
    steep, flat = (line.above, line.below) if line.above else (-line.below, 0.0)
    if not steep:
        return Moments(*[0.0] * len(Moments._fields))
    at = _two_sided_at(flat / steep, q)
    square, fourth = steep**2, steep**4
    return Moments(
        mean=steep * at.mean,
        square=square * at.square,
        slope_square=square * at.slope_square,
        curvature=0.0,
        slope_fourth=fourth * at.slope_fourth,
        square_fourth=fourth * at.square_fourth,
        mixed=fourth * at.mixed,
        slope_growth=0.0,
    )


def _with_lines(activation: str, line: Line, q: np.ndarray, nodes: int) -> Moments[np.ndarray]:
    """Returns the moments of variances of which some are so small that phi is its lines through 0."""
    is_small = q < SMALLEST_VARIANCE
    columns = np.empty((len(Moments._fields), len(q)))
    columns[:, is_small] = np.array([line_moments(line, variance) for variance in q[is_small].tolist()]).T
    if not np.all(is_small):
        columns[:, ~is_small] = moments(activation, q[~is_small], nodes)
    return Moments(*columns)


def _two_sided(below: float, q: np.ndarray) -> Moments[np.ndarray]:
    """Returns the moments of z above 0 and `below` z below it, of several variances."""
    columns = zip(*(_two_sided_at(below, variance) for variance in q.tolist()), strict=True)
    return Moments(*(np.array(column) for column in columns))


def _two_sided_at(below: float, q: float) -> Moments[float]:
    """Returns the moments of z above 0 and `below` z below it: halves of E[z^n] = 1, q, 3 q^2."""
    second, fourth = (1 + below**2) / 2, (1 + below**4) / 2
    return Moments(
        mean=(1 - below) * math.sqrt(q / (2 * math.pi)),
        square=second * q,
        slope_square=second,
        curvature=0.0,
        slope_fourth=fourth,
        square_fourth=3 * fourth * min(q, 1e150) ** 2,
        mixed=fourth * q,
        slope_growth=0.0,
    )


def _error_function(q: np.ndarray, nodes: int) -> Moments[np.ndarray]:
    """Returns the closed forms where there are any: E[e^(-a z^2)] = (1 + 2 a q)^(-1/2), Williams 1997 for E[phi^2]."""
    at = gaussian_nodes("erf", q, nodes=nodes)
    value, slope = PHI["erf"].value(at.z), PHI["erf"].slope(at.z)
    root = np.sqrt(1 + 4 * q)
    return Moments(
        mean=np.zeros_like(q),
        square=2 / np.pi * np.arcsin(2 * q / (1 + 2 * q)),
        slope_square=4 / np.pi / root,
        curvature=-8 / np.pi * q / ((1 + 2 * q) * root),
        slope_fourth=16 / np.pi**2 / np.sqrt(1 + 8 * q),
        square_fourth=at.mean(value**4),
        mixed=at.mean((value * slope) ** 2),
        slope_growth=-8 / np.pi / root**3,
    )


def _integrated(activation: str, q: np.ndarray, at: Nodes) -> Moments[np.ndarray]:
    phi = phi_of(activation)
    value, slope = phi.value(at.z), phi.slope(at.z)
    value_square, slope_square = value * value, slope * slope
    # capped, so that higher powers are numbers also far out, where the density is 0 beside them
    values, slopes = np.minimum(value_square, _CAP), np.minimum(slope_square, _CAP)
    return Moments(
        mean=at.mean(value),
        square=at.mean(value_square),
        slope_square=at.mean(slope_square),
        curvature=_curvature(activation, at, value, slope_square, q),
        slope_fourth=at.mean(slopes**2),
        square_fourth=at.mean(values**2),
        mixed=at.mean(values * slopes),
        slope_growth=_growth(at, slope_square, q),
    )


def _curvature(activation: str, at: Nodes, value: np.ndarray, slope_square: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Returns E[phi phi'']; of a formula that jumps or has no phi'' as d/dq E[phi^2] - E[phi'^2]."""
    bend = (
        None if activation.startswith(FORMULA) and not has_curvature(activation) else phi_of(activation).curvature(at.z)
    )
    # far out phi'' of a formula may be infinity over infinity; for so large a q the other way has all its digits
    if bend is None or not np.all(np.isfinite(bend)):
        growth = _growth(at, value * value, q)
        # a mean square that no q changes, as of sign(z), leaves the rounding of its integral
        growth = np.where(np.abs(growth) < _NO_GROWTH * at.mean(value * value) / q, 0.0, growth)
        return growth - at.mean(slope_square)
    return at.mean(value * bend) + _kink_share(activation, q)


def _growth(at: Nodes, values: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Returns d/dq E[values], by integration by parts."""
    return at.mean((at.g**2 - 1) * values) / (2 * q)


def _kink_share(activation: str, q: np.ndarray) -> np.ndarray:
    """Returns what the deltas of phi'' add to E[phi phi'']."""
    phi, share = phi_of(activation), np.zeros_like(q)
    for kink in facts_of(activation).kinks:
        # beside a kink that was found, not given, its last digits are unsure
        step = 1e-12 * max(1.0, abs(kink)) if activation.startswith(FORMULA) else 0.0
        sides = np.nextafter(np.array([kink - step, kink + step]), [-np.inf, np.inf])
        height, value = np.diff(phi.slope(sides))[0], float(phi.value(np.array([kink]))[0])
        if value != 0.0:
            share += value * height * np.exp(-kink * kink / (2 * q)) / np.sqrt(2 * np.pi * q)
    return share
