"""The training jobs that are measured: networks narrow and deep, wide and shallow, and how fast vgdesk should be.

All train on digits (64 inputs, 10 classes) by plain SGD with softmax cross-entropy, and record the loss and every
layer's weight-gradient norm at every step.
"""

from dataclasses import dataclass

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.task import Digits
from vgdesk.spec.training import Sgd, Training


@dataclass(frozen=True)
class Case:
    """Is one job: `layers` hidden layers of `width` units.

    Attributes
    ----------
    against_torch, against_best
        How many times faster than PyTorch in eager mode, and than the fastest other system, vgdesk should be.
    """

    layers: int
    width: int
    activation: str
    batch: int
    precision: str
    against_torch: float
    against_best: float

    @property
    def name(self) -> str:
        """What the printed table calls it."""
        return f"{self.layers}x{self.width} {self.activation} {self.precision}"

    def experiment(self) -> Experiment:
        """Returns the job as an experiment without a foreseeable end."""
        hidden = (DenseLayer(width=self.width, activation=self.activation),) * self.layers
        return Experiment(
            name=f"benchmark-{self.layers}x{self.width}-{self.activation}",
            title=self.name,
            network=FeedForward(inputs=64, layers=(*hidden, DenseLayer(width=10, activation="identity"))),
            task=Digits(),
            loss="softmax-cross-entropy",
            training=Training(
                optimiser=Sgd(learning_rate=0.01),
                batch_size=self.batch,
                steps=10_000_000,
                shuffle=False,
                precision=self.precision,
            ),
        )


CASES = (
    Case(20, 32, "tanh", 32, "float32", 15.0, 3.0),
    Case(20, 32, "tanh", 32, "float64", 8.0, 2.1),
    Case(100, 32, "tanh", 32, "float32", 13.0, 3.0),
    Case(100, 32, "sigmoid", 32, "float32", 24.0, 3.0),
    Case(10, 256, "tanh", 128, "float32", 1.25, 1.15),
    Case(4, 1024, "tanh", 256, "float32", 1.0, 0.95),
)
