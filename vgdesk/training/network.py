"""From the spec's network to what kernels understand: widths, names, masks of sparse wiring."""

import numpy as np

from vgdesk.kernels.network import Network
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import Skip
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Recurrent, VanillaCell


def layer_mask(network: FeedForward, layer: int) -> np.ndarray:
    """Returns which connections of a layer exist, shape (units, units below), True where a weight is."""
    if network.layers[layer - 1].sources is None:
        return np.ones((network.widths[layer], network.widths[layer - 1]), bool)
    mask = np.zeros((network.widths[layer], network.widths[layer - 1]), bool)
    for unit in range(1, network.widths[layer] + 1):
        mask[unit - 1, np.array(network.layer_sources(layer, unit)) - 1] = True
    return mask


def kernel_network(experiment: Experiment) -> Network:
    """Returns a feed-forward network and its loss in the kernels' words."""
    network = experiment.feed_forward
    masks = None
    if any(layer.sources is not None for layer in network.layers):
        masks = tuple(layer_mask(network, layer) for layer in range(1, network.depth + 1))
    return Network(
        network.widths,
        tuple(layer.activation for layer in network.layers),
        experiment.loss,
        masks,
        normalisations=tuple(layer.normalisation for layer in network.layers),
        dropouts=tuple(float(layer.dropout) for layer in network.layers),
        skips=tuple(_skip_word(layer.skip) for layer in network.layers),
        learns_bias=tuple(layer.bias for layer in network.layers),
        unit_activations=tuple(layer.unit_activations for layer in network.layers),
    )


def recurrent_kernel_network(experiment: Experiment) -> RecurrentNetwork:
    """Returns a recurrent network and its loss in the kernels' words; raises TypeError for another kind."""
    network = experiment.network
    if not isinstance(network, Recurrent):
        raise TypeError(f"{experiment.name} has no recurrent network")
    return RecurrentNetwork(
        cell=network.cell_kind,
        inputs=network.inputs,
        width=network.width,
        outputs=network.outputs,
        steps=network.steps,
        loss=experiment.loss,
        activation=network.cell.activation if isinstance(network.cell, VanillaCell) else "tanh",
        reset=network.cell.reset if isinstance(network.cell, Gru) else "after",
        output_activation=network.output_activation,
        output_steps=network.output_steps,
    )


def _skip_word(skip: Skip | None) -> str | None:
    return None if skip is None else str(skip.__struct_config__.tag)
