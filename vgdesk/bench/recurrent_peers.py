"""The recurrent training job in plain NumPy; see `peers` for vgdesk's own, `recurrent_frameworks` for others.

All go through the batches in order and record at every step, before updating by SGD, the loss and the norms of
dL/dW_ih, dL/dW_hh, dL/dW_out and of dL/dh_t for every time step t. The output is read after the last step; the loss is
the mean squared error. Gates stand in the order of `vgdesk.spec.recurrent`; a GRU's reset acts after the product.
"""

from typing import Any

import numpy as np

from vgdesk.bench.peers import Batches
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent


def named_parameters(parameters: Parameters) -> dict[str, np.ndarray]:
    """Returns the arrays of a recurrent network by name."""
    W_ih, W_hh, W_out = parameters.weights
    b, b_out = parameters.biases
    return {"W_ih": W_ih, "W_hh": W_hh, "b": b, **parameters.others, "W_out": W_out, "b_out": b_out}


class SequenceBatches(Batches):
    """Goes round the batches of an experiment in order; sequences are laid out (time, batch, inputs)."""

    def laid_out(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the inputs with time in front."""
        return np.ascontiguousarray(inputs.transpose(1, 0, 2))

    def wanted(self, targets: np.ndarray) -> np.ndarray:
        """Returns the targets of the last time step."""
        return targets[:, -1]


def recurrent_network(experiment: Experiment) -> Recurrent:
    """Returns the experiment's network, which is recurrent."""
    if not isinstance(experiment.network, Recurrent):
        raise TypeError(f"{experiment.name} has no recurrent network")
    return experiment.network


class RecurrentNumpyTrainer:
    """Trains with NumPy, back-propagation through time written out by hand."""

    name = "NumPy"

    def __init__(self, experiment: Experiment, parameters: Parameters) -> None:
        network = recurrent_network(experiment)
        dtype = np.dtype(experiment.training.precision)
        self._kind, self._steps, self._width = network.cell_kind, network.steps, network.width
        self._p = {name: values.astype(dtype) for name, values in named_parameters(parameters).items()}
        self._rate = dtype.type(experiment.training.optimiser.learning_rate)
        self._batches = SequenceBatches(experiment, lambda values: values.astype(dtype))

    def run(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Makes further steps; see `vgdesk.bench.peers.Peer`."""
        losses, norms = np.empty(steps), np.empty((steps, 3 + self._steps))
        for step in range(steps):
            losses[step] = self._step(*self._batches.take(), norms[step])
        return losses, norms

    def _step(self, x: np.ndarray, targets: np.ndarray, norms: np.ndarray) -> float:
        p, (T, B, _) = self._p, x.shape
        z = (x.reshape(T * B, -1) @ p["W_ih"].T + p["b"]).reshape(T, B, -1)
        h, c = np.zeros((T + 1, B, self._width), z.dtype), np.zeros((T + 1, B, self._width), z.dtype)
        kept = [self._forward(z[t], h[t : t + 2], c[t : t + 2]) for t in range(T)]
        error = h[T] @ p["W_out"].T + p["b_out"] - targets
        loss = float(np.mean(error * error))
        error *= z.dtype.type(2 / error.size)
        gradient = {"W_out": error.T @ h[T], "b_out": error.sum(0)}
        dh, dz, dr = np.empty_like(h[1:]), np.empty_like(z), np.empty_like(z)
        dh[T - 1], dc = error @ p["W_out"], np.zeros_like(h[0])
        for t in range(T - 1, -1, -1):
            dc, passed = self._backward(kept[t], h[t : t + 2], c[t : t + 2], dh[t], dc, dz[t], dr[t])
            if t:
                dh[t - 1] = dr[t] @ p["W_hh"] + passed
        flat = dr.reshape(T * B, -1)
        gradient["W_hh"] = flat.T @ h[:T].reshape(T * B, -1)
        gradient["W_ih"] = dz.reshape(T * B, -1).T @ x.reshape(T * B, -1)
        gradient["b"] = dz.reshape(T * B, -1).sum(0)
        if "b_hn" in p:
            gradient["b_hn"] = flat[:, 2 * self._width :].sum(0)
        norms[:3] = [np.linalg.norm(gradient[name]) for name in ("W_ih", "W_hh", "W_out")]
        norms[3:] = np.sqrt(np.einsum("tbh,tbh->t", dh, dh))
        for name, slope in gradient.items():
            p[name] -= self._rate * slope
        return loss

    def _forward(self, z: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, ...]:
        """Writes h[1] (and c[1]) from h[0] (and c[0]); returns what the way back needs."""
        recurrent, width = h[0] @ self._p["W_hh"].T, self._width
        if self._kind == "rnn":
            np.tanh(z + recurrent, out=h[1])
            return ()
        if self._kind == "lstm":
            a = z + recurrent
            i, f, o = (_sigmoid(a[:, k * width : (k + 1) * width]) for k in (0, 1, 3))
            g = np.tanh(a[:, 2 * width : 3 * width])
            c[1] = f * c[0] + i * g
            squashed = np.tanh(c[1])
            h[1] = o * squashed
            return i, f, g, o, squashed
        r, u = (_sigmoid(z[:, k * width :][:, :width] + recurrent[:, k * width :][:, :width]) for k in (0, 1))
        reset = recurrent[:, 2 * width :] + self._p["b_hn"]
        n = np.tanh(z[:, 2 * width :] + r * reset)
        h[1] = n + u * (h[0] - n)
        return r, u, n, reset

    def _backward(
        self,
        kept: tuple[np.ndarray, ...],
        h: np.ndarray,
        c: np.ndarray,
        dh: np.ndarray,
        dc: np.ndarray,
        dz: np.ndarray,
        dr: np.ndarray,
    ) -> tuple[np.ndarray, Any]:
        """Writes dL/dz and its form behind the recurrent product; returns dL/dc below and what passes W_hh by."""
        if self._kind == "rnn":
            dz[:] = dr[:] = dh * (1 - h[1] * h[1])
            return dc, 0
        if self._kind == "lstm":
            i, f, g, o, squashed = kept
            dc = dc + dh * o * (1 - squashed * squashed)
            parts = dc * g * i * (1 - i), dc * c[0] * f * (1 - f), dc * i * (1 - g * g), dh * squashed * o * (1 - o)
            dz[:] = dr[:] = np.concatenate(parts, axis=1)
            return dc * f, 0
        r, u, n, reset = kept
        dn = dh * (1 - u) * (1 - n * n)
        gates = dn * reset * r * (1 - r), dh * (h[0] - n) * u * (1 - u)
        dz[:] = np.concatenate((*gates, dn), axis=1)
        dr[:] = np.concatenate((*gates, dn * r), axis=1)
        return dc, dh * u


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(0.5 * values)
