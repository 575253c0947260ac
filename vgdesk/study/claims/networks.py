"""The networks on which claims are tested, and the few numbers that are taken from them.

Depth counts hidden layers, all of one width; a linear output layer for the ten digits stands on top. A *span* is

    log10 (|dL/dh^1| / |dL/dh^L|)        what is left at the first hidden layer of the gradient at the last one

before any update: 0 = flat, -6 = a millionth, +2 = a hundredfold. Its L - 1 layers have L - 1 factors.
"""

from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from vgdesk.records.history import GradientHistory
from vgdesk.records.parameters import LossGradient
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot, Initialisation, ScaledGaussian
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import EveryNth, Recording, What
from vgdesk.spec.task import Digits, Examples
from vgdesk.spec.training import Training
from vgdesk.study.predict import first_examples
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw

WIDTH = 64
XAVIER = Glorot(distribution="normal")
_KEPT = 24
"""Trainings that are kept, because several claims are told of the same network."""


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


@lru_cache(maxsize=_KEPT)
def trained(experiment: Experiment, steps: int, rows: int = 50) -> "Trained":
    """Trains for `steps` updates and returns what was recorded, about `rows` of them, and how it ended."""
    what = What(quantities=("weight-norm", "weight-change", "update"))
    recording = Recording(what=what, when=EveryNth(n=max(1, steps // rows)))
    training = msgspec.structs.replace(experiment.training, steps=steps)
    trainer = Trainer(msgspec.structs.replace(experiment, training=training, recording=recording), evaluates=False)
    history = trainer.advance(steps)
    loss, accuracy = trainer.assess() if np.isfinite(history.loss[-1]) else (float("inf"), float("nan"))
    return Trained(history, loss, accuracy)


class Trained:
    """Is a training that has ended: record, loss and share of right answers of all examples trained on."""

    def __init__(self, history: GradientHistory, loss: float, accuracy: float) -> None:
        self.history, self.loss, self.accuracy = history, loss, accuracy

    def change(self, layer: int) -> float:
        """Returns log10 |W - W_0| / |W_0| at the end of a layer (from 1; -1 is the last hidden one)."""
        first_norm = self.history.values("weight-norm")[0]
        return float((self.history.values("weight-change")[-1] - first_norm)[layer - 1])

    def kept(self, layer: int) -> float:
        """Returns |W| / |W_0| of a layer at the end."""
        norms = self.history.values("weight-norm")
        return float(10.0 ** (norms[-1] - norms[0])[layer - 1])

    @property
    def span(self) -> float:
        """The span at the last recorded step."""
        return self._span(-1)

    @property
    def first_span(self) -> float:
        """The span before any update."""
        return self._span(0)

    def _span(self, row: int) -> float:
        state = self.history.values("state")[row]
        return float(state[0] - state[-2])

    @property
    def loss_left(self) -> float:
        """Loss at the end over loss at the start; infinite after a breakdown."""
        return self.loss / float(self.history.loss[0])
