"""Runs sequences through a recurrent network that is being trained and leaves its parameters as they are.

All time steps of a sequence are kept: as many go through at a time as examples of layers (`vgdesk.kernels.probe`),
unless they take more than `ANSWER_BYTES`.
"""

import numpy as np

from vgdesk.kernels.probe import CHUNK
from vgdesk.kernels.recurrent.assembly import Place, RecurrentAssembly

ANSWER_BYTES = 2**28
"""Memory that several sequences at a time may take; below what `vgdesk.training.memory` asks a machine for."""


class RecurrentProbe:
    """Holds sequences that are measured again and again; `inputs` and `targets` as the assembly converts them."""

    def __init__(self, assembly: RecurrentAssembly, inputs: np.ndarray, targets: np.ndarray) -> None:
        self._assembly, self._inputs, self._targets = assembly, inputs, targets
        most, rows = _sequences_at_a_time(assembly), np.arange(len(inputs))
        self._chunks = [rows[start : start + most] for start in range(0, len(rows), most)]
        self._places = {size: assembly.place(size) for size in {len(chunk) for chunk in self._chunks}}

    def measure(self) -> tuple[float, np.ndarray]:
        """Returns the loss of all examples and the outputs, shape (N, output steps, outputs), float64."""
        parts = [
            answers(self._assembly, self._places[len(rows)], self._inputs, self._targets, rows) for rows in self._chunks
        ]
        shares = [len(rows) / len(self._inputs) for rows in self._chunks]
        loss = sum(share * loss for share, (loss, _) in zip(shares, parts, strict=True))
        return loss, np.concatenate([outputs for _, outputs in parts])


def answers(
    assembly: RecurrentAssembly, place: Place, inputs: np.ndarray, targets: np.ndarray, rows: np.ndarray
) -> tuple[float, np.ndarray]:
    """Returns loss and outputs, as `RecurrentProbe.measure`, of the named sequences; `place` is for as many."""
    outcome = assembly.run(place, inputs, targets, rows[None])
    network = assembly.network
    outputs = place.room.output.reshape(network.output_steps, len(rows), network.outputs)
    return float(outcome.record.loss[0]), outputs.transpose(1, 0, 2).astype(np.float64)


def _sequences_at_a_time(assembly: RecurrentAssembly) -> int:
    """Returns how many sequences are answered together."""
    one, two = (sum(array.nbytes for array in assembly.place(batch).room) for batch in (1, 2))
    return max(1, min(CHUNK, ANSWER_BYTES // (two - one)))
