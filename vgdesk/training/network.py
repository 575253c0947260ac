"""From the spec's network to what kernels understand: widths, activation names, masks of sparse wiring."""

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.kernels.trainer import Network
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward


def layer_mask(network: FeedForward, layer: int) -> np.ndarray:
    """Returns which connections of a layer exist, shape (units, units below), True where a weight is."""
    mask = np.zeros((network.widths[layer], network.widths[layer - 1]), bool)
    for unit in range(1, network.widths[layer] + 1):
        mask[unit - 1, np.array(network.layer_sources(layer, unit)) - 1] = True
    return mask


def kernel_network(experiment: Experiment) -> Network:
    """Returns the network and loss of an experiment in the kernels' words.

    Raises
    ------
    SpecError
        When the network is recurrent or has layers that these kernels do not know.
    """
    network = experiment.feed_forward
    if not network.is_plain:
        raise SpecError(f"{experiment.name} has layers with options; this exists for plain layers only")
    masks = None
    if any(layer.sources is not None for layer in network.layers):
        masks = tuple(layer_mask(network, layer) for layer in range(1, network.depth + 1))
    activations = tuple(layer.activation for layer in network.layers)
    return Network(network.widths, activations, experiment.loss, masks)
