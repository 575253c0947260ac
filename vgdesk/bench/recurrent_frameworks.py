"""The recurrent training job (see `recurrent_peers`) in PyTorch and JAX, where they are installed."""

import importlib
from typing import Any

import numpy as np

from vgdesk.bench.frameworks import one_threaded_jax, subnormals_flushed
from vgdesk.bench.recurrent_peers import SequenceBatches, named_parameters, recurrent_network
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment


class RecurrentTorchTrainer:
    """Trains with PyTorch in eager mode: autograd through a loop over time, fused list operations for the update."""

    name = "PyTorch eager"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._torch = importlib.import_module("torch")
        self._torch.set_num_threads(1)
        network = recurrent_network(experiment)
        self._kind, self._width = network.cell_kind, network.width
        self._dtype = dtype = getattr(self._torch, experiment.training.precision)

        def convert(values: np.ndarray) -> Any:
            return self._torch.tensor(values, dtype=dtype)

        self._p = {name: convert(values).requires_grad_() for name, values in named_parameters(parameters).items()}
        self._rate = experiment.training.optimiser.learning_rate
        self._batches = SequenceBatches(experiment, convert)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `vgdesk.bench.peers.Peer`."""
        found = [self._step(*self._batches.take()) for _ in range(steps)]
        losses, norms = zip(*found, strict=True)
        return self._torch.stack(losses).numpy(), self._torch.stack(norms).numpy()

    def _step(self, x: Any, targets: Any) -> tuple[Any, Any]:
        p, linear = self._p, self._torch.nn.functional.linear
        states = self._states(linear(x, p["W_ih"], p["b"]))
        error = linear(states[-1], p["W_out"], p["b_out"]) - targets
        loss = error.square().mean()
        parameters = list(p.values())
        gradients = self._torch.autograd.grad(loss, [*parameters, *states])
        by_name = dict(zip(p, gradients, strict=False))
        with self._torch.no_grad():
            recorded = [by_name[name] for name in ("W_ih", "W_hh", "W_out")] + list(gradients[len(parameters) :])
            norms = self._torch.stack(self._torch._foreach_norm(recorded))
            self._torch._foreach_add_(parameters, gradients[: len(parameters)], alpha=-self._rate)
        return loss.detach(), norms

    def _states(self, z: Any) -> list[Any]:
        """Returns h_t of every time step."""
        torch, p = self._torch, self._p
        h = c = torch.zeros(z.shape[1], self._width, dtype=self._dtype)
        W, states = p["W_hh"].t(), []
        for projected in z.unbind(0):
            if self._kind == "rnn":
                h = torch.tanh(torch.addmm(projected, h, W))
            elif self._kind == "lstm":
                i, f, g, o = torch.addmm(projected, h, W).chunk(4, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            else:
                recurrent, gates = torch.mm(h, W), 2 * self._width
                r, u = torch.sigmoid(projected[:, :gates] + recurrent[:, :gates]).chunk(2, 1)
                n = torch.tanh(torch.addcmul(projected[:, gates:], r, recurrent[:, gates:] + p["b_hn"]))
                h = torch.lerp(n, h, u)
            states.append(h)
        return states


class FlushedRecurrentTorchTrainer(RecurrentTorchTrainer):
    """Does the same with subnormal numbers flushed to zero, as vgdesk does: much faster where gradients vanish."""

    name = "PyTorch eager, subnormals flushed"

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `vgdesk.bench.peers.Peer`."""
        with subnormals_flushed(self._torch):
            return super().run(steps)


class RecurrentJaxTrainer:
    """Trains with JAX: the loop over time, its gradient and the update compiled as one.

    dL/dh_t is the gradient by a zero that is added to h_t.
    """

    name = "JAX"
    _CHUNK = 32

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        self._jax = jax = one_threaded_jax()
        network = recurrent_network(experiment)
        dtype = experiment.training.precision
        self._kind, self._width = network.cell_kind, network.width
        self._rate = np.dtype(dtype).type(experiment.training.optimiser.learning_rate)
        batches = SequenceBatches(experiment, lambda values: values.astype(dtype))
        self._inputs, self._targets = (jax.numpy.asarray(np.stack(rows)) for rows in zip(*batches.pairs, strict=True))
        self._p = {name: jax.numpy.asarray(value, dtype) for name, value in named_parameters(parameters).items()}
        shape = (network.steps, self._inputs.shape[2], network.width)
        self._nothing = jax.numpy.zeros(shape, dtype)
        self._first = 0
        self._chunk = jax.jit(self._steps)

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `vgdesk.bench.peers.Peer`."""
        losses, norms = [], []
        while steps > 0:
            count = min(steps, self._CHUNK)
            self._p, loss, norm = self._chunk(self._p, self._first, count)
            losses.append(np.asarray(loss)[:count])
            norms.append(np.asarray(norm)[:count])
            self._first, steps = self._first + count, steps - count
        return np.concatenate(losses), np.concatenate(norms)

    def _steps(self, p: Any, first: Any, count: Any) -> Any:
        jax, jnp = self._jax, self._jax.numpy
        record = jnp.zeros(self._CHUNK), jnp.zeros((self._CHUNK, 3 + len(self._nothing)))

        def step(number: Any, state: Any) -> Any:
            p, losses, norms = state
            batch = (first + number) % len(self._inputs)
            of_both = jax.value_and_grad(self._loss, argnums=(0, 1))
            loss, (slopes, dh) = of_both(p, self._nothing, self._inputs[batch], self._targets[batch])
            weights = jnp.stack([jnp.sqrt(jnp.sum(slopes[name] ** 2)) for name in ("W_ih", "W_hh", "W_out")])
            sizes = jnp.concatenate([weights, jnp.sqrt(jnp.sum(dh * dh, axis=(1, 2)))])
            p = jax.tree.map(lambda value, slope: value - self._rate * slope, p, slopes)
            return p, losses.at[number].set(loss), norms.at[number].set(sizes)

        return jax.lax.fori_loop(0, count, step, (p, *record))

    def _loss(self, p: Any, zeros: Any, x: Any, targets: Any) -> Any:
        jnp, start = self._jax.numpy, self._jax.numpy.zeros_like(zeros[0])
        z = x @ p["W_ih"].T + p["b"]
        (h, _), _ = self._jax.lax.scan(
            lambda state, one: (self._cell(p, state, *one), None), (start, start), (z, zeros)
        )
        return jnp.mean((h @ p["W_out"].T + p["b_out"] - targets) ** 2)

    def _cell(self, p: Any, state: Any, z: Any, zero: Any) -> Any:
        jnp, sigmoid, (h, c) = self._jax.numpy, self._jax.nn.sigmoid, state
        recurrent, width = h @ p["W_hh"].T, self._width
        if self._kind == "rnn":
            return jnp.tanh(z + recurrent) + zero, c
        if self._kind == "lstm":
            i, f, g, o = jnp.split(z + recurrent, 4, 1)
            c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(g)
            return sigmoid(o) * jnp.tanh(c) + zero, c
        r, u = jnp.split(sigmoid(z[:, : 2 * width] + recurrent[:, : 2 * width]), 2, 1)
        n = jnp.tanh(z[:, 2 * width :] + r * (recurrent[:, 2 * width :] + p["b_hn"]))
        return n + u * (h - n) + zero, c
