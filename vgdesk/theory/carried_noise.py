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

from vgdesk.theory.carried_numbers import Hidden, UnitNumbers
from vgdesk.theory.noise import NoisyLayers
from vgdesk.theory.signals import Passed

_LARGEST_UNIT = 1e150
"""Larger variances are of layers about to be normalised, which forget them."""


def with_carried(noisy: NoisyLayers, hidden: Hidden) -> NoisyLayers:
    """Returns the layers with what passes phi by, in skip connections, and its share of the scatter."""
    places = [place for place, layer in enumerate(hidden.layers) if layer.inner is not None]
    found = np.zeros((4, len(hidden.layers)))
    found[0] = 1.0
    found[:, places] = _carried([hidden.layers[place] for place in places], hidden.numbers.of_layers(places))
    opened, past, both, turned = found
    return noisy._replace(opened=opened, past=noisy.onward * past, both=both, turned=turned)


def _carried(layers: list[Passed], of: UnitNumbers) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns E[T^2], what of d E[h'^2] / dx and what of the variance of h'^2 is not of T F alone, and `turned`."""
    at, odd, m, q, (CC, TC, TT) = of.at, of.odd, of.mean, of.square, of.squares
    # of numbers near 1, for squares of variances may be no numbers
    unit = np.maximum(np.maximum(q, at.square), 1e-300)
    root, square = np.sqrt(unit), np.minimum(unit, _LARGEST_UNIT) ** 2
    mean, part, one = m / root, q / unit, np.ones(len(q))
    spread = np.maximum(0.0, part - mean * mean)
    h = one, mean, part, mean * (mean * mean + 3.0 * spread), 3.0 * part * part - 2.0 * mean**4
    F = one, at.mean / root, at.square / unit, odd.cube / unit / root, at.square_fourth / unit / unit
    whole = sum(math.comb(4, j) * of.fourths[j] * F[j] * h[4 - j] for j in range(5))
    terms = TT * F[2], 2.0 * TC * F[1], CC
    given = sum(terms[j] * terms[k] * h[j + k] for j in range(3) for k in range(3))
    both = np.maximum(0.0, whole - given - TT * TT * (F[4] - F[2] ** 2)) * square
    # behind a normalisation W's size does not count
    size = np.array([layer.start.weight if layer.scale is None else 0.0 for layer in layers])
    turned = 4.0 * (TC * odd.slope) ** 2 * size * q / np.maximum(CC, 1e-300)
    return TT, CC * q + TC * m * (at.mean + odd.stretch), both, turned
