"""Mehler's series: coefficients of a function over Hermite polynomials, and their sums for all pairs of a batch.

With He_n the Hermite polynomials of norm 1 under N(0, 1) and c the correlation of z_a and z_b,

    E[f(z_a) f(z_b)] = sum_n a_n^2 c^n,    a_n = E[f(sqrt(q) g) He_n(g)]

cut after `TERMS` as `vgdesk.theory.pairs` says. Even and odd terms are summed apart, as powers of c^2, those of several
functions by one product of matrices. Along ln q the terms are numbers on panels (`vgdesk.theory.panels`) like others.
"""

import math
from functools import cache

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.theory.example_pairs import half_of
from vgdesk.theory.quadrature import Nodes, even_points

TERMS = 32
_ROUNDING = 1e-17


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


def polynomials_at(nodes: Nodes) -> np.ndarray:
    """Returns `hermite` at the points of one variance."""
    return _kept_hermite(nodes.step) if nodes.step else hermite(nodes.g[0])


@cache
def _kept_hermite(step: float) -> np.ndarray:
    """Returns `hermite` at the points of equal steps, which are the same for every variance."""
    return frozen(hermite(even_points(step)))


def even_and_odd(*rows: np.ndarray) -> np.ndarray:
    """Returns coefficients of c^0, c^1, ... of several series as `power_sums` takes them; none of them is negative.

    The even terms of every series come first, then the odd ones: shape (2, series, powers of c^2).
    """
    found = arranged(*rows)
    return np.ascontiguousarray(found[:, :, : counting(found)])


def counting(terms: np.ndarray) -> int:
    """Returns how many powers of c^2 are more than rounding, of the terms of `arranged`."""
    left = terms.sum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1]
    return max(1, int(np.count_nonzero((left > _ROUNDING * left[:, :1]).any(axis=0))))


def arranged(*rows: np.ndarray) -> np.ndarray:
    """Returns `even_and_odd` with all terms."""
    terms = np.zeros((len(rows), len(rows[0]) + len(rows[0]) % 2))
    terms[:, : len(rows[0])] = rows
    return np.ascontiguousarray(terms.reshape(len(rows), -1, 2).transpose(2, 0, 1))


def power_sums(coefficients: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Returns sum_n coefficients[n] c^n of every series of `even_and_odd`, |c| <= 1; shape (series, *c.shape)."""
    powers = _powers((c * c).ravel(), coefficients.shape[2])
    even, odd = coefficients @ powers
    odd *= c.ravel()
    even += odd
    return even.reshape(-1, *c.shape)


def symmetric_sums(coefficients: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Returns `power_sums` of a symmetric square of correlations, of which half is raised to powers."""
    half = half_of(len(c))
    return half.whole(power_sums(coefficients, half.of(c)))


def _powers(x: np.ndarray, count: int) -> np.ndarray:
    """Returns x^0 to x^(count-1), shape (count, len(x)); each step makes twice as many from those there are."""
    rows = np.empty((count, len(x)))
    rows[0] = 1.0
    if count > 1:
        rows[1] = x
    done = 2
    while done < count:
        step = min(done, count - done)
        np.multiply(rows[:step], rows[done - 1] * x, out=rows[done : done + step])
        done += step
    return rows


def trimmed(sums: np.ndarray, numbers: int) -> np.ndarray:
    """Returns Chebyshev coefficients of so many numbers and the terms of two series, without those that are rounding.

    Their means over the panel say which, for none is negative.
    """
    terms = sums[:, numbers:].reshape(len(sums), 2, 2, -1)
    terms = terms[..., : counting(np.maximum(terms[0], 0.0))]
    return frozen(np.concatenate([sums[:, :numbers], terms.reshape(len(sums), -1)], axis=1))


def with_series(found: np.ndarray, numbers: int) -> tuple[list[float], np.ndarray]:
    """Returns what was read of `trimmed`: the numbers, and both series as `power_sums` takes them."""
    # what is rounding beside the rest may have come out negative
    return found[:numbers].tolist(), np.maximum(found[numbers:], 0.0).reshape(2, 2, -1)
