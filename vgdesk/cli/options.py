"""Turns the words of a command line into an experiment; every misfit is a `SpecError` in one sentence."""

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import find_experiment


def chosen_experiment(
    name: str | Experiment,
    steps: int | None = None,
    seed: int | None = None,
    precision: str | None = None,
    learning_rate: float | None = None,
    *,
    held_out: float | None = None,
    batch_size: int | None = None,
) -> Experiment:
    """Returns a bundled experiment, the one in a file, or the given one, with the given fields replaced."""
    experiment = name if isinstance(name, Experiment) else find_experiment(name)
    training = experiment.training
    if held_out is not None:
        training = msgspec.structs.replace(training, held_out=held_out)
    if batch_size is not None:
        training = msgspec.structs.replace(training, batch_size=batch_size)
    if steps is not None:
        training = msgspec.structs.replace(training, steps=steps)
    if precision is not None:
        training = msgspec.structs.replace(training, precision=precision)
    if learning_rate is not None:
        optimiser = msgspec.structs.replace(training.optimiser, learning_rate=learning_rate)
        training = msgspec.structs.replace(training, optimiser=optimiser)
    replaced = msgspec.structs.replace(experiment, training=training)
    return replaced if seed is None else msgspec.structs.replace(replaced, seed=seed)
