"""The initialisations that the toolbar offers: their words, the number beside each, and which one an experiment has."""

from typing import NamedTuple

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
from vgdesk.spec.network import FeedForward


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

EXPLICIT, GIVEN = "explicit", "given numbers"
OTHERS = {EXPLICIT: GIVEN, "per-layer": "layer by layer"}
"""Keys that an experiment may have but nobody can choose, and their words."""


def initialisation_key(experiment: Experiment) -> str:
    """Returns the key of the experiment's rule in `INITIALISATIONS` or in `OTHERS`."""
    network = experiment.network
    if isinstance(network, FeedForward) and any(layer.initialisation is not None for layer in network.layers):
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
