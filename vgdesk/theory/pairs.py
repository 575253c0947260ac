"""E[phi(z_a) phi(z_b)] and E[phi'(z_a) phi'(z_b)] for all pairs of a batch at once.

With He_n the Hermite polynomials (of norm 1 under N(0, 1)) and c the correlation of z_a and z_b, Mehler's formula gives

    E[phi(z_a) phi(z_b)] = sum_n a_n^2 c^n,    a_n = E[phi(sqrt(q) g) He_n(g)]

The sum is cut after `TERMS`; what is left of E[phi^2] = sum_n a_n^2 goes to the power c^TERMS, so that c = 1 is exact.
All examples are taken at their mean variance q; where their own differ, the square of phi scales by the power
q_a^(d ln V / d ln q) that is right nearby, and for straight lines on either side of 0 everywhere. Examples whose
variance lies further off, such as an input of zeros, have their own moments instead.

Straight lines on either side of 0 have closed forms, the arc-cosine kernels of `vgdesk.theory.correlation`.
A series ends where what is left of it is rounding; one with only odd or only even terms is summed in c^2.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.theory.activations import phi_of
from vgdesk.theory.moments import SMALLEST_VARIANCE, TWO_SIDED, Moments, moments, moments_at, moments_over
from vgdesk.theory.quadrature import Nodes, even_points, gaussian_nodes

TERMS = 32
_FLOOR = 1e-300
_NEARBY = 4.0
"""Within this factor of the mean variance the power is right to a few per cent."""
_ROUNDING = 1e-17
_NONE = np.zeros(0)


class PairSeries(NamedTuple):
    """Is phi at one variance, ready for pairs.

    Attributes
    ----------
    q
        The variance.
    at
        The moments there.
    value, slope
        Coefficients of c^n, at most TERMS + 1; empty where there is a closed form.
    below
        Slope below 0 of an activation that is a straight line on either side of 0; None of others.
    activation
        Its name or formula, for examples far from the mean variance.
    """

    q: float
    at: Moments[float]
    value: np.ndarray
    slope: np.ndarray
    below: float | None = None
    activation: str = ""

    def both(self, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns E[phi(z_a) phi(z_b)] and E[phi'(z_a) phi'(z_b)], shapes (examples, examples) as the covariance has.

        All of one pass, for a deep network makes hundreds.
        """
        value, slope = self._of_correlation(correlations(covariance))
        growths, bends = self._scales(np.maximum(np.diagonal(covariance), _FLOOR))
        value *= np.multiply.outer(growths, growths)
        if bends is not None:
            slope *= np.multiply.outer(bends, bends)
        return value, slope

    def _scales(self, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Returns the roots of E[phi^2] and E[phi'^2] at these variances, over those at q; None for all 1."""
        relative = variances / max(self.q, _FLOOR)
        growth = self.q * (self.at.slope_square + self.at.curvature) / max(self.at.square, _FLOOR)
        bend = self.q * self.at.slope_growth / max(self.at.slope_square, _FLOOR)
        if self.below is not None:
            return relative ** (growth / 2), None
        far = (relative > _NEARBY) | (relative * _NEARBY < 1.0)
        # of a variance of 0 a falling power would be infinite
        near = np.where(far, 1.0, relative)
        growths, bends = near ** (growth / 2), near ** (bend / 2)
        if far.any() and self.activation:
            own = moments(self.activation, variances[far])
            growths[far] = np.sqrt(own.square / max(self.at.square, _FLOOR))
            bends[far] = np.sqrt(own.slope_square / max(self.at.slope_square, _FLOOR))
        return growths, bends

    def _of_correlation(self, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.below is None:
            return horner(self.value, c), horner(self.slope, c)
        below, zeroth, first = self.below, *arc_cosines(c)
        return self.q * ((1 - below) ** 2 / 2 * first + below * c), (1 - below) ** 2 / 2 * zeroth + below


def arc_cosines(c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns 2 E[theta theta] and 2 E[relu relu] / q at correlations c (Cho & Saul 2009, eq. 3-6, over pi)."""
    angle = np.arccos(c) / np.pi
    zeroth = 1.0 - angle
    return zeroth, np.sqrt(1.0 - c * c) / np.pi + zeroth * c


def pair_series(activation: str, q: float) -> PairSeries:
    """Returns phi at a variance."""
    if activation in TWO_SIDED:
        return PairSeries(q, moments_at(activation, q), _NONE, _NONE, TWO_SIDED[activation])
    nodes = gaussian_nodes(activation, np.array([max(q, SMALLEST_VARIANCE)]))
    at = moments_over(activation, q, nodes)
    polynomials = _kept_hermite(nodes.step) if nodes.step else hermite(nodes.g[0])
    phi = phi_of(activation)
    return PairSeries(
        q,
        at,
        series(nodes, phi.value(nodes.z), polynomials, at.square),
        series(nodes, phi.slope(nodes.z), polynomials, at.slope_square),
        activation=activation,
    )


def series(nodes: Nodes, values: np.ndarray, polynomials: np.ndarray, whole: float) -> np.ndarray:
    """Returns a_n^2 of a function with these values at the nodes and E[f^2] = whole."""
    squares = (polynomials @ (nodes.weight * values)[0]) ** 2
    return np.append(squares, max(0.0, whole - float(squares.sum())))


def hermite(g: np.ndarray, terms: int = TERMS) -> np.ndarray:
    """Returns He_0 to He_(terms-1) of norm 1, shape (terms, points)."""
    rows = np.empty((terms, len(g)))
    rows[0], rows[1] = 1.0, g
    scaled = np.empty_like(g)
    for n in range(2, terms):
        np.multiply(g, 1.0 / math.sqrt(n), out=scaled)
        np.multiply(scaled, rows[n - 1], out=rows[n])
        np.multiply(rows[n - 2], math.sqrt((n - 1) / n), out=scaled)
        rows[n] -= scaled
    return rows


@cache
def _kept_hermite(step: float) -> np.ndarray:
    """Returns `hermite` at the points of equal steps, which are the same for every variance."""
    return frozen(hermite(even_points(step)))


def horner(coefficients: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Returns sum_n coefficients[n] c^n, |c| <= 1; the coefficients are not negative."""
    # from here on all of them together are rounding
    left = np.cumsum(coefficients[::-1])[::-1] > _ROUNDING * coefficients.sum()
    kept = coefficients[: max(1, int(left.sum()))]
    for parity in (0, 1):
        if len(kept) > 3 and float(kept[1 - parity :: 2].sum()) <= _ROUNDING * float(kept.sum()):
            found = _horner(kept[parity::2], c * c)
            return found * c if parity else found
    return _horner(kept, c)


def _horner(coefficients: np.ndarray, c: np.ndarray) -> np.ndarray:
    result = np.full(c.shape, coefficients[-1])
    for coefficient in coefficients[-2::-1].tolist():
        result *= c
        result += coefficient
    return result


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Returns the correlations of a covariance; 1 on the diagonal, 0 beside a variance of 0."""
    inverse = 1.0 / np.sqrt(np.maximum(np.diagonal(covariance), _FLOOR))
    c = covariance * np.multiply.outer(inverse, inverse)
    np.minimum(c, 1.0, out=c)
    np.maximum(c, -1.0, out=c)
    c.flat[:: len(c) + 1] = 1.0
    return c
