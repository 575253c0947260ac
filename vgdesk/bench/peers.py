"""The same training job done by others: plain NumPy, and PyTorch in eager mode where it is installed.

Each takes the experiment's own examples and first parameters, goes through the batches in order, and at every step
records the loss and |dL/dW| of every layer before updating by SGD. Both know tanh layers, an identity output and
softmax cross-entropy only.
"""

import importlib
import importlib.util
from typing import Any, Protocol

import numpy as np

from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.training.data import load
from vgdesk.training.loop import Trainer


class Peer(Protocol):
    """Something that trains the experiment.

    `run` makes that many further steps and returns (losses, weight-gradient norms), shapes (steps,), (steps, layers).
    """

    name: str

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]: ...


class OwnTrainer:
    """Is vgdesk's trainer behind its public door."""

    name = "vgdesk"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._trainer = Trainer(experiment, parameters, evaluates=False)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        history = self._trainer.advance(steps)
        return history.loss, 10.0**history.log10_weight_norm


class _Batches:
    """Goes round the batches of an experiment in order."""

    def __init__(self, experiment: Experiment, convert: Any) -> None:
        data = load(experiment.task)
        self.size = size = experiment.training.batch_of(len(data.inputs))
        last = len(data.inputs) - size + 1
        self._pairs = [
            (convert(data.inputs[first : first + size]), convert(data.targets[first : first + size]))
            for first in range(0, last, size)
        ]
        self._next = 0

    def take(self) -> tuple[Any, Any]:
        pair = self._pairs[self._next]
        self._next = (self._next + 1) % len(self._pairs)
        return pair


class NumpyTrainer:
    """Trains with NumPy: one call per operation, all arrays allocated beforehand where NumPy allows it."""

    name = "NumPy"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        dtype = np.dtype(experiment.training.precision)
        self._W = [W.astype(dtype) for W in parameters.weights]
        self._b = [b.astype(dtype) for b in parameters.biases]
        self._dW = [np.empty_like(W) for W in self._W]
        self._rate = dtype.type(experiment.training.optimiser.learning_rate)
        self._batches = _Batches(experiment, lambda values: values.astype(dtype))
        self._h = [np.empty((self._batches.size, len(b)), dtype) for b in self._b]

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        losses, norms = np.empty(steps), np.empty((steps, len(self._W)))
        for step in range(steps):
            inputs, targets = self._batches.take()
            losses[step], delta = self._forward(inputs, targets)
            self._backward(inputs, delta, norms[step])
        return losses, norms

    def _forward(self, inputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        below = inputs
        for layer, (W, b, h) in enumerate(zip(self._W, self._b, self._h, strict=True)):
            np.dot(below, W.T, out=h)
            np.add(h, b, out=h)
            if layer < len(self._W) - 1:
                np.tanh(h, out=h)
            below = h
        shifted = below - below.max(axis=1, keepdims=True)
        p = np.exp(shifted)
        total = p.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(total[:, 0]) - np.sum(targets * shifted, axis=1)))
        return loss, (p / total - targets) / np.float32(len(inputs))

    def _backward(self, inputs: np.ndarray, delta: np.ndarray, norms: np.ndarray) -> None:
        for layer in range(len(self._W) - 1, -1, -1):
            W, dW, below = self._W[layer], self._dW[layer], self._h[layer - 1] if layer else inputs
            np.dot(delta.T, below, out=dW)
            flat = dW.ravel()
            norms[layer] = np.sqrt(flat @ flat)
            above = delta
            if layer:
                delta = (delta @ W) * (1 - below * below)
            np.multiply(dW, self._rate, out=dW)
            np.subtract(W, dW, out=W)
            self._b[layer] -= self._rate * above.sum(axis=0)


class TorchTrainer:
    """Trains with PyTorch in eager mode: autograd, and its fused list operations for norms and update."""

    name = "PyTorch eager"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._torch = importlib.import_module("torch")
        self._torch.set_num_threads(1)
        dtype = getattr(self._torch, experiment.training.precision)

        def convert(values: np.ndarray) -> Any:
            return self._torch.tensor(values, dtype=dtype)

        self._W = [convert(W).requires_grad_() for W in parameters.weights]
        self._b = [convert(b).requires_grad_() for b in parameters.biases]
        self._rate = experiment.training.optimiser.learning_rate
        self._batches = _Batches(experiment, convert)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        losses, norms = self._torch.empty(steps), self._torch.empty(steps, len(self._W))
        for step in range(steps):
            losses[step], norms[step] = self._step(*self._batches.take())
        return losses.numpy(), norms.numpy()

    def _step(self, inputs: Any, targets: Any) -> tuple[Any, Any]:
        linear, h = self._torch.nn.functional.linear, inputs
        for W, b in zip(self._W[:-1], self._b[:-1], strict=True):
            h = self._torch.tanh(linear(h, W, b))
        loss = self._torch.nn.functional.cross_entropy(linear(h, self._W[-1], self._b[-1]), targets)
        parameters = [*self._W, *self._b]
        gradients = self._torch.autograd.grad(loss, parameters)
        with self._torch.no_grad():
            norms = self._torch.stack(self._torch._foreach_norm(gradients[: len(self._W)]))
            self._torch._foreach_add_(parameters, gradients, alpha=-self._rate)
        return loss.detach(), norms


def torch_is_installed() -> bool:
    """Returns whether PyTorch could be imported; it is never required."""
    return importlib.util.find_spec("torch") is not None
