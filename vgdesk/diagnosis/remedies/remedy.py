"""What a remedy is, and the changes of a spec that several remedies share."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec

from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.base import Spec
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Initialisation
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.recurrent import Recurrent, VanillaCell

_S = TypeVar("_S", bound=Spec)


class Remedy(NamedTuple):
    """Is one row of the catalogue.

    Attributes
    ----------
    name
        Identifier.
    title
        What people call it.
    acts_on
        What it changes; two remedies that act on the same `slot` cannot be combined.
    slot
        Which part of the experiment it sets.
    helps
        Whether it helps against a vanishing gradient.
    word
        The honest word.
    change
        Experiment -> experiment; raises `SpecError` with the reason where it does not apply.
    of_sigmoids
        What is said besides of a network with hidden layers that are sigmoids; "" where there is nothing to say.
    """

    name: str
    title: str
    acts_on: str
    slot: str
    helps: Helps
    word: str
    change: Callable[[Experiment], Experiment]
    of_sigmoids: str = ""

    def word_of(self, experiment: Experiment) -> str:
        """Returns the honest word about one experiment."""
        is_said = self.of_sigmoids and _has_sigmoids(experiment)
        return f"{self.word}; {self.of_sigmoids}" if is_said else self.word


def with_hidden(experiment: Experiment, change: Callable[[DenseLayer], DenseLayer]) -> Experiment:
    """Returns the experiment with every hidden layer changed; refuses where there is none."""
    network = experiment.feed_forward
    if network.depth == 1:
        raise SpecError("the network has no hidden layer")
    layers = (*map(change, network.layers[:-1]), network.layers[-1])
    return replaced(experiment, network=msgspec.structs.replace(network, layers=layers))


def with_training(experiment: Experiment, **fields: Any) -> Experiment:
    """Returns the experiment with other fields of its training."""
    return replaced(experiment, training=msgspec.structs.replace(experiment.training, **fields))


def drawn_by(experiment: Experiment, rule: Initialisation) -> Experiment:
    """Returns the experiment with every weight drawn by one rule; a W_hh with a rule of its own keeps that."""
    network = experiment.network
    if isinstance(network, Recurrent):
        return replaced(experiment, initialisation=rule)
    layers = tuple(replaced(layer, initialisation=None) for layer in network.layers)
    return replaced(experiment, network=replaced(network, layers=layers), initialisation=rule)


def _has_sigmoids(experiment: Experiment) -> bool:
    """Whether sigmoid units stand in a hidden layer or a simple cell; the gates of a cell are another matter."""
    network = experiment.network
    if isinstance(network, Recurrent):
        return isinstance(network.cell, VanillaCell) and network.cell.activation == "sigmoid"
    return any("sigmoid" in layer.activations for layer in network.layers[:-1])


def replaced(value: _S, **fields: Any) -> _S:
    """Returns a spec with other fields; its rules are checked again."""
    return msgspec.structs.replace(value, **fields)
