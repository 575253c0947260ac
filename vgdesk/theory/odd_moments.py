"""Gaussian moments of an activation that only skip connections ask for: 0 of odd functions, not of those like ReLU.

With z ~ N(0, q), E[phi^3], E[phi phi'^2] and E[z phi'], which are 0 of an odd phi, and E[phi']. Of straight lines on
either side of 0, with slope 1 above and alpha below, they are all of E[|z|] = sqrt(2 q / pi) and E[|z|^3] = 2 q E[|z|];
of others the quadrature of `vgdesk.theory.quadrature`.
"""

from functools import lru_cache
from typing import Generic, NamedTuple

import numpy as np

from vgdesk.theory.activations import phi_of
from vgdesk.theory.moments import SMALLEST_VARIANCE, Number
from vgdesk.theory.pairs import PairSeries
from vgdesk.theory.quadrature import gaussian_nodes
from vgdesk.theory.units import Pairs


class OddMoments(NamedTuple, Generic[Number]):
    """Holds E[phi^3], E[phi phi'^2], E[z phi'] and E[phi']: of one layer numbers, of several arrays."""

    cube: Number
    with_slopes: Number
    stretch: Number
    slope: Number


def odd_moments(phi: Pairs) -> OddMoments[float]:
    """Returns the moments at the variance of a layer's activations; means over its units."""
    if not isinstance(phi, PairSeries):
        rows = np.array([odd_moments(member) for member in phi.members])
        return OddMoments(*(np.array(phi.parts) @ rows).tolist())
    if phi.below is None:
        return _integrated(phi.activation, max(phi.q, SMALLEST_VARIANCE))
    with_slopes = (1.0 + phi.below + phi.below**2) * phi.at.mean
    return OddMoments(2.0 * phi.q * with_slopes, with_slopes, phi.at.mean, (1.0 + phi.below) / 2.0)


@lru_cache(maxsize=256)
def _integrated(activation: str, q: float) -> OddMoments[float]:
    """Kept, for a layer is asked several times, on the way forwards and back, and deep layers have one variance."""
    nodes, phi = gaussian_nodes(activation, np.array([q])), phi_of(activation)
    value, slope = phi.value(nodes.z), phi.slope(nodes.z)
    products = value**3, value * slope * slope, nodes.z * slope, slope
    return OddMoments(*(float(nodes.mean(product)[0]) for product in products))
