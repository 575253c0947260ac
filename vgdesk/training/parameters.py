"""The one seeded draw of parameters that all routes share.

One generator, seeded with the experiment's seed, is used from the first layer to the last, weights before biases, so
the same experiment gives the same bits. A weight is drawn for every place of the matrix, existing or not, and absent
ones are set to 0 afterwards. fan_in of a unit is the number of its sources; fan_out is the width of its layer.
"""

from collections.abc import Sequence

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot, He, ScaledGaussian
from vgdesk.spec.network import FeedForward
from vgdesk.training.network import layer_mask


def draw(experiment: Experiment) -> Parameters:
    """Returns the parameters at which training starts, float64 and read-only."""
    network, rule = experiment.network, experiment.initialisation
    if isinstance(rule, Explicit):
        return _explicit(rule, network)
    generator = np.random.default_rng(experiment.seed)
    weights, biases = [], []
    for layer in range(1, network.depth + 1):
        mask = layer_mask(network, layer)
        standard = _standard(rule, generator, mask.shape)
        weights.append(frozen(np.where(mask, standard * _deviation(rule, mask), 0.0)))
        biases.append(frozen(_draw_biases(rule, generator, len(mask))))
    return Parameters(weights=tuple(weights), biases=tuple(biases))


def _standard(rule: Glorot | He | ScaledGaussian, generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Returns numbers of mean 0 and variance 1 in the rule's distribution."""
    if isinstance(rule, ScaledGaussian) or rule.distribution == "normal":
        return generator.standard_normal(shape)
    return generator.uniform(-1.0, 1.0, shape) * np.sqrt(3.0)


def _deviation(rule: Glorot | He | ScaledGaussian, mask: np.ndarray) -> np.ndarray:
    """Returns the standard deviation of each unit's weights, shape (units, 1)."""
    fan_in = mask.sum(axis=1, keepdims=True)
    if isinstance(rule, Glorot):
        return rule.gain * np.sqrt(2.0 / (fan_in + len(mask)))
    if isinstance(rule, He):
        return np.sqrt(2.0 / fan_in)
    return rule.sigma_w / np.sqrt(fan_in)


def _draw_biases(rule: Glorot | He | ScaledGaussian, generator: np.random.Generator, width: int) -> np.ndarray:
    if isinstance(rule, ScaledGaussian) and rule.sigma_b > 0.0:
        return rule.sigma_b * generator.standard_normal(width)
    return np.zeros(width)


def _explicit(rule: Explicit, network: FeedForward) -> Parameters:
    weights = tuple(_placed(rule.weights[layer - 1], network, layer) for layer in range(1, network.depth + 1))
    return Parameters(weights=weights, biases=tuple(frozen(values) for values in rule.biases))


def _placed(rows: Sequence[Sequence[float]], network: FeedForward, layer: int) -> np.ndarray:
    """Puts the numbers of each unit, listed source by source, into their columns."""
    W = np.zeros((network.widths[layer], network.widths[layer - 1]))
    for unit, row in enumerate(rows, start=1):
        W[unit - 1, np.array(network.layer_sources(layer, unit)) - 1] = row
    return frozen(W)
