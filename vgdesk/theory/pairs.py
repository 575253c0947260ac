"""E[phi(z_a) phi(z_b)] and E[phi'(z_a) phi'(z_b)] for all pairs of a batch at once.

With He_n the Hermite polynomials (of norm 1 under N(0, 1)) and c the correlation of z_a and z_b, Mehler's formula gives

    E[phi(z_a) phi(z_b)] = sum_n a_n^2 c^n,    a_n = E[phi(sqrt(q) g) He_n(g)]

The sum is cut after `TERMS`; what is left of E[phi^2] = sum_n a_n^2 goes to the power c^TERMS, so that c = 1 is exact.
All examples are taken at their mean variance q; where their own differ, the square of phi scales by the power
q_a^(d ln V / d ln q) that is right nearby, and for straight lines on either side of 0 everywhere.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import phi_of
from vgdesk.theory.moments import Moments, moments_at
from vgdesk.theory.quadrature import Nodes, gaussian_nodes

TERMS = 32
_FLOOR = 1e-300


class PairSeries(NamedTuple):
    """Is phi at one variance, ready for pairs.

    Attributes
    ----------
    q
        The variance.
    at
        The moments there.
    value, slope
        Coefficients of c^n, shape (TERMS + 1,).
    """

    q: float
    at: Moments[float]
    value: np.ndarray
    slope: np.ndarray

    def values(self, covariance: np.ndarray) -> np.ndarray:
        """Returns E[phi(z_a) phi(z_b)] for the covariance of the preactivations, both of shape (examples, examples)."""
        exponent = self.q * (self.at.slope_square + self.at.curvature) / max(self.at.square, _FLOOR)
        return self._pairs(covariance, self.value, exponent)

    def slopes(self, covariance: np.ndarray) -> np.ndarray:
        """Returns E[phi'(z_a) phi'(z_b)]."""
        exponent = self.q * self.at.slope_growth / max(self.at.slope_square, _FLOOR)
        return self._pairs(covariance, self.slope, exponent)

    def _pairs(self, covariance: np.ndarray, series: np.ndarray, exponent: float) -> np.ndarray:
        variances = np.maximum(np.diagonal(covariance), _FLOOR)
        share = (variances / max(self.q, _FLOOR)) ** (exponent / 2)
        return horner(series, correlations(covariance)) * np.outer(share, share)


def pair_series(activation: str, q: float) -> PairSeries:
    """Returns phi at a variance."""
    nodes = gaussian_nodes(activation, np.array([max(q, _FLOOR)]))
    at, polynomials = moments_at(activation, q), hermite(nodes.g[0])
    phi = phi_of(activation)
    return PairSeries(
        q,
        at,
        series(nodes, phi.value(nodes.z), polynomials, at.square),
        series(nodes, phi.slope(nodes.z), polynomials, at.slope_square),
    )


def series(nodes: Nodes, values: np.ndarray, polynomials: np.ndarray, whole: float) -> np.ndarray:
    """Returns a_n^2 of a function with these values at the nodes and E[f^2] = whole."""
    squares = (polynomials @ (nodes.weight * values)[0]) ** 2
    return np.append(squares, max(0.0, whole - float(squares.sum())))


def hermite(g: np.ndarray, terms: int = TERMS) -> np.ndarray:
    """Returns He_0 to He_(terms-1) of norm 1, shape (terms, points)."""
    rows = np.empty((terms, len(g)))
    rows[0], rows[1] = 1.0, g
    for n in range(2, terms):
        rows[n] = (g * rows[n - 1] - np.sqrt(n - 1) * rows[n - 2]) / np.sqrt(n)
    return rows


def horner(coefficients: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Returns sum_n coefficients[n] c^n."""
    result = np.full_like(c, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        result = result * c + coefficient
    return result


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Returns the correlations of a covariance; 1 on the diagonal, 0 beside a variance of 0."""
    deviation = np.sqrt(np.maximum(np.diagonal(covariance), _FLOOR))
    c = np.clip(covariance / np.outer(deviation, deviation), -1.0, 1.0)
    np.fill_diagonal(c, 1.0)
    return c
