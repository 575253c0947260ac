"""What may change while a training runs: learning rate and clipping at once; the rest waits for the next start."""

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.training import Training
from vgdesk.ui.state.jobs import Jobs

_BESIDE = {"name", "title", "training", "recording"}
"""Fields that say how an experiment is called, trained and recorded, not what is studied."""


def is_same_study(running: Experiment, wanted: Experiment) -> bool:
    """Says whether two experiments differ at most in how they are called, trained and recorded."""
    fields = set(running.__struct_fields__) - _BESIDE
    return all(getattr(running, field) == getattr(wanted, field) for field in fields)


def steered(jobs: Jobs, now: Training, wanted: Training) -> Training:
    """Tells the engine what can change at once, and returns how the run trains from here on.

    Another update rule's learning rate comes with that rule, at the next start.
    """
    rule, rate = now.optimiser, wanted.optimiser.learning_rate
    if type(wanted.optimiser) is type(rule) and rate != rule.learning_rate:
        jobs.ask().set_learning_rate(rate)
        rule = msgspec.structs.replace(rule, learning_rate=rate)
    if wanted.clipping != now.clipping:
        jobs.ask().set_clipping(wanted.clipping)
    return msgspec.structs.replace(now, optimiser=rule, clipping=wanted.clipping)
