"""The factor chi_1 of a layer, of its weights and activation, and what stands in the layer beside them.

Dropout divides E[phi^2] and E[phi'^2] by 1 - p alike (`vgdesk.theory.dropped`; Schoenholz et al. 2017, "Deep
Information Propagation", section 5.1), so that

    q' = sigma_w^2 / (1 - p) E[phi^2] + sigma_b^2,      chi = sigma_w^2 / (1 - p) E[phi'^2]

are those of a layer without it whose sigma_w is larger by 1 / sqrt(1 - p): sizes know no other dropout.
"""

import math

import msgspec

from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.mixture import layer_mixture
from vgdesk.theory.activations import largest_variance
from vgdesk.theory.initialisation import Start
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.moments import straight_slope
from vgdesk.theory.variance_map import LARGEST_SIGMA

_DIAGRAM_START = 1.0
"""Variance at which the phase diagram starts (`vgdesk.theory.phase`)."""


def beside_words(layer: DenseLayer) -> str:
    """Returns what stands in a layer besides weights and activation, in words."""
    parts = [f"{layer.normalisation} normalisation"] * (layer.normalisation != "none")
    parts += ["skip connections"] * (layer.skip is not None) + ["dropout"] * bool(layer.dropout)
    return " and ".join(parts)


def reached_chi(layer: DenseLayer, start: Start, q0: float) -> tuple[float, bool]:
    """Returns chi_1 at the fixed point in which the variance ends from q0 on, and whether it ends in one.

    It is (nan, False) where it ends in none and chi_1 depends on it, and (nan, True) where other layers than plain ones
    make the question void. Dropout is part of the factor.
    """
    activation, sigma_w, sigma_b = layer_mixture(layer), without_dropout(layer, start), math.sqrt(start.bias)
    is_known = 0.0 <= q0 <= largest_variance(activation) and max(sigma_w, sigma_b) <= LARGEST_SIGMA
    if not is_known or layer.normalisation != "none" or layer.skip is not None:
        return math.nan, True
    reached = mean_field(activation, sigma_w, sigma_b, q0).reached
    if reached is not None:
        return reached.chi_1, True
    slope_square = straight_slope(activation)
    return (math.nan if slope_square is None else sigma_w**2 * slope_square), False


def alone_chi(layer: DenseLayer, start: Start) -> tuple[float, bool]:
    """Returns `reached_chi` of weights and activation of a layer that has more, from where the diagram starts."""
    if not beside_words(layer):
        return math.nan, True
    alone = msgspec.structs.replace(layer, normalisation="none", skip=None, dropout=0.0)
    return reached_chi(alone, start, _DIAGRAM_START)


def without_dropout(layer: DenseLayer, start: Start) -> float:
    """Returns the sigma_w of a layer without dropout that makes of sizes what this one does."""
    return math.sqrt(start.weight / (1.0 - layer.dropout))
