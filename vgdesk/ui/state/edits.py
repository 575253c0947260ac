"""Changes of an experiment that the toolbar offers: activation, initialisation, seed. Pure functions, spec to spec.

An edit keeps name and title true, and decides them together from the contents: an experiment that is a bundled one
again bears its name and title; every other one is called "...-edited" and its title says what it is.
"""

from collections.abc import Callable

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot, He, Initialisation, ScaledGaussian
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Digits

EDITED = "-edited"
LONGEST_NAME = 60
SIGMA_LOW, SIGMA_HIGH = 0.01, 100.0
ACTIVATION_WORDS = {"relu": "ReLU"}

INITIALISATIONS: dict[str, tuple[str, Callable[[float], Initialisation]]] = {
    "glorot-uniform": ("Glorot uniform", lambda sigma: Glorot(distribution="uniform")),
    "glorot-normal": ("Glorot normal", lambda sigma: Glorot(distribution="normal")),
    "he-normal": ("He normal", lambda sigma: He(distribution="normal")),
    "he-uniform": ("He uniform", lambda sigma: He(distribution="uniform")),
    "scaled-gaussian": ("Scaled Gaussian", lambda sigma: ScaledGaussian(sigma_w=sigma)),
}
"""Key -> (words for people, the rule for a given sigma_w; only the scaled Gaussian reads it)."""

EXPLICIT, GIVEN = "explicit", "given numbers"


def initialisation_key(experiment: Experiment) -> str:
    """Returns the key of the experiment's rule in `INITIALISATIONS`, or "explicit" where every number is given."""
    rule = experiment.initialisation
    if isinstance(rule, ScaledGaussian):
        return "scaled-gaussian"
    if isinstance(rule, Explicit):
        return EXPLICIT
    return f"{'glorot' if isinstance(rule, Glorot) else 'he'}-{rule.distribution}"


def sigma_of(experiment: Experiment) -> float:
    """Returns sigma_w of a scaled Gaussian, 1 for every other rule."""
    rule = experiment.initialisation
    return rule.sigma_w if isinstance(rule, ScaledGaussian) else 1.0


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
    return _renamed(msgspec.structs.replace(experiment, network=network))


def with_initialisation(experiment: Experiment, key: str, sigma: float = 1.0) -> Experiment:
    """Returns the experiment with a rule of `INITIALISATIONS`."""
    rule = INITIALISATIONS[key][1](sigma)
    if rule == experiment.initialisation:
        return experiment
    return _renamed(msgspec.structs.replace(experiment, initialisation=rule))


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Returns the experiment with another draw of the parameters and of the order of the examples."""
    return msgspec.structs.replace(experiment, seed=seed)


def described(experiment: Experiment) -> str:
    """Returns a title made from the contents, e.g. "Tanh, He normal, 20 layers × 16, on digits"."""
    network, activation = experiment.network, hidden_activation(experiment)
    words = ACTIVATION_WORDS.get(activation, activation.capitalize())
    start = _initialisation_words(experiment)
    if network.is_chain:
        given = "" if start == GIVEN else f"{start}, "
        return f"{words} chain, {given}{network.depth} {'layer' if network.depth == 1 else 'layers'}"
    data = "digits" if isinstance(experiment.task, Digits) else experiment.name.removesuffix(EDITED)
    return f"{words}, {start}, {_shape(network)}, on {data}"


def _initialisation_words(experiment: Experiment) -> str:
    key = initialisation_key(experiment)
    if key == EXPLICIT:
        return GIVEN
    words = INITIALISATIONS[key][0]
    return f"{words} σ {sigma_of(experiment):g}" if key == "scaled-gaussian" else words


def _shape(network: FeedForward) -> str:
    hidden = set(network.widths[1:-1])
    layers = f"{network.depth} {'layer' if network.depth == 1 else 'layers'}"
    return f"{layers} × {hidden.pop()}" if len(hidden) == 1 else layers


def _renamed(edited: Experiment) -> Experiment:
    """Returns the experiment under the name and title of the bundled one that it equals, else under its own."""
    bundled = next((one for one in map(example, EXAMPLES) if _under_name_of(one, edited) == one), None)
    if bundled is not None:
        return msgspec.structs.replace(edited, name=bundled.name, title=bundled.title)
    name = edited.name.removesuffix(EDITED)[: LONGEST_NAME - len(EDITED)] + EDITED
    return msgspec.structs.replace(edited, name=name, title=f"{described(edited)} (edited)")


def _under_name_of(bundled: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment with what tells nothing about its contents taken from the bundled one."""
    return msgspec.structs.replace(edited, name=bundled.name, title=bundled.title, seed=bundled.seed)
