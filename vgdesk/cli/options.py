"""Turns the words of a command line into an experiment; every misfit is a `SpecError` in one sentence."""

import msgspec

from vgdesk.spec.base import require_choice
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import find_experiment
from vgdesk.spec.optimiser import OPTIMISERS, Optimiser


def chosen_experiment(
    name: str | Experiment,
    steps: int | None = None,
    seed: int | None = None,
    precision: str | None = None,
    learning_rate: float | None = None,
    *,
    held_out: float | None = None,
    batch_size: int | None = None,
    optimiser: str | None = None,
    clip_norm: float | None = None,
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
    rule = training.optimiser if optimiser is None else _named_rule(optimiser, training.optimiser)
    if learning_rate is not None:
        rule = msgspec.structs.replace(rule, learning_rate=learning_rate)
    training = msgspec.structs.replace(training, optimiser=rule)
    if clip_norm is not None:
        training = msgspec.structs.replace(training, clipping=ClipByNorm(maximum=clip_norm))
    replaced = msgspec.structs.replace(experiment, training=training)
    return replaced if seed is None else msgspec.structs.replace(replaced, seed=seed)


def _named_rule(name: str, former: Optimiser) -> Optimiser:
    """Returns a ready-made rule; it keeps the learning rate of a rule of its own kind, for rates differ by kind."""
    require_choice("optimiser", name, OPTIMISERS)
    rule = OPTIMISERS[name]
    if type(rule) is type(former):
        return msgspec.structs.replace(rule, learning_rate=former.learning_rate)
    return rule
