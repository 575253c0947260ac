"""Moments of gates over all time steps of a sequence.

A cell's second moments go step by step, and each needs the squares of a few gates. Equal steps of a quadrature that
are fine enough for the largest variance are for all smaller ones, too (`vgdesk.theory.quadrature`), so one set of
points serves a thousand time steps; what does not feed back is worked out for all of them at once.
"""

from collections.abc import Callable

import numpy as np

from vgdesk.theory.activations import phi_of
from vgdesk.theory.quadrature import gaussian_nodes

_SMALLEST = 1e-300


class GateMoments:
    """Gives E[f(z)] of functions of phi(z), z ~ N(mean, q), for all q up to the largest.

    Parameters
    ----------
    activation
        phi.
    largest
        The largest q.
    mean
        Of z.
    """

    def __init__(self, activation: str, largest: float, mean: float = 0.0) -> None:
        self.phi = phi_of(activation)
        self._activation, self._mean, self._largest = activation, mean, largest
        nodes = gaussian_nodes(activation, np.array([max(largest, _SMALLEST)]), mean)
        self._g, self._weight = (nodes.g[0], nodes.weight[0]) if nodes.step > 0.0 else (None, None)

    def square(self, q: float) -> float:
        """Returns E[phi^2] at one variance, which may be larger, but then takes points of its own."""
        if self._g is None or self._weight is None or q > self._largest:
            nodes = gaussian_nodes(self._activation, np.array([max(q, _SMALLEST)]), self._mean)
            return float(nodes.mean(self.phi.value(nodes.z) ** 2)[0])
        value = self.phi.value(self._mean + np.sqrt(max(q, _SMALLEST)) * self._g)
        return float(np.dot(self._weight, value * value))

    def at(self, q: np.ndarray, *functions: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, ...]:
        """Returns E[f(z)] of each function at many variances."""
        positive = np.maximum(q, _SMALLEST)
        if self._g is None or self._weight is None:
            nodes = gaussian_nodes(self._activation, positive, self._mean)
            return tuple(nodes.mean(f(nodes.z)) for f in functions)
        z = self._mean + np.sqrt(positive)[:, None] * self._g
        return tuple(f(z) @ self._weight for f in functions)
