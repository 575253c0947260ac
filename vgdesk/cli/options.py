"""Turns the words of a command line into an experiment; every misfit is a `SpecError` in one sentence."""

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import find_experiment


def chosen_experiment(
    name: str,
    steps: int | None = None,
    seed: int | None = None,
    precision: str | None = None,
    learning_rate: float | None = None,
) -> Experiment:
    """Returns a bundled experiment or the one in a file, with the given fields replaced."""
    experiment = find_experiment(name)
    training = experiment.training
    if steps is not None:
        training = msgspec.structs.replace(training, steps=steps)
    if precision is not None:
        training = msgspec.structs.replace(training, precision=precision)
    if learning_rate is not None:
        optimiser = msgspec.structs.replace(training.optimiser, learning_rate=learning_rate)
        training = msgspec.structs.replace(training, optimiser=optimiser)
    replaced = msgspec.structs.replace(experiment, training=training)
    return replaced if seed is None else msgspec.structs.replace(replaced, seed=seed)
