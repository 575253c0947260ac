"""vgdesk's trainer as a job for a peers script: the same training, measured beside other systems, run by hand.

    python peers.py --compare d20 float32 peer_adapter.py:factory torch jax numpy

A peers script is a module named `peers` beside which this file is loaded. What it must offer:

`parse_case(case)`
    a dictionary of the case; for feed-forward nets: kind "mlp", L hidden layers of H units, activation act, I inputs,
    O classes, N examples, batch B, learning rate lr; for recurrent ones: kind "rnn", "lstm" or "gru", H units, T time
    steps, I inputs, N sequences, batch B, learning rate lr
`make_data(case, dtype)`
    (X, y, W, b) with X (N, I), y (N,) class numbers, W one (in, out) array and b one (out,) array per layer; of
    recurrent ones (X, y, P) with X (T, N, I), y (N, 1) and P the arrays Wx (I, gates H), Wh (H, gates H), b, Wo, bo,
    and bhn of a GRU

What it gets: `factory(case, dtype)` returns an object with `run(steps)`, which continues the training, goes through the
batches in order and records at every step; afterwards `losses` (steps,) and `norms` (steps, layers) of |dL/dW|, or of a
recurrent network |dL/dWx|, |dL/dWh|, |dL/dWo| and |dL/dh_t| of every time step.
"""

import importlib
from typing import Any

import numpy as np

from vgdesk.kernels.recurrent.trainer import RecurrentNetwork, RecurrentTrainer
from vgdesk.kernels.trainer import FusedTrainer, Network


def factory(case: str, dtype: str) -> "FeedForwardJob | RecurrentJob":
    """Returns the job of a case such as "d20" or "d100-sigmoid", in "float32" or "float64"."""
    peers: Any = importlib.import_module("peers")
    described = peers.parse_case(case)
    kind = FeedForwardJob if described["kind"] == "mlp" else RecurrentJob
    return kind(described, np.dtype(dtype), *peers.make_data(described, np.dtype(dtype).type))


class FeedForwardJob:
    """Trains by plain gradient descent from the script's own parameters on its own examples."""

    losses: np.ndarray
    norms: np.ndarray

    def __init__(
        self,
        case: dict[str, Any],
        dtype: np.dtype,
        inputs: np.ndarray,
        classes: np.ndarray,
        weights: list[np.ndarray],
        biases: list[np.ndarray],
    ) -> None:
        widths = (case["I"], *[case["H"]] * case["L"], case["O"])
        network = Network(widths, (*[case["act"]] * case["L"], "identity"), "softmax-cross-entropy")
        targets = np.eye(case["O"])[classes]
        rows = [W.T for W in weights]
        self._trainer = FusedTrainer(
            network, rows, biases, inputs, targets, rate=case["lr"], batch=case["B"], precision=dtype.name
        )
        self._batches = np.arange(case["N"]).reshape(-1, case["B"])
        self._next = 0

    def run(self, steps: int) -> None:
        """Makes further steps."""
        order = (self._next + np.arange(steps)) % len(self._batches)
        self._next = (self._next + steps) % len(self._batches)
        rows = self._trainer.run(self._batches[order])
        self.losses, self.norms = rows.loss, 10.0**rows.log10_weight_norm


class RecurrentJob:
    """Trains a recurrent network by plain gradient descent from the script's own parameters on its own sequences."""

    losses: np.ndarray
    norms: np.ndarray

    def __init__(
        self, case: dict[str, Any], dtype: np.dtype, inputs: np.ndarray, targets: np.ndarray, arrays: dict[str, Any]
    ) -> None:
        network = RecurrentNetwork(case["kind"], case["I"], case["H"], 1, case["T"], "mse")
        names = {"W_ih": "Wx", "W_hh": "Wh", "b": "b", "b_hn": "bhn", "W_out": "Wo", "b_out": "bo"}
        parameters = {name: arrays[theirs].T for name, theirs in names.items() if theirs in arrays}
        sequences = inputs.transpose(1, 0, 2)
        self._trainer = RecurrentTrainer(
            network, parameters, sequences, targets[:, None], rate=case["lr"], batch=case["B"], precision=dtype.name
        )
        self._batches = np.arange(case["N"]).reshape(-1, case["B"])
        self._next = 0

    def run(self, steps: int) -> None:
        """Makes further steps."""
        order = (self._next + np.arange(steps)) % len(self._batches)
        self._next = (self._next + steps) % len(self._batches)
        rows = self._trainer.run(self._batches[order])
        self.losses = rows.loss
        self.norms = 10.0 ** np.concatenate([rows.log10_weight_norm, rows.log10_state_norm], axis=1)
