"""How large a network may be for a derivation that a person can follow, and the sentence that says no."""

import math
from collections.abc import Iterator

from vgdesk.errors import DerivationTooLarge
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.parameter_names import parameter_names
from vgdesk.spec.recurrent import Recurrent

MAX_PARAMETERS = 250
MAX_STEPS = 6
MAX_WIDTH = 4
"""Units of a recurrent cell."""
MAX_BATCH = 8
"""Examples that batch normalisation may couple."""
MAX_COPIES = 400
"""Parameters times coupled examples: so many terms a derivation writes."""


def require_derivable(experiment: Experiment, examples: int = 1) -> None:
    """Raises `DerivationTooLarge` with the sentence of `refusal`, if there is one."""
    sentence = refusal(experiment, examples)
    if sentence:
        raise DerivationTooLarge(sentence)


def refusal(experiment: Experiment, examples: int = 1) -> str:
    """Says why a derivation would be beyond what a person can follow, or nothing.

    Parameters
    ----------
    examples
        How many examples are written down at once (more than one where batch normalisation couples them).
    """
    for count, most, things in _sizes(experiment, examples):
        if count > most:
            has = f"{experiment.name} has {count:,} {things}"
            return f"{has}; a derivation is written for at most {most}, choose a smaller network or train this one"
    return ""


def _sizes(experiment: Experiment, examples: int) -> Iterator[tuple[int, int, str]]:
    """Yields (how many, at most, of what)."""
    network = experiment.network
    if isinstance(network, Recurrent):
        yield network.steps, MAX_STEPS, "time steps"
        yield network.width, MAX_WIDTH, "units in its cell"
    count = sum(math.prod(shape) for shape in parameter_names(network).values())
    yield count, MAX_PARAMETERS, "parameters"
    if examples > 1:
        yield examples, MAX_BATCH, "examples that batch normalisation couples"
        yield count * examples, MAX_COPIES, "parameters times coupled examples"
