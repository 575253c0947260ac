"""The same training job done by vgdesk and by plain NumPy; see `frameworks` for others.

Each takes the experiment's own examples and first parameters, goes through the batches in order, and at every step
records the loss and |dL/dW| of every layer before updating by SGD. The others know tanh and sigmoid layers, an identity
output and softmax cross-entropy only.
"""

from typing import Any, Protocol

import numpy as np

from vgdesk.records.parameters import Parameters
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment
from vgdesk.training.data import load
from vgdesk.training.loop import Trainer


class Peer(Protocol):
    """Something that trains the experiment.

    `run` makes that many further steps and returns (losses, weight-gradient norms), shapes (steps,), (steps, layers).
    """

    name: str

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]: ...


def hidden_activation(experiment: Experiment) -> str:
    """Returns the name of the activation that all hidden layers share."""
    return experiment.feed_forward.layers[0].activation


class OwnTrainer:
    """Is vgdesk's trainer behind its public door."""

    name = "vgdesk"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._trainer = Trainer(experiment, parameters, evaluates=False)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        history = self._trainer.advance(steps)
        names = ("weight", "state") if history.signals is Places.TIME else ("weight",)
        return history.loss, 10.0 ** np.concatenate([history.log10_norm(name) for name in names], axis=1)


class Batches:
    """Goes round the batches of an experiment in order."""

    def __init__(self, experiment: Experiment, convert: Any) -> None:
        data = load(experiment.task, experiment.loss, experiment.seed)
        self.size = size = experiment.training.batch_of(len(data.inputs))
        last = len(data.inputs) - size + 1
        self.pairs = [
            (convert(self.laid_out(data.inputs[rows])), convert(self.wanted(data.targets[rows])))
            for rows in (slice(first, first + size) for first in range(0, last, size))
        ]
        self._next = 0

    def laid_out(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the inputs of a batch as a trainer reads them."""
        return inputs

    def wanted(self, targets: np.ndarray) -> np.ndarray:
        """Returns the targets of a batch that are compared with the output."""
        return targets

    def take(self) -> tuple[Any, Any]:
        """Returns the next (inputs, targets)."""
        pair = self.pairs[self._next]
        self._next = (self._next + 1) % len(self.pairs)
        return pair


class NumpyTrainer:
    """Trains with NumPy: one call per operation, all arrays allocated beforehand where NumPy allows it."""

    name = "NumPy"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        dtype = np.dtype(experiment.training.precision)
        self._is_sigmoid = hidden_activation(experiment) == "sigmoid"
        self._W = [W.astype(dtype) for W in parameters.weights]
        self._b = [b.astype(dtype) for b in parameters.biases]
        self._dW = [np.empty_like(W) for W in self._W]
        self._rate = dtype.type(experiment.training.optimiser.learning_rate)
        self._batches = Batches(experiment, lambda values: values.astype(dtype))
        self._h = [np.empty((self._batches.size, len(b)), dtype) for b in self._b]

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        losses, norms = np.empty(steps), np.empty((steps, len(self._W)))
        for step in range(steps):
            inputs, targets = self._batches.take()
            losses[step], delta = self._forward(inputs, targets)
            self._backward(inputs, delta, norms[step])
        return losses, norms

    def _activate(self, z: np.ndarray) -> None:
        if self._is_sigmoid:  # as (1 + tanh(z/2)) / 2: faster than exp and a division
            np.multiply(z, 0.5, out=z)
        np.tanh(z, out=z)
        if self._is_sigmoid:
            np.add(z, 1, out=z)
            np.multiply(z, 0.5, out=z)

    def _forward(self, inputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        below = inputs
        for layer, (W, b, h) in enumerate(zip(self._W, self._b, self._h, strict=True)):
            np.dot(below, W.T, out=h)
            np.add(h, b, out=h)
            if layer < len(self._W) - 1:
                self._activate(h)
            below = h
        shifted = below - below.max(axis=1, keepdims=True)
        p = np.exp(shifted)
        total = p.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(total[:, 0]) - np.sum(targets * shifted, axis=1)))
        return loss, (p / total - targets) / below.dtype.type(len(inputs))

    def _backward(self, inputs: np.ndarray, delta: np.ndarray, norms: np.ndarray) -> None:
        for layer in range(len(self._W) - 1, -1, -1):
            W, dW, below = self._W[layer], self._dW[layer], self._h[layer - 1] if layer else inputs
            np.dot(delta.T, below, out=dW)
            flat = dW.ravel()
            norms[layer] = np.sqrt(flat @ flat)
            above = delta
            if layer:
                delta = (delta @ W) * (below * (1 - below) if self._is_sigmoid else 1 - below * below)
            np.multiply(dW, self._rate, out=dW)
            np.subtract(W, dW, out=W)
            self._b[layer] -= self._rate * above.sum(axis=0)
