"""The one change that "Duplicate with one change" offers: what can be changed, to what, and the experiment with it."""

from dataclasses import dataclass

import msgspec

from vgdesk.diagnosis.remedies.catalogue import applicable, apply_remedies
from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATION_FACTS
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.optimiser import OPTIMISERS
from vgdesk.spec.typed import named_number, whole_number
from vgdesk.spec.vary import varied
from vgdesk.ui.state import edits
from vgdesk.ui.state.initialisations import INITIALISATIONS, initialisation_key

REMEDY, ACTIVATION, INITIALISATION, OPTIMISER, SEED = "remedy", "activation", "initialisation", "optimiser", "seed"
_NUMBERS = {
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    SEED: "Seed",
    "width": "Width",
    "depth": "Depth",
}
"""Fields of `vgdesk.spec.vary` that are typed, and their words."""
_WHOLE = ("batch_size", SEED, "width", "depth")


@dataclass(frozen=True)
class Changeable:
    """Is one thing that can be changed: `options` are (key, words) to choose from; none where a number is typed."""

    words: str
    options: tuple[tuple[str, str], ...] = ()
    now: str = ""
    """The number as it is, where one is typed."""


def changeables(experiment: Experiment) -> dict[str, Changeable]:
    """Returns what can be changed in an experiment, by its key; choices that would change nothing are left out."""
    found: dict[str, Changeable] = {}
    if edits.has_free_activation(experiment):
        present = edits.hidden_activation(experiment)
        names = [(name, facts.words) for name, facts in ACTIVATION_FACTS.items() if name != present]
        found[ACTIVATION] = Changeable("Activation", tuple(names))
    rule = initialisation_key(experiment)
    rules = [(key, offer.words) for key, offer in INITIALISATIONS.items() if key != rule]
    found[INITIALISATION] = Changeable("Initialisation", tuple(rules))
    others = [name for name, one in OPTIMISERS.items() if one != experiment.training.optimiser]
    found[OPTIMISER] = Changeable("Optimiser", tuple((name, name) for name in others))
    cures = tuple((offer.name, offer.title) for offer in applicable(experiment))
    if cures:
        found[REMEDY] = Changeable("A remedy", cures)
    for key, words in _NUMBERS.items():
        now = _number(experiment, key)
        if now:
            found[key] = Changeable(words, now=now)
    return found


def with_change(experiment: Experiment, key: str, value: str) -> Experiment:
    """Returns the experiment with one thing changed, under a title that is true.

    Raises
    ------
    SpecError
        When the value does not fit, or changes nothing.
    """
    match key:
        case "activation":
            changed = edits.with_activation(experiment, value)
        case "initialisation":
            changed = edits.with_initialisation(experiment, value)
        case "optimiser":
            training = msgspec.structs.replace(experiment.training, optimiser=OPTIMISERS[value])
            changed = edits.renamed(msgspec.structs.replace(experiment, training=training))
        case "remedy":
            changed = edits.renamed(apply_remedies(experiment, value))
        case _:
            changed = varied(experiment, key, _typed(key, value))
            changed = changed if key == SEED or changed == experiment else edits.renamed(changed)
    if changed == experiment:
        raise SpecError(f"{key.replace('_', ' ')} is {value} already: choose another value")
    return changed


def _typed(key: str, text: str) -> int | float:
    what = key.replace("_", " ")
    if key not in _WHOLE:
        return named_number(what, text)
    try:
        return whole_number(text)
    except ValueError:
        raise SpecError(f"{what} must be a whole number, got {text[:60]!r}") from None


def _number(experiment: Experiment, key: str) -> str:
    """Returns a number of the experiment as it is typed, "" where it has none of that name."""
    network = experiment.network
    match key:
        case "learning_rate":
            return f"{experiment.training.optimiser.learning_rate:g}"
        case "batch_size":
            return "" if experiment.training.batch_size is None else str(experiment.training.batch_size)
        case "seed":
            return str(experiment.seed)
        case "width":
            has_hidden = not isinstance(network, FeedForward) or network.depth > 1
            return (
                str(network.layers[0].width if isinstance(network, FeedForward) else network.width)
                if has_hidden
                else ""
            )
        case _:
            return str(network.depth) if isinstance(network, FeedForward) and network.depth > 1 else ""
