"""Moments of T, C, h and F of layers with skip connections, one number a layer: means over examples, all at once.

With h' = T F + C h of `vgdesk.theory.carried` and T + C = 1, E[T^j C^(n-j)] = E[T^j C^(n+1-j)] + E[T^(j+1) C^(n-j)]. A
residual layer has T = C = 1, and one without a skip connection T = 1 and C = 0.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.moments import Moments
from vgdesk.theory.odd_moments import OddMoments, odd_moments
from vgdesk.theory.signals import Passed

_RESIDUAL = (1.0,) * 14
_PLAIN = (0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0)


class UnitNumbers(NamedTuple):
    """Holds moments of some layers; every number of the shape (layers,).

    Attributes
    ----------
    at, odd
        Those of phi.
    mean, square
        Those of h.
    fourths, thirds, squares, means
        E[T^j C^(n-j)] for n = 4, 3, 2 and 1, each of shape (n + 1, layers), C^n first.
    """

    at: Moments[np.ndarray]
    odd: OddMoments[np.ndarray]
    mean: np.ndarray
    square: np.ndarray
    fourths: np.ndarray
    thirds: np.ndarray
    squares: np.ndarray
    means: np.ndarray

    def of_layers(self, places: slice) -> "UnitNumbers":
        """Returns those of some of the layers."""
        return UnitNumbers(
            Moments(*(moment[places] for moment in self.at)),
            OddMoments(*(moment[places] for moment in self.odd)),
            *(moment[..., places] for moment in self[2:]),
        )


def unit_numbers(passed: list[Passed]) -> UnitNumbers:
    """Returns the moments of layers that have been left, in the units of their phi's own products."""
    phis = [layer.phi for layer in passed if layer.phi is not None]
    if len(phis) < len(passed):
        raise ValueError("a layer has no activation yet")
    ways = np.array([_ways(layer) for layer in passed]).T
    return UnitNumbers(
        Moments(*np.array([phi.at for phi in phis]).T),
        OddMoments(*np.array([odd_moments(phi) for phi in phis]).T),
        np.array([layer.below.mean for layer in passed]).mean(axis=1),
        np.array([layer.below.square.diagonal() for layer in passed]).mean(axis=1),
        ways[:5],
        ways[5:9],
        ways[9:12],
        ways[12:],
    )


def _ways(layer: Passed) -> tuple[float, ...]:
    """Returns the moments of T and C, fourth ones first."""
    if layer.inner is None:
        return _PLAIN
    if layer.gate is None:
        return _RESIDUAL
    fourths = layer.gate.fourths
    thirds = tuple(fourths[j] + fourths[j + 1] for j in range(4))
    squares = tuple(thirds[j] + thirds[j + 1] for j in range(3))
    return (*fourths, *thirds, *squares, 1.0 - layer.gate.mean, layer.gate.mean)
