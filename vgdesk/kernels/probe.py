"""Runs examples through a network that is being trained and leaves its parameters as they are.

It is the training step without its update: nothing else to compile, and the same loss to the last bit.
"""

import numpy as np

from vgdesk.kernels import feed_forward
from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.layout import Wiring, Workspace, build_record, build_workspace
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.kernels.trained import Trained

CHUNK = 256
"""Examples that go through the network at a time: memory grows with them, speed hardly."""


class Probe:
    """Holds examples that are measured again and again.

    Parameters
    ----------
    wiring, trained, loss_code
        The network, its parameters and its loss.
    inputs, targets
        The examples, at least one, (N, inputs) and (N, outputs), in the parameters' number format.
    """

    def __init__(
        self, wiring: Wiring, trained: Trained, loss_code: int, inputs: np.ndarray, targets: np.ndarray
    ) -> None:
        self._wiring, self._trained, self._loss_code = wiring, trained, loss_code
        self._inputs, self._targets = inputs, targets
        self._chunks = [np.arange(start, min(start + CHUNK, len(inputs))) for start in range(0, len(inputs), CHUNK)]
        self._works = {size: build_workspace(wiring, size, inputs.dtype) for size in {len(c) for c in self._chunks}}

    def measure(self) -> tuple[float, np.ndarray]:
        """Returns the loss of all examples and the outputs, shape (N, outputs), float64."""
        parts = [self._part(rows) for rows in self._chunks]
        shares = [len(rows) / len(self._inputs) for rows in self._chunks]
        loss = sum(share * loss for share, (loss, _) in zip(shares, parts, strict=True))
        return loss, np.concatenate([outputs for _, outputs in parts])

    def _part(self, rows: np.ndarray) -> tuple[float, np.ndarray]:
        work = self._works[len(rows)]
        return forward(self._wiring, self._trained, self._loss_code, self._inputs, self._targets, rows, work)


def forward(
    wiring: Wiring,
    trained: Trained,
    loss_code: int,
    inputs: np.ndarray,
    targets: np.ndarray,
    rows: np.ndarray,
    work: Workspace,
) -> tuple[float, np.ndarray]:
    """Returns loss and outputs (float64) of the named examples; `work` has room for as many."""
    layers = len(wiring.activations)
    record = build_record(1, layers)
    no_update = np.zeros(0)
    with one_blas_thread():
        feed_forward.train(
            wiring, loss_code, PLAIN_DESCENT, Cap(), no_update, trained, inputs, targets, rows[None], work, record
        )
    first = len(rows) * wiring.unit_start[layers - 1]
    outputs = work.activation[first : first + targets[:1].size * len(rows)]
    return float(record.loss[0]), outputs.reshape(len(rows), -1).astype(np.float64)
