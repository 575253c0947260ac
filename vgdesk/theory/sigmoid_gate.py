"""The moments of a highway's gate T = sigmoid(z), z ~ N(b_T, K), for all pairs of a batch."""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import PHI
from vgdesk.theory.pairs import correlations, even_and_odd, polynomials_at, power_sums, series
from vgdesk.theory.quadrature import gaussian_nodes


class Gate(NamedTuple):
    """Holds E[T], and for pairs E[T T], E[(1-T)(1-T)], E[T (1-T)], E[T' T'] and E[(F - h_below)(F - h_below)].

    `alike` are the correlations of z. Of D = T' (z - b_T), what a longer h changes T by, `turned` is the mean and, of
    one example, `turned_open` E[D T] and `turned_square` E[D^2]; `fourths` are E[T^j (1-T)^(4-j)] for j = 0 to 4.
    """

    mean: float
    opened: np.ndarray
    closed: np.ndarray
    both: np.ndarray
    slopes: np.ndarray
    apart: np.ndarray
    alike: np.ndarray
    turned: float
    turned_open: float
    turned_square: float
    fourths: tuple[float, ...]


def gate_moments(bias: float, covariance: np.ndarray) -> Gate:
    """Returns the moments; `apart` is left empty. All examples are taken at their mean variance."""
    q = max(float(np.mean(np.diagonal(covariance))), 1e-300)
    nodes = gaussian_nodes("sigmoid", np.array([q]), bias)
    polynomials, values = polynomials_at(nodes), PHI["sigmoid"].value(nodes.z)

    def terms(values: np.ndarray) -> np.ndarray:
        return series(nodes, values, polynomials, float(nodes.mean(values * values)[0]))

    slope = PHI["sigmoid"].slope(nodes.z)
    both, alike = even_and_odd(terms(values), terms(slope)), correlations(covariance)
    opened, slopes = power_sums(both, alike)
    turn, shut = slope * (nodes.z - bias), 1.0 - values
    squares, mixed, shut_squares = values * values, values * shut, shut * shut
    fourths = (shut_squares**2, mixed * shut_squares, mixed * mixed, mixed * squares, squares * squares)
    products = np.concatenate((values, turn, turn * values, turn * turn, *fourths))
    mean, turned, turned_open, turned_square, *of_fourths = (products @ nodes.weight[0]).tolist()
    return Gate(
        mean,
        opened,
        1.0 - 2.0 * mean + opened,
        mean - opened,
        slopes,
        np.zeros_like(opened),
        alike,
        turned,
        turned_open,
        turned_square,
        tuple(of_fourths),
    )
