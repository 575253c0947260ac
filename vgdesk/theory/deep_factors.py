"""What hidden layers deep inside a network do to the gradient: the variance map iterated layer by layer.

Far from the input all examples of a batch have nearly the same variance q, and a layer without normalisation and skip
connection needs nothing else (d = 1 / (1 - p) with dropout):

    q_(l+1) = sigma_w^2 E[phi(z_l)^2] d + sigma_b^2          g_l = log10(sigma_w^2 E[phi'(z_l)^2] d) / 2

That is a tenth of a millisecond per layer, so it is followed until it settles, or for `MOST` layers: on the critical
line it never does. Where it ends in a fixed point, that point's chi_1 is known exactly (`vgdesk.theory.mean_field`).
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.activations import largest_variance
from vgdesk.theory.initialisation import Start
from vgdesk.theory.mean_field import LARGEST_SIGMA, mean_field
from vgdesk.theory.units import layer_moments, least_known

MOST = 2000
"""Layers that are followed one by one: a third of a second."""
_SETTLED = 1e-13
"""Decades per layer by which the factor of a settled variance still changes: rounding."""


class DeepFactors(NamedTuple):
    """Holds decades per layer, g of the first followed layer on, and whether the last one stays as it is."""

    decades: np.ndarray
    is_settled: bool


def is_plain(layer: DenseLayer) -> bool:
    """Whether nothing but weights and activation stands between two layers like this one."""
    return layer.normalisation == "none" and layer.skip is None


def deep_factors(layer: DenseLayer, start: Start, q: float) -> DeepFactors:
    """Returns the factors of layers like this plain one, from the one on whose variance is `q`."""
    kept = 1.0 / (1.0 - layer.dropout) if layer.dropout else 1.0
    found: list[float] = []
    while len(found) < MOST and q <= largest_variance(least_known(layer)):
        at = layer_moments(layer, q)
        chi = start.weight * at.slope_square * kept
        found.append(0.5 * math.log10(chi) if chi > 0.0 else -math.inf)
        if len(found) > 1 and (found[-1] == found[-2] or abs(found[-1] - found[-2]) <= _SETTLED):
            return DeepFactors(np.array(found), True)
        q = start.weight * at.square * kept + start.bias
    return DeepFactors(np.array(found), False)


def reached_chi(layer: DenseLayer, start: Start, q0: float) -> float:
    """Returns chi_1 at the fixed point in which the variance ends from q0 on; nan where it ends in none.

    Of units with different activations the fixed point is not looked for: nan.
    """
    sigma_w, sigma_b = math.sqrt(start.weight), math.sqrt(start.bias)
    is_known = 0.0 <= q0 <= largest_variance(layer.activation) and max(sigma_w, sigma_b) <= LARGEST_SIGMA
    if not is_known or layer.dropout or layer.unit_activations or not is_plain(layer):
        return math.nan
    reached = mean_field(layer.activation, sigma_w, sigma_b, q0).reached
    return math.nan if reached is None else reached.chi_1
