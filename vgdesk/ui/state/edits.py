"""Changes of an experiment that the toolbar offers: activation, initialisation, seed. Pure functions, spec to spec.

An edit keeps name and title true: where they were made from the contents ("Sigmoid, 20 layers × 16, on digits") they
are made anew, elsewhere they say that the experiment was edited.
"""

from collections.abc import Callable

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot, He, Initialisation, ScaledGaussian
from vgdesk.spec.task import Digits

EDITED = "-edited"
SIGMA_LOW, SIGMA_HIGH = 0.01, 100.0

INITIALISATIONS: dict[str, tuple[str, Callable[[float], Initialisation]]] = {
    "glorot-uniform": ("Glorot uniform", lambda sigma: Glorot(distribution="uniform")),
    "glorot-normal": ("Glorot normal", lambda sigma: Glorot(distribution="normal")),
    "he-normal": ("He normal", lambda sigma: He(distribution="normal")),
    "he-uniform": ("He uniform", lambda sigma: He(distribution="uniform")),
    "scaled-gaussian": ("Scaled Gaussian", lambda sigma: ScaledGaussian(sigma_w=sigma)),
}
"""Key -> (words for people, the rule for a given sigma_w; only the scaled Gaussian reads it)."""

EXPLICIT = "explicit"


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
    return _renamed(experiment, msgspec.structs.replace(experiment, network=network))


def with_initialisation(experiment: Experiment, key: str, sigma: float = 1.0) -> Experiment:
    """Returns the experiment with a rule of `INITIALISATIONS`."""
    rule = INITIALISATIONS[key][1](sigma)
    if rule == experiment.initialisation:
        return experiment
    return _renamed(experiment, msgspec.structs.replace(experiment, initialisation=rule))


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Returns the experiment with another draw of the parameters and of the order of the examples."""
    return msgspec.structs.replace(experiment, seed=seed)


def described(experiment: Experiment) -> tuple[str, str]:
    """Returns the (name, title) that tell an experiment's contents, e.g. for "digits-sigmoid-20"."""
    network, activation = experiment.network, hidden_activation(experiment)
    task = "digits" if isinstance(experiment.task, Digits) else "examples"
    width = network.widths[1]
    title = (
        f"{'ReLU' if activation == 'relu' else activation.capitalize()}, {network.depth} layers × {width}, on {task}"
    )
    return f"{task}-{activation}-{network.depth}", title


def _renamed(before: Experiment, after: Experiment) -> Experiment:
    (old_name, old_title), (new_name, new_title) = described(before), described(after)
    name = new_name if before.name == old_name else before.name.removesuffix(EDITED)[:53] + EDITED
    title = new_title if before.title == old_title else before.title.removesuffix(" (edited)") + " (edited)"
    return msgspec.structs.replace(after, name=name, title=title)
