"""The same training job in PyTorch and JAX, where they are installed; vgdesk never requires them.

Both are imported when a trainer is made, and keep to one thread. The job is described in `peers`.
"""

import importlib
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from vgdesk.bench.peers import Batches, hidden_activation
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment


def is_installed(module: str) -> bool:
    """Returns whether a module could be imported."""
    return importlib.util.find_spec(module) is not None


@contextmanager
def subnormals_flushed(torch: Any) -> Iterator[None]:
    """Lets PyTorch take subnormal numbers for 0 meanwhile, as vgdesk does."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


class TorchTrainer:
    """Trains with PyTorch in eager mode: autograd, and its fused list operations for norms and update."""

    name = "PyTorch eager"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._torch = importlib.import_module("torch")
        self._torch.set_num_threads(1)
        self._activate = getattr(self._torch, hidden_activation(experiment))
        self._dtype = dtype = getattr(self._torch, experiment.training.precision)

        def convert(values: np.ndarray) -> Any:
            return self._torch.tensor(values, dtype=dtype)

        self._W = [convert(W).requires_grad_() for W in parameters.weights]
        self._b = [convert(b).requires_grad_() for b in parameters.biases]
        self._rate = experiment.training.optimiser.learning_rate
        self._batches = Batches(experiment, convert)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        losses = self._torch.empty(steps, dtype=self._dtype)
        norms = self._torch.empty(steps, len(self._W), dtype=self._dtype)
        for step in range(steps):
            losses[step], norms[step] = self._step(*self._batches.take())
        return losses.numpy(), norms.numpy()

    def _step(self, inputs: Any, targets: Any) -> tuple[Any, Any]:
        linear, h = self._torch.nn.functional.linear, inputs
        for W, b in zip(self._W[:-1], self._b[:-1], strict=True):
            h = self._activate(linear(h, W, b))
        loss = self._torch.nn.functional.cross_entropy(linear(h, self._W[-1], self._b[-1]), targets)
        parameters = [*self._W, *self._b]
        gradients = self._torch.autograd.grad(loss, parameters)
        with self._torch.no_grad():
            norms = self._torch.stack(self._torch._foreach_norm(gradients[: len(self._W)]))
            self._torch._foreach_add_(parameters, gradients, alpha=-self._rate)
        return loss.detach(), norms


class FlushedTorchTrainer(TorchTrainer):
    """Does the same with subnormal numbers flushed to zero, as vgdesk does: much faster where gradients vanish."""

    name = "PyTorch eager, subnormals flushed"

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        with subnormals_flushed(self._torch):
            return super().run(steps)


class JaxTrainer:
    """Trains with JAX: value_and_grad and the update compiled as one, up to `_CHUNK` steps in one call."""

    name = "JAX"
    _CHUNK = 256

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._jax = jax = one_threaded_jax()
        self._activate = {"tanh": jax.numpy.tanh, "sigmoid": jax.nn.sigmoid}[hidden_activation(experiment)]
        dtype = experiment.training.precision
        self._rate = np.dtype(dtype).type(experiment.training.optimiser.learning_rate)
        batches = Batches(experiment, lambda values: values.astype(dtype))
        self._inputs, self._targets = (jax.numpy.asarray(np.stack(rows)) for rows in zip(*batches.pairs, strict=True))
        self._parameters = [
            (jax.numpy.asarray(W, dtype), jax.numpy.asarray(b, dtype))
            for W, b in zip(parameters.weights, parameters.biases, strict=True)
        ]
        self._first = 0
        self._chunk = jax.jit(self._steps)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `Peer`."""
        losses, norms = [], []
        while steps > 0:
            count = min(steps, self._CHUNK)
            self._parameters, loss, norm = self._chunk(self._parameters, self._first, count)
            losses.append(np.asarray(loss)[:count])
            norms.append(np.asarray(norm)[:count])
            self._first, steps = self._first + count, steps - count
        return np.concatenate(losses), np.concatenate(norms)

    def _steps(self, parameters: Any, first: Any, count: Any) -> Any:
        jnp = self._jax.numpy
        record = jnp.zeros(self._CHUNK), jnp.zeros((self._CHUNK, len(parameters)))

        def step(number: Any, state: Any) -> Any:
            parameters, losses, norms = state
            batch = (first + number) % len(self._inputs)
            loss, gradient = self._jax.value_and_grad(self._loss)(parameters, self._inputs[batch], self._targets[batch])
            sizes = jnp.stack([jnp.sqrt(jnp.sum(dW * dW)) for dW, _ in gradient])
            parameters = self._jax.tree.map(lambda p, g: p - self._rate * g, parameters, gradient)
            return parameters, losses.at[number].set(loss), norms.at[number].set(sizes)

        return self._jax.lax.fori_loop(0, count, step, (parameters, *record))

    def _loss(self, parameters: Any, h: Any, targets: Any) -> Any:
        for W, b in parameters[:-1]:
            h = self._activate(h @ W.T + b)
        W, b = parameters[-1]
        return -self._jax.numpy.mean(self._jax.numpy.sum(targets * self._jax.nn.log_softmax(h @ W.T + b), axis=1))


def one_threaded_jax() -> Any:
    """Imports JAX; its settings count only when they stand in the environment before."""
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    if flags not in os.environ.get("XLA_FLAGS", ""):
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()
    os.environ.setdefault("NPROC", "1")
    jax = importlib.import_module("jax")
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    return jax
