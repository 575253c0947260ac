"""The moments of a highway's gate T = sigmoid(z), z ~ N(b_T, K), for all pairs of a batch."""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import PHI
from vgdesk.theory.pairs import correlations, hermite, horner, series
from vgdesk.theory.quadrature import gaussian_nodes


class Gate(NamedTuple):
    """Holds E[T], and for pairs E[T T], E[(1-T)(1-T)], E[T (1-T)], E[T' T'] and E[(F - h_below)(F - h_below)]."""

    mean: float
    opened: np.ndarray
    closed: np.ndarray
    both: np.ndarray
    slopes: np.ndarray
    apart: np.ndarray


def gate_moments(bias: float, covariance: np.ndarray) -> Gate:
    """Returns the moments; `apart` is left empty. All examples are taken at their mean variance."""
    q = max(float(np.mean(np.diagonal(covariance))), 1e-300)
    nodes = gaussian_nodes("sigmoid", np.array([q]), bias)
    polynomials, c = hermite(nodes.g[0]), correlations(covariance)

    def pairs(values: np.ndarray) -> np.ndarray:
        return horner(series(nodes, values, polynomials, float(nodes.mean(values * values)[0])), c)

    opened, mean = pairs(PHI["sigmoid"].value(nodes.z)), float(nodes.mean(PHI["sigmoid"].value(nodes.z))[0])
    closed = 1.0 - 2.0 * mean + opened
    return Gate(mean, opened, closed, mean - opened, pairs(PHI["sigmoid"].slope(nodes.z)), np.zeros_like(opened))
