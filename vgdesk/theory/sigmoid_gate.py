"""The moments of a highway's gate T = sigmoid(z), z ~ N(b_T, K), for all pairs of a batch."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.theory.activations import PHI
from vgdesk.theory.mehler import (
    arranged,
    even_and_odd,
    polynomials_at,
    series,
    symmetric_sums,
    trimmed,
    with_series,
)
from vgdesk.theory.pairs import correlations
from vgdesk.theory.panels import panel_at, panel_sums, read
from vgdesk.theory.quadrature import gaussian_nodes

_NUMBERS = 9
_FURTHEST = 3.0
"""Gates with a larger bias meet the poles of sigmoid at a smaller |Im ln q|, too near for panels."""


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


def gate_moments(bias: float, covariance: np.ndarray, is_one_of_many: bool = False) -> Gate:
    """Returns the moments; `apart` is left empty. All examples are taken at their mean variance.

    One of many nearby is read from panels (`vgdesk.theory.panels`).
    """
    if bias > 0.0:
        # what such a gate leaves closed would be lost beside the 1 that it opens
        return _mirrored(gate_moments(-bias, covariance, is_one_of_many))
    q = max(float(covariance.trace()) / len(covariance), 1e-300)
    panel = panel_at(q) if is_one_of_many and abs(bias) <= _FURTHEST else None
    if panel is None:
        numbers, values, slopes = _integrated(bias, q)
        both = even_and_odd(values, slopes)
    else:
        numbers, both = with_series(read(_panel_of_gates(bias, panel), panel, q), _NUMBERS)
    alike = correlations(covariance)
    opened, slopes = symmetric_sums(both, alike)
    mean, turned, turned_open, turned_square, *fourths = numbers
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
        tuple(fourths),
    )


def _mirrored(gate: Gate) -> Gate:
    """Returns the moments of 1 - T, which is the sigmoid of -z."""
    return gate._replace(
        mean=1.0 - gate.mean,
        opened=gate.closed,
        closed=gate.opened,
        turned=-gate.turned,
        turned_open=gate.turned_open - gate.turned,
        fourths=gate.fourths[::-1],
    )


def _integrated(bias: float, q: float) -> tuple[list[float], np.ndarray, np.ndarray]:
    """Returns the numbers of `Gate`, in its order, and the series of T and T'."""
    nodes = gaussian_nodes("sigmoid", np.array([q]), bias)
    polynomials, values = polynomials_at(nodes), PHI["sigmoid"].value(nodes.z)

    def terms(values: np.ndarray) -> np.ndarray:
        return series(nodes, values, polynomials, float(nodes.mean(values * values)[0]))

    slope = PHI["sigmoid"].slope(nodes.z)
    turn, shut = slope * (nodes.z - bias), 1.0 - values
    squares, mixed, shut_squares = values * values, values * shut, shut * shut
    fourths = (shut_squares**2, mixed * shut_squares, mixed * mixed, mixed * squares, squares * squares)
    products = np.concatenate((values, turn, turn * values, turn * turn, *fourths))
    return (products @ nodes.weight[0]).tolist(), terms(values), terms(slope)


@lru_cache(maxsize=1000)
def _panel_of_gates(bias: float, panel: int) -> np.ndarray:
    """Returns the Chebyshev coefficients of the numbers and of both series."""

    def integrals(q: float) -> np.ndarray:
        numbers, values, slopes = _integrated(bias, q)
        return np.concatenate([numbers, arranged(values, slopes).ravel()])

    return trimmed(panel_sums(panel, integrals), _NUMBERS)
