"""How the size of a signal that is carried past the weights scatters, and how a change of it goes on.

Of h' = T F + C h (residual: T = C = 1) with means m, f of h, F, a change x of ln E[h^2] moves z, m and F,

    d E[h'^2] / dx = E[T^2] dE[F^2]/dx + E[C^2] E[h^2] + E[T C] m (f + E[z phi'(z)])

of which the first is phi's own, and the last is 0 unless F and h have means. T and F of a unit are drawn anew, its h is
not: so |h'|^2, a sum over N units, has the variance N (E[h'^4] - E[E[h'^2 | h]^2]), where

    E[h'^4] = sum_j binomial(4, j) E[T^j C^(4-j)] E[F^j] E[h^(4-j)]
    E[h'^2 | h] = E[T^2] E[F^2] + 2 E[T C] f h + E[C^2] h^2

With h, a sum over layers, of third and fourth moments as normal numbers have.

The same W makes 2 C h . T F forwards and 2 C g . W'(T phi' g) backwards: by Stein's lemma both go with g . W h, and
with E[(g . h)^2] = E[|g|^2] E[h^2] their covariance is, in units of N E[h^2] and |g|^2,

    4 (E[T C] E[phi'])^2 sigma_w^2 / N^2
"""

import math

import numpy as np

from vgdesk.theory.band import NoisyLayers
from vgdesk.theory.odd_moments import odd_moments
from vgdesk.theory.signals import Passed

_LARGEST_UNIT = 1e150
"""Larger variances are of layers about to be normalised, which forget them."""


def with_carried(noisy: NoisyLayers, hidden: list[Passed]) -> NoisyLayers:
    """Returns the layers with what passes phi by, in skip connections, and its share of the scatter."""
    opened, (past, both, turned) = np.ones(len(hidden)), np.zeros((3, len(hidden)))
    for place, layer in enumerate(hidden):
        if layer.inner is not None:
            opened[place], onward, both[place], turned[place] = _carried(layer)
            past[place] = noisy.onward[place] * onward
    return noisy._replace(opened=opened, past=past, both=both, turned=turned)


def _carried(layer: Passed) -> tuple[float, float, float, float]:
    """Returns E[T^2], what of d E[h'^2] / dx and what of the variance of h'^2 is not of T F alone, and `turned`."""
    if layer.phi is None or layer.inner is None:
        raise ValueError("the layer has no activation yet")
    fourths = (1.0,) * 5 if layer.gate is None else layer.gate.fourths
    # T^2, T C and C^2 times (T + C)^2 = 1
    TT, TC, CC = (1.0, 1.0, 1.0) if layer.gate is None else _squares(layer.gate.fourths)
    m, q = float(layer.below.mean.mean()), float(layer.below.square.trace()) / len(layer.below.mean)
    at, odd = layer.phi.at, odd_moments(layer.phi)
    # of numbers near 1, for squares of variances may be no numbers
    unit = max(q, at.square, 1e-300)
    root, square = math.sqrt(unit), min(unit, _LARGEST_UNIT) ** 2
    mean, part = m / root, q / unit
    spread = max(0.0, part - mean * mean)
    h = (1.0, mean, part, mean * (mean * mean + 3.0 * spread), 3.0 * part * part - 2.0 * mean**4)
    F = (1.0, at.mean / root, at.square / unit, odd.cube / unit / root, at.square_fourth / unit / unit)
    whole = sum(math.comb(4, j) * fourths[j] * F[j] * h[4 - j] for j in range(5))
    terms = np.array([TT * F[2], 2.0 * TC * F[1], CC])
    given = float(terms @ np.array([h[0:3], h[1:4], h[2:5]]) @ terms)
    both = max(0.0, whole - given - TT * TT * (F[4] - F[2] ** 2)) * square
    # behind a normalisation W's size does not count
    size = layer.start.weight if layer.scale is None else 0.0
    turned = 4.0 * (TC * odd.slope) ** 2 * size * q / max(CC, 1e-300)
    return TT, CC * q + TC * m * (at.mean + odd.stretch), both, turned


def _squares(fourths: tuple[float, ...]) -> tuple[float, float, float]:
    """Returns E[T^2], E[T C] and E[C^2] from E[T^j C^(4-j)], as T + C = 1."""
    closed, mixed, opened = (fourths[j] + 2.0 * fourths[j + 1] + fourths[j + 2] for j in range(3))
    return opened, mixed, closed
