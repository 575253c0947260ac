"""The network that claims about training are told of, 20 hidden layers of 32 units on digits, and its training.

300 updates, where a claim does not say otherwise. Spans and layers are those of `networks`.
"""

from functools import lru_cache

import msgspec
import numpy as np

from vgdesk.records.history import GradientHistory
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Initialisation
from vgdesk.spec.optimiser import Optimiser, Sgd
from vgdesk.spec.recording import EveryNth, Recording, What
from vgdesk.spec.training import Training
from vgdesk.study.claims.networks import XAVIER, deep
from vgdesk.training.loop import Trainer

DEPTH, NARROW, STEPS = 20, 32, 300
PLAIN = Sgd(learning_rate=0.1)
_KEPT = 64
"""Trainings that are kept, because several claims are told of the same network."""
CHANGE = "relative change of layer 1's weights in 300 updates"
"""What a gauge of `Trained.change` measures; log10."""


def subject(
    activation: str,
    start: Initialisation = XAVIER,
    *,
    seed: int,
    depth: int = DEPTH,
    rule: Optimiser = PLAIN,
    clip: float | None = None,
    **options: object,
) -> Experiment:
    """Returns the network of these claims with a way to train it; `options` are fields of its hidden layers."""
    experiment = deep(activation, depth, start, width=NARROW, seed=seed, **options)
    clipping = None if clip is None else ClipByNorm(maximum=clip)
    return msgspec.structs.replace(experiment, training=Training(optimiser=rule, batch_size=64, clipping=clipping))


@lru_cache(maxsize=_KEPT)
def trained(experiment: Experiment, steps: int = STEPS, rows: int = 50) -> "Trained":
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
