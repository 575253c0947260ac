"""How alike two inputs become: the correlation map and its fixed point.

Two preactivations of variance q and correlation c are z_1 = sqrt(q) g_1 and z_2 = sqrt(q) (c g_1 + sqrt(1-c^2) g_2):

    C(c) = (sigma_w^2 E[phi(z_1) phi(z_2)] + sigma_b^2) / q            Poole et al. 2016, eq. 5
    C'(c) = sigma_w^2 E[phi'(z_1) phi'(z_2)],   C'(1) = chi_1          eq. 6 there

with the deltas of phi' where phi jumps (`vgdesk.theory.jumps`): C'(1) is then infinite, though chi_1 is not.

C is convex on [0, 1] with C(1) = 1. So c* = 1 where C'(1) <= 1, and where it is larger exactly one c* < 1 attracts.
Closed forms: straight lines on either side of 0 (Cho & Saul 2009, the arc-cosine kernels) and erf (Williams 1997).
"""

from typing import Any

import numpy as np
from scipy.optimize import brentq

from vgdesk.spec.base import require_finite
from vgdesk.spec.mixture import is_mixture, parts_of
from vgdesk.theory.activations import ArrayMap, phi_of
from vgdesk.theory.jumps import jump_share
from vgdesk.theory.mehler import hermite
from vgdesk.theory.moments import TWO_SIDED
from vgdesk.theory.quadrature import Nodes, gaussian_nodes

_INNER_NODES = 14
_MOST_NODES = 4000
_TERMS = 500


def correlation_map(activation: str, sigma_w: float, sigma_b: float, q: float, c: float) -> float:
    """Returns the correlation one layer on, at the fixed point q of the variance; |c| <= 1."""
    require_finite("c", c, -1.0, 1.0)
    return (sigma_w**2 * pair_moment(activation, q, c) + sigma_b**2) / q


def correlation_slope(activation: str, sigma_w: float, q: float, c: float) -> float:
    """Returns C'(c), c from 0 to below 1 where phi jumps."""
    return sigma_w**2 * (pair_slope(activation, q, c) + jump_share(activation, q, c))


def correlation_fixed_point(activation: str, sigma_w: float, sigma_b: float, q: float) -> float:
    """Returns c* < 1 where C'(1) > 1."""

    def excess(c: float) -> float:
        # divided by 1 - c, which would be a second root beside the wanted one
        return (correlation_map(activation, sigma_w, sigma_b, q, c) - c) / (1.0 - c)

    if excess(0.0) <= 1e-14:
        return 0.0
    highest = 1.0 - 1e-9
    if excess(highest) >= 0.0:
        return highest
    root: Any = brentq(excess, 0.0, highest, xtol=1e-15)
    return root


def pair_moment(activation: str, q: float, c: float) -> float:
    """Returns E[phi(z_1) phi(z_2)]; of a mixture the mean over the units, for z_1 and z_2 are of one unit."""
    if is_mixture(activation):
        return sum(share * pair_moment(name, q, c) for name, share in parts_of(activation))
    if activation in TWO_SIDED:
        below, (_, first) = TWO_SIDED[activation], arc_cosine(c)
        return q * ((1 - below) ** 2 * first / 2 + below * c)
    if activation == "erf":
        return 2 / np.pi * float(np.arcsin(2 * q * c / (1 + 2 * q)))
    return _pair(activation, phi_of(activation).value, q, c)


def pair_slope(activation: str, q: float, c: float) -> float:
    """Returns E[phi'(z_1) phi'(z_2)], of a mixture likewise."""
    if is_mixture(activation):
        return sum(share * pair_slope(name, q, c) for name, share in parts_of(activation))
    if activation in TWO_SIDED:
        below, (zeroth, _) = TWO_SIDED[activation], arc_cosine(c)
        return (1 - below) ** 2 * zeroth / 2 + below
    if activation == "erf":
        return 4 / np.pi / np.sqrt((1 + 2 * q) ** 2 - (2 * q * c) ** 2)
    return _pair(activation, phi_of(activation).slope, q, c)


def arc_cosine(c: float) -> tuple[float, float]:
    """Returns 2 E[theta theta] and 2 E[relu relu] / q (Cho & Saul 2009, eq. 3-6, over pi)."""
    angle = float(np.arccos(c))
    return (np.pi - angle) / np.pi, (np.sqrt(max(0.0, 1 - c * c)) + (np.pi - angle) * c) / np.pi


def series_moment(function: ArrayMap, nodes: Nodes, c: float) -> float:
    """Returns E[f(z_1) f(z_2)] = sum a_n^2 c^n, with what is left of E[f^2] at the power of the last term."""
    values, polynomials = function(nodes.z[0]) * nodes.weight[0], hermite(nodes.g[0], _TERMS)
    squares = (polynomials @ values) ** 2
    left = float(nodes.mean(function(nodes.z) ** 2)[0]) - float(squares.sum())
    return float(squares @ c ** np.arange(len(squares))) + max(0.0, left) * c ** len(squares)


def _pair(activation: str, function: ArrayMap, q: float, c: float) -> float:
    """Integrates over z_2 given z_1, with the cuts at the kinks of the inner integrand, then over z_1.

    Where a formula has so many panels that this takes seconds, it sums Mehler's series (`vgdesk.theory.pairs`).
    """
    outer = gaussian_nodes(activation, np.array([q]))
    if outer.z.size > _MOST_NODES:
        return series_moment(function, outer, c)
    left = function(outer.z)
    spread = q * (1 - c * c)
    if spread < 1e-12 * q:
        return float(outer.mean(left * function(np.sign(c) * outer.z))[0])
    means = c * outer.z[0]
    inner = gaussian_nodes(activation, np.full(len(means), spread), means, nodes=_INNER_NODES)
    return float(outer.mean(left * inner.mean(function(inner.z)))[0])
