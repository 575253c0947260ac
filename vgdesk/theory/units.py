"""Layers whose units have different activations: every moment is the mean over the layer's units.

The sum of the layer above runs over all units alike, with independent weights of one variance, so that of N units with
the activations phi_i only the means enter (conventions, line 14, unit by unit):

    q' = sigma_w^2 (1/N) sum_i E[phi_i(z)^2] + sigma_b^2          chi = sigma_w^2 (1/N) sum_i E[phi_i'(z)^2]
    E[h_a h_b] = (1/N) sum_i E[phi_i(z_a) phi_i(z_b)]             slopes likewise

A phi with the share p of the units counts p times. A layer of one activation is the case p = 1, and takes no other way.
The scatter over seeds has the means of E[phi'^4], E[phi^4], ..., too: as if each unit drew its activation, by shares.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.activations import Phi, largest_variance, phi_of
from vgdesk.theory.moments import Moments, mean_moments
from vgdesk.theory.pairs import PairSeries, pair_series


class MixedPairs(NamedTuple):
    """Is what `PairSeries` is, of a layer of several activations: at one variance, ready for pairs.

    Attributes
    ----------
    q
        The variance.
    at
        The moments there, means over the units.
    members, parts
        The pair series of each activation, and its part of the units.
    """

    q: float
    at: Moments[float]
    members: tuple[PairSeries, ...]
    parts: tuple[float, ...]

    def both(self, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the means over the units of E[phi(z_a) phi(z_b)] and of E[phi'(z_a) phi'(z_b)]."""
        pairs = [member.both(covariance) for member in self.members]
        values, slopes = zip(*pairs, strict=True)
        return _mean(self.parts, values), _mean(self.parts, slopes)


Pairs = PairSeries | MixedPairs


@dataclass(frozen=True)
class UnitPhi:
    """Is the function that numbers take through a layer: the last axis counts the units, each with its own phi."""

    activations: tuple[str, ...]

    def value(self, z: np.ndarray) -> np.ndarray:
        """Returns phi_i(z)."""
        return np.stack([phi_of(name).value(z[..., unit]) for unit, name in enumerate(self.activations)], axis=-1)

    def slope(self, z: np.ndarray) -> np.ndarray:
        """Returns phi_i'(z)."""
        return np.stack([phi_of(name).slope(z[..., unit]) for unit, name in enumerate(self.activations)], axis=-1)


def layer_phi(layer: DenseLayer) -> Phi | UnitPhi:
    """Returns what the layer does to arrays of z whose last axis counts its units."""
    return UnitPhi(layer.unit_activations) if layer.unit_activations else phi_of(layer.activation)


def layer_pairs(layer: DenseLayer, q: float, is_one_of_many: bool = False) -> Pairs:
    """Returns the layer's activations at a variance, ready for pairs; `is_one_of_many` as for `pair_series`."""
    if not layer.unit_activations:
        return pair_series(layer.activation, q, is_one_of_many)
    parts, members = tuple(layer.shares.values()), tuple(pair_series(name, q, is_one_of_many) for name in layer.shares)
    at = mean_moments((part, member.at) for part, member in zip(parts, members, strict=True))
    return MixedPairs(q, at, members, parts)


def least_known(layer: DenseLayer) -> str:
    """Returns the activation whose moments end first (`largest_variance`): with it the layer's end."""
    return min(layer.activations, key=largest_variance) if layer.unit_activations else layer.activation


def has_same_units(layer: DenseLayer, other: DenseLayer) -> bool:
    """Whether two layers have the same activations in the same shares."""
    return layer is other or layer.shares == other.shares


def _mean(parts: tuple[float, ...], arrays: tuple[np.ndarray, ...]) -> np.ndarray:
    return np.add.reduce([part * array for part, array in zip(parts, arrays, strict=True)])
