"""The networks on which claims are tested, and the few numbers that are taken from them.

Depth counts hidden layers, all of one width; a linear output layer for the ten digits stands on top. A *span* is

    log10 (|dL/dh^1| / |dL/dh^L|)        what is left at the first hidden layer of the gradient at the last one

before any update: 0 = flat, -6 = a millionth, +2 = a hundredfold. It is measured at both ends, over L - 1 equal layers
as in the publications and in the reference, and so it is not gamma^L of a diagnosis (`vgdesk.diagnosis.gain`), which
reaches from the output layer to the input: there the first layer meets the data, and the last one is narrow.
"""

from typing import Any

from vgdesk.records.parameters import LossGradient
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot, Initialisation, ScaledGaussian
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Digits, Examples
from vgdesk.spec.training import Training
from vgdesk.study.predict import first_examples
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

WIDTH = 64
XAVIER = Glorot(distribution="normal")


def deep(
    activation: str, depth: int, start: Initialisation = XAVIER, *, width: int = WIDTH, seed: int = 0, **options: Any
) -> Experiment:
    """Returns a network of `depth` hidden layers on digits; `options` are fields of its hidden layers."""
    first = {**options, "skip": None}  # a skip connection needs equal widths
    hidden = DenseLayer(width=width, activation=activation, **options)
    below = hidden if width == 64 else DenseLayer(width=width, activation=activation, **first)
    layers = (below, *(hidden,) * (depth - 1), DenseLayer(width=10, activation="identity"))
    return Experiment(
        name="claim",
        title="Network of a claim",
        network=FeedForward(inputs=64, layers=layers),
        task=Digits(),
        loss="softmax-cross-entropy",
        initialisation=start,
        training=Training(batch_size=64),
        seed=seed,
    )


def chain(weights: list[float], biases: list[float], x: float, activation: str = "sigmoid") -> Experiment:
    """Returns one unit per layer with given numbers, target 0 and loss 1/2 (y - t)^2."""
    return Experiment(
        name="claim",
        title="Chain of a claim",
        network=FeedForward(inputs=1, layers=(DenseLayer(width=1, activation=activation),) * len(weights)),
        task=Examples(inputs=((x,),), targets=((0.0,),)),
        loss="half-mse-sum",
        initialisation=Explicit(weights=tuple(((w,),) for w in weights), biases=tuple((b,) for b in biases)),
    )


def at_start(experiment: Experiment, input_scale: float = 1.0) -> LossGradient:
    """Returns the gradient of the first step's examples at the drawn parameters."""
    data = first_examples(experiment)
    return gradient(experiment, draw(experiment), data.inputs * input_scale, data.targets)


def span(found: LossGradient) -> float:
    """Returns the span of a gradient; the output layer does not count."""
    return float(found.log10_state_norm[0] - found.log10_state_norm[-2])


def span_of(experiment: Experiment) -> float:
    """Returns the span before any update."""
    return span(at_start(experiment))


def weight_span(found: LossGradient) -> float:
    """Returns log10 of the first hidden layer's weight gradient over the last one's."""
    return float(found.log10_weight_norm[0] - found.log10_weight_norm[-2])


def gaussian(sigma_w: float, sigma_b: float = 0.0) -> ScaledGaussian:
    """Returns W ~ N(0, sigma_w^2 / fan_in), b ~ N(0, sigma_b^2)."""
    return ScaledGaussian(sigma_w=sigma_w, sigma_b=sigma_b)
