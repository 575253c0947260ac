"""Remedies that act on how the network is trained. Most leave the gradient as it is, and say so."""

from functools import partial

from vgdesk.diagnosis.remedies.remedy import Remedy, replaced, with_training
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.optimiser import OPTIMISERS
from vgdesk.spec.pretraining import LayerWise

L2 = 1e-3
FASTER = 2
"""How many times as many steps a faster machine makes in the same time."""
SMALLER = {"smaller-learning-rate": 10, "much-smaller-learning-rate": 100}
"""How many times smaller a learning rate is tried, by the remedy's name."""
LEVEL_STEPS = 1000
"""Steps of pre-training per layer."""


def with_clipping(experiment: Experiment) -> Experiment:
    """Returns the experiment with the norm of all gradients together capped at 1."""
    if experiment.training.clipping is not None:
        raise SpecError("gradients are clipped already")
    return with_training(experiment, clipping=ClipByNorm(maximum=1.0))


def with_optimiser(experiment: Experiment, name: str) -> Experiment:
    """Returns the experiment with a ready-made rule at its usual learning rate."""
    rule = OPTIMISERS[name]
    if type(experiment.training.optimiser) is type(rule):
        raise SpecError(f"the optimiser is {name} already")
    return with_training(experiment, optimiser=rule)


def with_smaller_steps(experiment: Experiment, times: int) -> Experiment:
    """Returns the experiment with a learning rate so many times smaller."""
    rule = experiment.training.optimiser
    if rule.learning_rate == 0.0:
        raise SpecError("the learning rate is 0 already")
    return with_training(experiment, optimiser=replaced(rule, learning_rate=rule.learning_rate / times))


def with_weight_decay(experiment: Experiment) -> Experiment:
    """Returns the experiment with a weight decay of `L2`, where there is not that much."""
    rule = experiment.training.optimiser
    if rule.weight_decay >= L2:
        raise SpecError(f"the weight decay is {rule.weight_decay:g} already")
    return with_training(experiment, optimiser=replaced(rule, weight_decay=L2))


def with_pretraining(experiment: Experiment) -> Experiment:
    """Returns the experiment with layer-wise pre-training; sigmoids rebuild shares, which their outputs are."""
    if experiment.training.pretraining is not None:
        raise SpecError("the network is pre-trained already")
    sigmoids = all(layer.activations == ("sigmoid",) for layer in experiment.feed_forward.layers[:-1])
    shares = LayerWise(steps=LEVEL_STEPS, learning_rate=2.0, reconstruction="cross-entropy")
    plain = LayerWise(steps=LEVEL_STEPS, learning_rate=0.1)
    return with_training(experiment, pretraining=shares if sigmoids else plain)


def on_faster_hardware(experiment: Experiment) -> Experiment:
    """Returns the experiment with the steps that a machine twice as fast makes in the same time."""
    return with_training(experiment, steps=min(FASTER * experiment.training.steps, 10_000_000))


TRAINING_RULES = (
    Remedy(
        "pretraining",
        "layer-wise pre-training",
        "where training starts",
        "pretraining",
        Helps.YES,
        "as it did historically: each layer learns from the one below it; sigmoids grow until their factor is near 1",
        with_pretraining,
    ),
    Remedy(
        "adam",
        "Adam",
        "step sizes, not gradients",
        "optimiser",
        Helps.MASKS,
        "small gradients get large steps, until they fall below its epsilon of 1e-8",
        partial(with_optimiser, name="adam"),
    ),
    Remedy(
        "rmsprop",
        "RMSprop",
        "step sizes, not gradients",
        "optimiser",
        Helps.MASKS,
        "small gradients get large steps, until they fall below its epsilon of 1e-8",
        partial(with_optimiser, name="rmsprop"),
    ),
    *(
        Remedy(
            name,
            f"learning rate {times} times smaller",
            "step sizes, not gradients",
            "optimiser",
            Helps.NO,
            "it is for a loss that climbs or swings; a gradient that is small from the start learns still more slowly",
            partial(with_smaller_steps, times=times),
        )
        for name, times in SMALLER.items()
    ),
    Remedy(
        "clipping",
        "gradient clipping",
        "updates, from above",
        "clipping",
        Helps.NO,
        "clipping bounds from above (it is for exploding gradients)",
        with_clipping,
    ),
    Remedy(
        "l2",
        "L2 (weight decay)",
        "overfitting",
        "weight decay",
        Helps.WORSE,
        "it shrinks weights, and it is for overfitting",
        with_weight_decay,
    ),
    Remedy(
        "faster-hardware",
        f"hardware {FASTER} times as fast",
        "nothing in the gradient",
        "steps",
        Helps.NO,
        "it buys steps linearly against an exponential",
        on_faster_hardware,
    ),
)
