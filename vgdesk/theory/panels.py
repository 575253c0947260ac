"""Expectations over N(0, q) as Chebyshev sums over ln q: a deep network asks for hundreds at nearly the same variance.

E[f(sqrt(q) g)] of an analytic f is an analytic function of x = ln q. tanh has its poles on the imaginary axis, which
sqrt(q) g meets at no |Im x| < pi, so that on panels of half the width h the error of n terms falls as (2 pi / h)^-n
(Trefethen, "Approximation Theory and Approximation Practice", theorem 8.2): 25^-12 = 1e-17 for h = 1/4. A panel takes
n integrals when it is first asked for; every further variance on it takes one product of a vector and a matrix.
"""

import math
from collections.abc import Callable

import numpy as np

_TERMS = 12
_HALF = 0.25
_POINTS = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
_ORDERS = np.arange(_TERMS, dtype=float)
_LEAST, _MOST = 1e-28, 1e8
"""Variances beyond are integrated one by one, for the limits that activations have are no matter of panels."""


def panel_at(q: float) -> int | None:
    """Returns the number of the panel a variance lies on; None of one too small or too large for any."""
    return math.floor(math.log(q) / (2.0 * _HALF)) if _LEAST < q < _MOST else None


def panel_sums(panel: int, integrals: Callable[[float], np.ndarray]) -> np.ndarray:
    """Returns the Chebyshev coefficients of numbers that hang on q, shape (terms, numbers).

    Parameters
    ----------
    panel
        Its number.
    integrals
        Returns the numbers at one variance, shape (numbers,).
    """
    q = np.exp(_HALF * (2.0 * panel + 1.0 + _POINTS))
    values = np.array([integrals(variance) for variance in q.tolist()])
    transform = np.cos(np.outer(_ORDERS, np.arccos(_POINTS)))
    transform *= 2.0 / _TERMS
    transform[0] /= 2.0
    return transform @ values


def read(sums: np.ndarray, panel: int, q: float) -> np.ndarray:
    """Returns the numbers at a variance on the panel, shape (numbers,)."""
    place = math.log(q) / _HALF - 2.0 * panel - 1.0
    return np.cos(_ORDERS * math.acos(min(max(place, -1.0), 1.0))) @ sums
