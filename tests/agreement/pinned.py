"""Plain gradient descent on a network some of whose biases stay where they are.

Textbook networks often have no bias, or leave it alone; the trainer's layers always learn theirs. Plain descent carries
nothing from step to step but the parameters, so a run is a sequence of runs of one step, and the pinned biases are put
back between two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.trainer import FusedTrainer, Network


@dataclass
class PinnedDescent:
    """Trains full batch.

    Attributes
    ----------
    network, weights, biases, inputs, targets, rate
        As for `FusedTrainer`.
    pinned
        The layers (counting from 1) whose biases stay.
    """

    network: Network
    weights: Sequence[np.ndarray]
    biases: Sequence[np.ndarray]
    inputs: np.ndarray
    targets: np.ndarray
    rate: float
    pinned: tuple[int, ...]

    def advance(self, steps: int) -> None:
        """Makes this many steps."""
        rows = np.arange(len(self.inputs))[None]
        for _ in range(steps):
            trainer = self._trainer()
            trainer.run(rows)
            self.weights, learnt = trainer.parameters()
            self.biases = [
                still if layer in self.pinned else moved
                for layer, (still, moved) in enumerate(zip(self.biases, learnt, strict=True), start=1)
            ]

    def measure(self) -> tuple[float, np.ndarray]:
        """Returns the present loss and outputs."""
        return self._trainer().measure(np.arange(len(self.inputs)))

    def _trainer(self) -> FusedTrainer:
        data = (self.inputs, self.targets)
        return FusedTrainer(self.network, self.weights, self.biases, *data, rate=self.rate, batch=len(self.inputs))
