"""The one seeded draw of parameters that all routes share.

One generator, seeded with the experiment's seed, is used from the first layer to the last, weights before biases, so
the same experiment gives the same bits. A layer's own rule goes before the experiment's.
"""

from collections.abc import Sequence

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.network import FeedForward
from vgdesk.training.draws import draw_biases, draw_weights
from vgdesk.training.network import layer_mask


def draw(experiment: Experiment) -> Parameters:
    """Returns the parameters at which training starts, float64 and read-only."""
    generator = np.random.default_rng(experiment.seed)
    layers = [_layer(experiment, layer, generator) for layer in range(1, experiment.network.depth + 1)]
    return Parameters(weights=tuple(W for W, _ in layers), biases=tuple(b for _, b in layers))


def _layer(experiment: Experiment, layer: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Returns the weights and biases of one layer (counting from 1)."""
    network, rule = experiment.network, experiment.layer_initialisation(layer)
    if isinstance(rule, Explicit):
        # a layer's own rule holds that layer alone, the experiment's holds all of them
        place = 0 if network.layers[layer - 1].initialisation is not None else layer - 1
        return _placed(rule.weights[place], network, layer), frozen(rule.biases[place])
    mask = layer_mask(network, layer)
    return frozen(draw_weights(rule, mask, generator)), frozen(draw_biases(rule, mask, generator))


def _placed(rows: Sequence[Sequence[float]], network: FeedForward, layer: int) -> np.ndarray:
    """Puts the numbers of each unit, listed source by source, into their columns."""
    W = np.zeros((network.widths[layer], network.widths[layer - 1]))
    for unit, row in enumerate(rows, start=1):
        W[unit - 1, np.array(network.layer_sources(layer, unit)) - 1] = row
    return frozen(W)
