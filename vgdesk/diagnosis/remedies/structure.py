"""Remedies that act on what stands around a layer, and on how many layers there are."""

from functools import partial

import msgspec

from vgdesk.diagnosis.remedies.remedy import Remedy, replaced, with_hidden
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.deviation import require_deviation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Highway, Residual, Skip

KEPT_LAYERS = 3
"""What "fewer layers" leaves: two hidden ones and the output."""
GATE_BIAS = -3.0
"""sigmoid(3) = 0.953 of the signal passes a highway layer at the start; with the usual -1, 0.73^20 = 0.002."""


def with_normalisation(experiment: Experiment, normalisation: str) -> Experiment:
    """Returns the experiment with a normalisation in every hidden layer; refuses one that would forget its input."""
    changed = with_hidden(experiment, lambda layer: msgspec.structs.replace(layer, normalisation=normalisation))
    require_deviation(changed)
    return changed


def with_skips(experiment: Experiment, skip: Skip) -> Experiment:
    """Returns the experiment with a skip connection around every hidden layer as wide as what lies below it."""
    network = experiment.feed_forward
    layers = tuple(
        msgspec.structs.replace(layer, skip=skip) if layer.width == below and number < network.depth else layer
        for number, (layer, below) in enumerate(zip(network.layers, network.widths, strict=False), start=1)
    )
    if all(layer.skip is None for layer in layers):
        raise SpecError("no hidden layer is as wide as the layer below it, so nothing can be led past one")
    return replaced(experiment, network=replaced(network, layers=layers))


def with_fewer_layers(experiment: Experiment) -> Experiment:
    """Returns the experiment with its first two hidden layers and its output layer only."""
    network = experiment.feed_forward
    if network.depth <= KEPT_LAYERS:
        raise SpecError(f"the network has no more than {KEPT_LAYERS} layers")
    layers = (*network.layers[: KEPT_LAYERS - 1], network.layers[-1])
    return replaced(experiment, network=replaced(network, layers=layers))


def with_dropout(experiment: Experiment, share: float = 0.2) -> Experiment:
    """Returns the experiment with dropout in every hidden layer that has none."""

    def change(layer: DenseLayer) -> DenseLayer:
        return layer if layer.dropout else msgspec.structs.replace(layer, dropout=share)

    return with_hidden(experiment, change)


STRUCTURE = (
    Remedy(
        "batch-norm",
        "batch normalisation",
        "forward scale and backward factor",
        "normalisation",
        Helps.YES,
        "trains deep sigmoids; deep ReLU with it and without skips explodes 1.21 times per layer at the start",
        partial(with_normalisation, normalisation="batch"),
    ),
    Remedy(
        "layer-norm",
        "layer normalisation",
        "forward scale and backward factor",
        "normalisation",
        Helps.MATCHED,
        "with sigmoid it still vanishes (0.39 per layer)",
        partial(with_normalisation, normalisation="layer"),
    ),
    Remedy(
        "residual",
        "residual connections",
        "I + J in place of J",
        "skip",
        Helps.YES,
        "the gradient has a way past every layer",
        partial(with_skips, skip=Residual()),
    ),
    Remedy(
        "highway",
        "highway connections",
        "I + J in place of J",
        "skip",
        Helps.YES,
        "as long as its gates let the signal from below pass",
        partial(with_skips, skip=Highway(gate_bias=GATE_BIAS)),
    ),
    Remedy(
        "fewer-layers",
        "fewer layers",
        "number of factors",
        "depth",
        Helps.AVOIDS,
        "the product gets shorter, which gives up what the layers were for",
        with_fewer_layers,
    ),
)
DROPOUT = Remedy(
    "dropout",
    "dropout",
    "overfitting",
    "dropout",
    Helps.NO,
    "it acts on overfitting",
    with_dropout,
)
