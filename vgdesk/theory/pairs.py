"""E[phi(z_a) phi(z_b)] and E[phi'(z_a) phi'(z_b)] for all pairs of a batch at once.

With He_n the Hermite polynomials (of norm 1 under N(0, 1)) and c the correlation of z_a and z_b, Mehler's formula gives

    E[phi(z_a) phi(z_b)] = sum_n a_n^2 c^n,    a_n = E[phi(sqrt(q) g) He_n(g)]

The sum is cut after `TERMS`; what is left of E[phi^2] = sum_n a_n^2 goes to the power c^TERMS, so that c = 1 is exact.
All examples are taken at their mean variance q; where their own differ, the square of phi scales by the power
q_a^(d ln V / d ln q) that is right nearby, and for straight lines on either side of 0 everywhere. Examples whose
variance lies further off, such as an input of zeros, have their own moments instead.

Straight lines on either side of 0 have closed forms, the arc-cosine kernels of `vgdesk.theory.correlation`.
A series ends where what is left of it is rounding (`vgdesk.theory.mehler`).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import largest_variance, phi_of
from vgdesk.theory.lines import SMALLEST_VARIANCE, line_at
from vgdesk.theory.mehler import (
    arranged,
    even_and_odd,
    polynomials_at,
    series,
    symmetric_sums,
    trimmed,
    with_series,
)
from vgdesk.theory.moments import (
    TWO_SIDED,
    Moments,
    line_moments,
    moments,
    moments_at,
    moments_over,
)
from vgdesk.theory.panels import panel_at, panel_sums, read
from vgdesk.theory.quadrature import gaussian_nodes, is_smooth

_FLOOR = 1e-300
NEARBY = 4.0
"""Within this factor of the mean variance the power is right to a few per cent."""
_CANCELLED = 1e-10
_NONE = np.zeros(0)


class PairSeries(NamedTuple):
    """Is phi at one variance, ready for pairs.

    Attributes
    ----------
    q
        The variance.
    at
        The moments there.
    coefficients
        Of c^n in E[phi phi] and in E[phi' phi'], see `power_sums`; empty where there is a closed form.
    below
        Slope below 0 of an activation that is a straight line on either side of 0; None of others.
    above
        Slope above 0 of such an activation, by whose size `below` is smaller.
    activation
        Its name or formula, for examples far from the mean variance.
    """

    q: float
    at: Moments[float]
    coefficients: np.ndarray
    below: float | None = None
    activation: str = ""
    above: float = 1.0

    def both(self, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns E[phi(z_a) phi(z_b)] and E[phi'(z_a) phi'(z_b)], shapes (examples, examples) as the covariance has.

        All of one pass, for a deep network makes hundreds.
        """
        if self.below is not None:
            value, slope = two_sided_pairs(self.below, covariance)
            return (value, slope) if self.above == 1.0 else (self.above**2 * value, self.above**2 * slope)
        value, slope = symmetric_sums(self.coefficients, correlations(covariance))
        growths, bends = self._scales(np.maximum(covariance.diagonal(), _FLOOR))
        _scale(value, growths)
        _scale(slope, bends)
        return value, slope

    def _scales(self, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the roots of E[phi^2] and E[phi'^2] at these variances, over those at q."""
        relative = variances / max(self.q, _FLOOR)
        growing = self.at.slope_square + self.at.curvature
        if abs(growing) < _CANCELLED * self.at.slope_square:
            # so far out that phi is constant on either side and the two differ by rounding
            growing = 0.0
        growth = self.q * growing / max(self.at.square, _FLOOR)
        bend = self.q * self.at.slope_growth / max(self.at.slope_square, _FLOOR)
        far = (relative > NEARBY) | (relative * NEARBY < 1.0)
        # of a variance of 0 a falling power would be infinite
        near = np.where(far, 1.0, relative)
        growths, bends = near ** (growth / 2), near ** (bend / 2)
        if far.any() and self.activation:
            # what is known no further is a straight line from there on (`vgdesk.theory.through_layer.enter`)
            known = np.minimum(variances[far], largest_variance(self.activation))
            own = moments(self.activation, known)
            growths[far] = np.sqrt(own.square * (variances[far] / known) / max(self.at.square, _FLOOR))
            bends[far] = np.sqrt(own.slope_square / max(self.at.slope_square, _FLOOR))
        return growths, bends


def two_sided_pairs(below: float, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns E[phi phi] and E[phi' phi'] of straight lines on either side of 0 (Cho & Saul 2009, eq. 3-6).

    With slope 1 above 0, alpha below and u = (1 - alpha)^2 / 2 pi, at deviations s and correlation c = cos(angle)

        E[phi'_a phi'_b] = alpha + u (pi - angle)        E[phi_a phi_b] = s_a s_b u sin(angle) + K_ab E[phi'_a phi'_b]

    Steps write into arrays that are there: a deep network asks for hundreds of them.
    """
    u = (1.0 - below) ** 2 / (2.0 * np.pi)
    deviations = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    sizes = deviations[:, None] * deviations
    c = _bounded(covariance / np.maximum(sizes, _FLOOR))
    slope = np.arccos(c)
    slope *= -u
    slope += below + u * np.pi
    value = np.multiply(c, c, out=c)
    np.subtract(1.0, value, out=value)
    np.sqrt(value, out=value)
    sizes *= u
    value *= sizes
    value += covariance * slope
    return value, slope


def _scale(products: np.ndarray, sizes: np.ndarray) -> None:
    """Multiplies products of a and b by the sizes of both."""
    products *= sizes
    products *= sizes[:, None]


def pair_series(activation: str, q: float, is_one_of_many: bool = False) -> PairSeries:
    """Returns phi at a variance; one of many nearby is read from panels (`vgdesk.theory.panels`)."""
    if activation in TWO_SIDED:
        return PairSeries(q, moments_at(activation, q), _NONE, TWO_SIDED[activation])
    panel = panel_at(q) if is_one_of_many and is_smooth(activation) else None
    if panel is not None:
        at, terms = with_series(read(_panel_of_pairs(activation, panel), panel, q), len(Moments._fields))
        return PairSeries(q, Moments(*at), terms, activation=activation)
    line = line_at(activation, q)
    if line is not None:
        # mirrored lines have the same pairs
        steep, flat = (line.above, line.below) if line.above else (line.below, 0.0)
        return PairSeries(q, line_moments(line, q), _NONE, flat / steep if steep else 0.0, activation, steep)
    at, value, slope = _integrated(activation, q)
    return PairSeries(q, at, even_and_odd(value, slope), activation=activation)


def _integrated(activation: str, q: float) -> tuple[Moments[float], np.ndarray, np.ndarray]:
    """Returns the moments of phi at a variance and the series of phi and phi'."""
    nodes = gaussian_nodes(activation, np.array([max(q, SMALLEST_VARIANCE)]))
    at = moments_over(activation, q, nodes)
    polynomials = polynomials_at(nodes)
    phi = phi_of(activation)
    value = series(nodes, phi.value(nodes.z), polynomials, at.square)
    return at, value, series(nodes, phi.slope(nodes.z), polynomials, at.slope_square)


@lru_cache(maxsize=1000)
def _panel_of_pairs(activation: str, panel: int) -> np.ndarray:
    """Returns the Chebyshev coefficients of the moments and of both series as `even_and_odd` has them."""

    def integrals(q: float) -> np.ndarray:
        at, value, slope = _integrated(activation, q)
        return np.concatenate([at, arranged(value, slope).ravel()])

    return trimmed(panel_sums(panel, integrals), len(Moments._fields))


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Returns the correlations of a covariance; 1 on the diagonal, 0 beside a variance of 0."""
    inverse = 1.0 / np.sqrt(np.maximum(covariance.diagonal(), _FLOOR))
    return _bounded(covariance * (inverse[:, None] * inverse))


def _bounded(c: np.ndarray) -> np.ndarray:
    """Returns correlations without what rounding has added to them."""
    np.minimum(c, 1.0, out=c)
    np.maximum(c, -1.0, out=c)
    c.flat[:: len(c) + 1] = 1.0
    return c
