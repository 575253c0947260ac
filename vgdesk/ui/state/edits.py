"""Changes of an experiment that the toolbar offers: activation, initialisation, seed. Pure functions, spec to spec.

An edit keeps name and title true, and decides them together from the contents: an experiment that is a bundled one
again bears its name and title; every other one is called "...-edited" and its title says what it is.
"""

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.activation import facts_of, own_formula
from vgdesk.spec.edited import EDITED, bundled_twin, edit_note, edited_name, recorded_otherwise, with_note
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import DenseLayer, with_one_activation
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import CELL_WORDS, Recurrent, VanillaCell
from vgdesk.spec.task import Digits
from vgdesk.ui.state.initialisations import GIVEN, INITIALISATIONS, OTHERS, initialisation_key, number_of

MIXED, MIXED_WORDS = "mixed", "unit by unit"
"""Stands for the activations of hidden layers whose units have their own; nobody can choose it."""


def hidden_activation(experiment: Experiment) -> str:
    """Returns the activation of the first layer: the hidden layers' one, or the output's where there is no other.

    Of a recurrent network its cell's, which is tanh in an LSTM or GRU. `MIXED` where units have their own.
    """
    network = experiment.network
    if isinstance(network, Recurrent):
        return network.cell.activation if isinstance(network.cell, VanillaCell) else "tanh"
    return MIXED if any(layer.unit_activations for layer in _hidden(network)) else network.layers[0].activation


def activation_words(experiment: Experiment) -> str:
    """Returns how people call the activation of the hidden layers."""
    name = hidden_activation(experiment)
    return MIXED_WORDS if name == MIXED else facts_of(name).words


def _hidden(network: FeedForward) -> tuple[DenseLayer, ...]:
    """Returns the hidden layers, or the output layer where there is no other."""
    return network.layers[:-1] or network.layers


def has_free_activation(experiment: Experiment) -> bool:
    """Whether the activation can be chosen: the gates of an LSTM or GRU fix theirs."""
    network = experiment.network
    return not isinstance(network, Recurrent) or isinstance(network.cell, VanillaCell)


def with_activation(experiment: Experiment, activation: str) -> Experiment:
    """Returns the experiment with this activation in every hidden layer; the output layer belongs to the loss."""
    if activation == hidden_activation(experiment):
        return experiment
    if isinstance(experiment.network, Recurrent):
        return renamed(msgspec.structs.replace(experiment, network=_with_cell(experiment.network, activation)))
    *hidden, output = experiment.network.layers
    if not hidden:
        output = with_one_activation(output, activation)
    layers = (*(with_one_activation(layer, activation) for layer in hidden), output)
    network = msgspec.structs.replace(experiment.network, layers=layers)
    return renamed(msgspec.structs.replace(experiment, network=network))


def with_initialisation(experiment: Experiment, key: str, number: float | None = None) -> Experiment:
    """Returns the experiment with a rule of `INITIALISATIONS` in all layers.

    `number` is the rule's own (sigma_w, gain, std); None leaves it, or begins with the rule's usual one.
    """
    offer, is_same = INITIALISATIONS[key], initialisation_key(experiment) == key
    rule = experiment.initialisation if is_same else offer.rule
    if offer.number and number is not None:
        rule = msgspec.structs.replace(rule, **{offer.number: number})
    if is_same and rule == experiment.initialisation and not experiment.start_values:
        return experiment
    network = experiment.network
    if isinstance(network, FeedForward):
        layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in network.layers)
        network = msgspec.structs.replace(network, layers=layers)
    return renamed(msgspec.structs.replace(experiment, network=network, initialisation=rule, start_values=()))


def _with_cell(network: Recurrent, activation: str) -> Recurrent:
    if not isinstance(network.cell, VanillaCell):
        word = CELL_WORDS[network.cell_kind]
        raise SpecError(
            f"activation of an {word} cell is fixed by its gates, got {activation!r}; only an RNN has a choice"
        )
    return msgspec.structs.replace(network, cell=VanillaCell(activation=activation))


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Returns the experiment with another draw of the parameters and of the order of the examples."""
    return msgspec.structs.replace(experiment, seed=seed)


def described(experiment: Experiment) -> str:
    """Returns a title made from the contents, e.g. "Tanh, He normal, 20 layers × 16, on digits"."""
    network, activation = experiment.network, hidden_activation(experiment)
    if isinstance(network, Recurrent):
        return _described_in_time(experiment, network)
    name = "mixed activations" if activation == MIXED else facts_of(activation).words
    words = name if own_formula(activation) else f"{name[0].upper()}{name[1:]}"
    start = _initialisation_words(experiment)
    if network.is_chain:
        given = "" if start == GIVEN else f"{start}, "
        return f"{words} chain, {given}{network.depth} {'layer' if network.depth == 1 else 'layers'}"
    return f"{words}, {start}, {_shape(network)}, on {_data(experiment)}"


def _described_in_time(experiment: Experiment, network: Recurrent) -> str:
    cell, words = network.cell, CELL_WORDS[network.cell_kind]
    if isinstance(cell, VanillaCell):
        words = f"{facts_of(cell.activation).words} {words}"
        if own_formula(cell.activation) is None:
            words = words[0].upper() + words[1:]
    start, steps = _initialisation_words(experiment), network.steps
    return f"{words} {network.width}, {start}, {steps} time {'step' if steps == 1 else 'steps'}, on {_data(experiment)}"


def _data(experiment: Experiment) -> str:
    return "digits" if isinstance(experiment.task, Digits) else experiment.name.removesuffix(EDITED)


def _initialisation_words(experiment: Experiment) -> str:
    key = initialisation_key(experiment)
    if key in OTHERS:
        return OTHERS[key]
    offer, rule = INITIALISATIONS[key], experiment.initialisation
    if isinstance(rule, ScaledGaussian):
        return f"{offer.words} {_sigmas(rule) if rule.sigma_b else f'σ {rule.sigma_w:.4g}'}"
    return f"{offer.words} {offer.number} {number_of(experiment)[1]:.4g}" if offer.number else offer.words


def _sigmas(rule: ScaledGaussian) -> str:
    """Returns "σ_w 10.15", and that of the biases where they are drawn, too."""
    return f"σ_w {rule.sigma_w:.4g}" + (f", σ_b {rule.sigma_b:.4g}" if rule.sigma_b else "")


def _shape(network: FeedForward) -> str:
    hidden = set(network.widths[1:-1])
    layers = f"{network.depth} {'layer' if network.depth == 1 else 'layers'}"
    return f"{layers} × {hidden.pop()}" if len(hidden) == 1 else layers


def renamed(edited: Experiment) -> Experiment:
    """Returns the experiment under the name and title of the bundled one that it equals, else under its own."""
    same = recorded_otherwise(edited)
    title = same.title if same else _title(edited)
    return bundled_twin(edited) or msgspec.structs.replace(edited, name=edited_name(edited.name), title=title)


def _title(edited: Experiment) -> str:
    """Returns what an experiment is and what was edited; sigmas that are the edit are told there, and only there."""
    former, arrow, more = edit_note(edited).partition(" → scaled Gaussian")
    rule, name = edited.initialisation, described(edited)
    if not isinstance(rule, ScaledGaussian) or not arrow or more.startswith(" ("):
        return with_note(name, edited)
    note = f" ({former} → {_sigmas(rule)}{more})"
    return name.replace(f"{_initialisation_words(edited)}, ", "")[: LONGEST_TITLE - len(note)] + note
