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
_TINY = 1e-300
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

    def of_layers(self, places: slice | list[int]) -> "UnitNumbers":
        """Returns those of some of the layers."""
        return UnitNumbers(
            Moments(*(moment[places] for moment in self.at)),
            OddMoments(*(moment[places] for moment in self.odd)),
            *(moment[..., places] for moment in self[2:]),
        )


class Hidden(NamedTuple):
    """Is the hidden layers of a network with skip connections, in the units of their phi's own products."""

    layers: list[Passed]
    numbers: UnitNumbers


def hidden_of(passed: list[Passed]) -> Hidden | None:
    """Returns the hidden layers of a network, whose output is the last of these; None without any skip connection."""
    if all(layer.inner is None for layer in passed):
        return None
    hidden = [layer.in_given_units() for layer in passed[:-1]]
    return Hidden(hidden, unit_numbers(hidden))


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
    return (*fourths, *thirds, *squares, *(squares[j] + squares[j + 1] for j in range(2)))


class Powers(NamedTuple):
    """Holds what E[v^2 h'^2] and E[v^2 h'] are over E[v^2] E[h'^2] and E[v^2] E[h']: of v = T phi' and of v = C."""

    through_squares: np.ndarray
    through_mixed: np.ndarray
    past_squares: np.ndarray
    past_mixed: np.ndarray


def unit_powers(of: UnitNumbers) -> Powers:
    """Returns how far T phi' and C of each layer are large where h' is; its dropout is left out."""
    at, odd, m, q, f4, f3 = of.at, of.odd, of.mean, of.square, of.fourths, of.thirds
    (CC, TC, TT), (C, T) = of.squares, of.means
    mean, square = T * at.mean + C * m, TT * at.square + 2.0 * TC * at.mean * m + CC * q
    slopes = at.slope_square
    through = f4[4] * at.mixed + 2.0 * f4[3] * odd.with_slopes * m + f4[2] * slopes * q
    past = f4[2] * at.square + 2.0 * f4[1] * at.mean * m + f4[0] * q
    return Powers(
        _over(through, TT * slopes * square),
        _over(f3[3] * odd.with_slopes + f3[2] * slopes * m, TT * slopes * mean),
        _over(past, CC * square),
        _over(f3[1] * at.mean + f3[0] * m, CC * mean),
    )


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Returns the quotients; 1 of nothing."""
    is_any = np.abs(whole) > _TINY
    return np.where(is_any, part, 1.0) / np.where(is_any, whole, 1.0)
