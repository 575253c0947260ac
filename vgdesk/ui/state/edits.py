"""Changes of an experiment that the toolbar offers: activation, initialisation, seed. Pure functions, spec to spec.

An edit keeps name and title true: where they were made from the contents ("Sigmoid, 20 layers × 16, on digits") they
are made anew, elsewhere they say that the experiment was edited.
"""

from typing import NamedTuple

import msgspec

from vgdesk.spec.activation import ACTIVATION_FACTS
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import (
    FixedGaussian,
    Glorot,
    He,
    Identity,
    Initialisation,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    TorchDefault,
    Zeros,
)
from vgdesk.spec.task import Digits

EDITED = "-edited"


class Offer(NamedTuple):
    """Is an initialisation that can be chosen.

    Attributes
    ----------
    words
        What people read.
    family
        Offers of one family stand together.
    rule
        What the choice begins with.
    number
        The rule's field that can be typed beside it, or "".
    decimals
        How many of them that number shows.
    """

    words: str
    family: str
    rule: Initialisation
    number: str = ""
    decimals: int = 2


INITIALISATIONS: dict[str, Offer] = {
    "glorot-uniform": Offer("Glorot uniform", "fan", Glorot(distribution="uniform")),
    "glorot-normal": Offer("Glorot normal", "fan", Glorot(distribution="normal")),
    "he-normal": Offer("He normal", "fan", He(distribution="normal")),
    "he-uniform": Offer("He uniform", "fan", He(distribution="uniform")),
    "lecun-normal": Offer("LeCun normal", "fan", LeCun(distribution="normal")),
    "lecun-uniform": Offer("LeCun uniform", "fan", LeCun(distribution="uniform")),
    "torch-default": Offer("PyTorch default", "fan", TorchDefault()),
    "orthogonal": Offer("Orthogonal", "matrix", Orthogonal(), "gain"),
    "identity": Offer("Identity", "matrix", Identity(), "gain"),
    "scaled-gaussian": Offer("Scaled Gaussian", "number", ScaledGaussian(), "sigma_w"),
    "fixed": Offer("Fixed std", "number", FixedGaussian(), "std", 3),
    "zeros": Offer("Zeros", "zero", Zeros()),
}
"""By key: the rule's kind, and its distribution where it has one."""

OTHERS = {"explicit": "given numbers", "per-layer": "layer by layer"}
"""Keys that an experiment may have but nobody can choose, and their words."""


def initialisation_key(experiment: Experiment) -> str:
    """Returns the key of the experiment's rule in `INITIALISATIONS` or in `OTHERS`."""
    if any(layer.initialisation is not None for layer in experiment.network.layers):
        return "per-layer"
    rule = experiment.initialisation
    kind, distribution = str(type(rule).__struct_config__.tag), getattr(rule, "distribution", "")
    return f"{kind}-{distribution}" if distribution else kind


def number_of(experiment: Experiment) -> tuple[str, float, int]:
    """Returns (field, value, decimals) of the number that belongs to the experiment's rule, or ("", 0, 0)."""
    offer = INITIALISATIONS.get(initialisation_key(experiment))
    if offer is None or not offer.number:
        return "", 0.0, 0
    return offer.number, float(getattr(experiment.initialisation, offer.number)), offer.decimals


def hidden_activation(experiment: Experiment) -> str:
    """Returns the activation of the first layer: the hidden layers' one, or the output's where there is no other."""
    return experiment.network.layers[0].activation


def with_activation(experiment: Experiment, activation: str) -> Experiment:
    """Returns the experiment with this activation in every hidden layer; the output layer belongs to the loss."""
    if activation == hidden_activation(experiment):
        return experiment
    *hidden, output = experiment.network.layers
    if not hidden:
        output = msgspec.structs.replace(output, activation=activation)
    layers = (*(msgspec.structs.replace(layer, activation=activation) for layer in hidden), output)
    network = msgspec.structs.replace(experiment.network, layers=layers)
    return _renamed(experiment, msgspec.structs.replace(experiment, network=network))


def with_initialisation(experiment: Experiment, key: str, number: float | None = None) -> Experiment:
    """Returns the experiment with a rule of `INITIALISATIONS` in all layers.

    `number` is the rule's own (sigma_w, gain, std); None leaves it, or begins with the rule's usual one.
    """
    offer, is_same = INITIALISATIONS[key], initialisation_key(experiment) == key
    rule = experiment.initialisation if is_same else offer.rule
    if offer.number and number is not None:
        rule = msgspec.structs.replace(rule, **{offer.number: number})
    if is_same and rule == experiment.initialisation:
        return experiment
    layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in experiment.network.layers)
    network = msgspec.structs.replace(experiment.network, layers=layers)
    return _renamed(experiment, msgspec.structs.replace(experiment, network=network, initialisation=rule))


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Returns the experiment with another draw of the parameters and of the order of the examples."""
    return msgspec.structs.replace(experiment, seed=seed)


def described(experiment: Experiment) -> tuple[str, str]:
    """Returns the (name, title) that tell an experiment's contents, e.g. for "digits-sigmoid-20"."""
    network, activation = experiment.network, hidden_activation(experiment)
    task = "digits" if isinstance(experiment.task, Digits) else "examples"
    width = network.widths[1]
    words = ACTIVATION_FACTS[activation].words
    title = f"{words[0].upper()}{words[1:]}, {network.depth} layers × {width}, on {task}"
    return f"{task}-{activation}-{network.depth}", title


def _renamed(before: Experiment, after: Experiment) -> Experiment:
    (old_name, old_title), (new_name, new_title) = described(before), described(after)
    name = new_name if before.name == old_name else before.name.removesuffix(EDITED)[:53] + EDITED
    title = new_title if before.title == old_title else before.title.removesuffix(" (edited)") + " (edited)"
    return msgspec.structs.replace(after, name=name, title=title)
