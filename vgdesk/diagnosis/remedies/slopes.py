"""Remedies that act on the slope of the activation, each with the initialisation that belongs to it.

He for what is half silent (He et al. 2015), LeCun for SELU (Klambauer et al. 2017), Xavier for tanh.
"""

from functools import partial

from vgdesk.diagnosis.remedies.remedy import Remedy, drawn_by, replaced, with_hidden
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Glorot, He, Initialisation, LeCun
from vgdesk.spec.layer import with_one_activation
from vgdesk.spec.recurrent import FIXED_ACTIVATIONS, Recurrent, VanillaCell

_WITH_HE = "with He initialisation; with Xavier it still loses 4.4 orders in 30 layers"


def with_activation(experiment: Experiment, activation: str, rule: Initialisation) -> Experiment:
    """Returns the experiment with this activation in every hidden layer, or in its RNN, and weights drawn by a rule."""
    network = experiment.network
    if isinstance(network, Recurrent):
        if not isinstance(network.cell, VanillaCell):
            raise SpecError("the activations of a cell with gates are fixed")
        if activation not in FIXED_ACTIVATIONS:
            raise SpecError("a recurrent cell has no slope that is learned")
        cell = replaced(network.cell, activation=activation)
        changed = replaced(experiment, network=replaced(network, cell=cell))
    else:
        changed = with_hidden(experiment, lambda layer: with_one_activation(layer, activation))
    return drawn_by(changed, rule)


def _slope(activation: str, title: str, rule: Initialisation, word: str, helps: Helps = Helps.MATCHED) -> Remedy:
    name = "swish" if activation == "silu" else activation
    change = partial(with_activation, activation=activation, rule=rule)
    return Remedy(name, title, "slope", "activation", helps, word, change)


SLOPES = (
    _slope("tanh", "tanh with Xavier", Glorot(), "its slope at 0 is 1, and nowhere more: flat to within a decade"),
    _slope("relu", "ReLU with He", He(), _WITH_HE),
    _slope("leaky-relu", "leaky ReLU with He", He(), f"{_WITH_HE}; no unit dies for good"),
    _slope("prelu", "PReLU with He", He(), f"{_WITH_HE}; the slope below 0 is learned"),
    _slope("elu", "ELU with He", He(), "its slope is 1 above 0 and falls off gently below"),
    _slope("selu", "SELU with LeCun", LeCun(), "keeps mean 0 and variance 1 by itself, with LeCun initialisation only"),
    _slope("silu", "swish with He", He(), "a little; its slope at 0 is a half, so deep stacks still lose"),
)
