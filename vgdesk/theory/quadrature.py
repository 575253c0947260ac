"""Expectations over N(mean, q): panels with their ends at the kinks, Gauss-Legendre inside.

Gauss-Hermite loses its digits at a kink, and for q >> 1 also at tanh, which then is a step. So the line is cut

    at whole numbers of standard deviations up to 12       the density varies on this scale; e^(-72) = 5e-32 is left
    at z = 0, +-1, +-2, +-4, ...                           phi varies on this scale, and ever more slowly outwards
    at z = -alpha, -2 alpha, -4 alpha, ... of CELU         where its exponential varies on that scale
    at the kinks of phi
    at the panels of a formula                             `vgdesk.theory.own_activation`

and each piece gets `NODES` points. No singularity of any phi of the catalogue in the complex plane comes nearer to a
piece than its own width, so the error falls by 1e-28 and more (Trefethen 2008, "Is Gauss quadrature better than
Clenshaw-Curtis?", theorem 4.5): what is left is rounding.

A phi without kinks takes fewer points, for one variance at a time: equal steps h in g, whose error is e^(-2 pi d / h)
for a singularity at the distance d from the real axis (Trefethen & Weideman 2014, "The exponentially convergent
trapezoidal rule", theorem 5.1), and e^(-(2 pi / h)^2 / (2 + 4 a q)) for functions that grow like e^(a y^2) there. The
points of a few steps are kept.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.spec.activation import FORMULA, alpha_of, facts_of, family_name
from vgdesk.theory.own_activation import REACH, reach_of

NODES = 20
_OCTAVES = 7
"""Beyond |z| = 2^7 every phi is a straight line to the last bit, except softsign, which needs all octaves."""


_STRIPS = {
    "sigmoid": np.pi,
    "tanh": np.pi / 2,
    "softplus": np.pi,
    "log-sigmoid": np.pi,
    "silu": np.pi,
    "mish": 3 * np.pi / 4,
}
"""Distance of phi's nearest singularity from the real axis."""
_GROWTH = {"erf": 4.0, "gelu": 2.0}
"""a of e^(a y^2), by which phi'^4 of a phi without any singularity grows along the imaginary axis."""
_STEPS = 0.36 * 2.0 ** (-np.arange(11) / 2)
"""The largest still integrates He_31 to the last digit."""
_ACCURATE = 48.0
"""e^-48, with room for singularities of high order."""


class Nodes(NamedTuple):
    """Holds points and weights, each of shape (number of variances, points).

    Attributes
    ----------
    g
        Standard normal variable.
    z
        mean + sqrt(q) g.
    weight
        E[f] is the sum of weight * f(z) over the last axis.
    step
        Of points with equal steps; else 0.
    """

    g: np.ndarray
    z: np.ndarray
    weight: np.ndarray
    step: float = 0.0

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Returns the expectation of values at the points, shape (number of variances,)."""
        return np.vecdot(self.weight, values)


def gaussian_nodes(activation: str, q: np.ndarray, mean: np.ndarray | float = 0.0, nodes: int = NODES) -> Nodes:
    """Returns points that integrate functions of phi(z), z ~ N(mean, q), to about 1e-14.

    Parameters
    ----------
    activation
        Whose kinks and scale to respect.
    q
        Variances, positive, shape (n,).
    mean
        Means, shape (n,) or a number.
    nodes
        Points per panel.
    """
    if len(q) == 1 and isinstance(mean, float):
        even = _even_nodes(activation, float(q[0]), mean)
        if even is not None:
            return even
    reach = _reach(activation)
    deviation = np.sqrt(q)[:, None]
    centre = np.broadcast_to(np.asarray(mean, float), q.shape)[:, None]
    cuts = (_phi_cuts(activation, float(np.max(q)), float(np.max(np.abs(centre)))) - centre) / deviation
    whole = np.broadcast_to(np.arange(-reach, reach + 1), (len(q), int(2 * reach) + 1))
    edges = np.sort(np.concatenate([whole, np.clip(cuts, -reach, reach)], axis=1), axis=1)
    if len(q) == 1:
        edges = np.unique(edges)[None]  # panels without width cost time
    points, weights = _legendre(nodes)
    half = np.diff(edges)[:, :, None] / 2
    g = (edges[:, :-1, None] + half + half * points).reshape(len(q), -1)
    density = np.exp(-g * g / 2) / np.sqrt(2 * np.pi)
    return Nodes(g, centre + deviation * g, (half * weights).reshape(len(q), -1) * density)


def _even_nodes(activation: str, q: float, mean: float) -> Nodes | None:
    """Returns points with equal steps, or None where panels take fewer.

    Singularities are as far from the real axis at any mean.
    """
    if activation in _STRIPS:
        largest = 2 * np.pi * _STRIPS[activation] / np.sqrt(q) / _ACCURATE
    elif activation in _GROWTH:
        largest = 2 * np.pi / np.sqrt(2 * _ACCURATE * (1 + 2 * _GROWTH[activation] * q))
    else:
        return None
    place = int(np.count_nonzero(largest < _STEPS))
    if place == len(_STEPS):
        return None
    step = float(_STEPS[place])
    g, weight = _even(step)
    return Nodes(g, mean + g * np.sqrt(q), weight, step)


def is_smooth(activation: str) -> bool:
    """Whether phi is analytic at and around every real number, so that few points with equal steps integrate it."""
    return activation in _STRIPS or activation in _GROWTH


def even_points(step: float) -> np.ndarray:
    """Returns g of points with equal steps, shape (points,)."""
    return _even(step)[0][0]


@cache
def _even(step: float) -> tuple[np.ndarray, np.ndarray]:
    g = step * np.arange(-int(REACH / step), int(REACH / step) + 1)[None]
    weight = step * np.exp(-g * g / 2) / np.sqrt(2 * np.pi)
    return frozen(g), frozen(weight)


@cache
def _legendre(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(nodes)


def _reach(activation: str) -> float:
    return reach_of(activation).deviations if activation.startswith(FORMULA) else REACH


def _phi_cuts(activation: str, q: float, shift: float) -> np.ndarray:
    if activation.startswith(FORMULA):
        cuts, far = reach_of(activation).cuts, _reach(activation) * np.sqrt(q) + shift
        return cuts[np.abs(cuts) <= far]
    octaves = _OCTAVES
    if activation == "softsign":
        octaves = max(octaves, int(np.ceil(np.log2(REACH * np.sqrt(q) + shift))))
    powers = 2.0 ** np.arange(octaves + 1)
    scaled = -alpha_of(activation) * powers if family_name(activation) == "celu" else np.zeros(0)
    return np.concatenate([-powers, [0.0], powers, scaled, facts_of(activation).kinks])
