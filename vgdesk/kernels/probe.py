"""Runs examples through a network that is being trained and leaves its parameters as they are.

It is the training step without its update: nothing else to compile, and, of a plain network, the same loss to the last
bit. Nothing is dropped, and batch normalisation uses the moments it remembers, as it does for any new example.
"""

import numpy as np

from vgdesk.kernels.assembly import ANSWER, Assembly, Room

CHUNK = 256
"""Examples that go through the network at a time: memory grows with them, speed hardly."""


class Probe:
    """Holds examples that are measured again and again.

    Parameters
    ----------
    assembly
        The network with its parameters, whatever they are by then.
    inputs, targets
        The examples, at least one, (N, inputs) and (N, outputs), in the parameters' number format.
    """

    def __init__(self, assembly: Assembly, inputs: np.ndarray, targets: np.ndarray) -> None:
        self._assembly, self._inputs, self._targets = assembly, inputs, targets
        self._chunks = [np.arange(start, min(start + CHUNK, len(inputs))) for start in range(0, len(inputs), CHUNK)]
        self._rooms = {size: assembly.room(size) for size in {len(chunk) for chunk in self._chunks}}

    def measure(self) -> tuple[float, np.ndarray]:
        """Returns the loss of all examples and the outputs, shape (N, outputs), float64."""
        parts = [self._part(rows) for rows in self._chunks]
        shares = [len(rows) / len(self._inputs) for rows in self._chunks]
        loss = sum(share * loss for share, (loss, _) in zip(shares, parts, strict=True))
        return loss, np.concatenate([outputs for _, outputs in parts])

    def _part(self, rows: np.ndarray) -> tuple[float, np.ndarray]:
        return answers(self._assembly, self._rooms[len(rows)], self._inputs, self._targets, rows)


def answers(
    assembly: Assembly, room: Room, inputs: np.ndarray, targets: np.ndarray, rows: np.ndarray
) -> tuple[float, np.ndarray]:
    """Returns loss and outputs (float64) of the named examples; `room` is for as many."""
    record = assembly.run(room, ANSWER, inputs, targets, rows[None]).record
    return float(record.loss[0]), outputs_in(assembly, room)


def outputs_in(assembly: Assembly, room: Room) -> np.ndarray:
    """Returns the outputs (float64) of the examples that went through a room last."""
    batch = len(room.work.inputs)
    outputs = room.work.activation[batch * assembly.wiring.unit_start[-2] :][: room.work.targets.size]
    return outputs.reshape(batch, -1).astype(np.float64)
