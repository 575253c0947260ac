"""The training jobs that are measured: networks narrow and deep, wide and shallow, and how fast vgdesk should be.

Feed-forward networks train on digits (64 inputs, 10 classes) with softmax cross-entropy and record every layer's
weight-gradient norm; recurrent ones train on the adding problem (2 inputs a step, one output at the end) with mean
squared error and record |dL/dh_t| of every time step too. All by plain SGD, with the loss, at every step.
"""

from dataclasses import dataclass

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import TorchDefault
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Cell, Gru, Lstm, Recurrent, VanillaCell
from vgdesk.spec.sequences import AddingProblem
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

    @property
    def meets_subnormals(self) -> bool:
        """Whether gradients become so small that others compute with subnormal numbers."""
        return self.activation == "sigmoid"

    def experiment(self) -> Experiment:
        """Returns the job as an experiment without a foreseeable end."""
        hidden = (DenseLayer(width=self.width, activation=self.activation),) * self.layers
        return Experiment(
            name=f"benchmark-{self.layers}x{self.width}-{self.activation}",
            title=self.name,
            network=FeedForward(inputs=64, layers=(*hidden, DenseLayer(width=10, activation="identity"))),
            task=Digits(),
            loss="softmax-cross-entropy",
            training=_training(self.batch, self.precision),
        )


@dataclass(frozen=True)
class RecurrentCase:
    """Is one job: a cell of `width` units over `steps` time steps, 32 sequences at a time.

    `against_torch` and `against_best` are as in `Case`.
    """

    cell: str
    width: int
    steps: int
    precision: str
    against_torch: float
    against_best: float

    @property
    def name(self) -> str:
        """What the printed table calls it."""
        return f"{self.cell} h{self.width} T{self.steps} {self.precision}"

    @property
    def meets_subnormals(self) -> bool:
        """Whether gradients become so small that others compute with subnormal numbers."""
        return self.steps > 100

    def experiment(self) -> Experiment:
        """Returns the job as an experiment without a foreseeable end."""
        cells: dict[str, Cell] = {"RNN": VanillaCell(), "LSTM": Lstm(forget_bias=0.0), "GRU": Gru()}
        return Experiment(
            name=f"benchmark-{self.cell.lower()}-{self.width}-{self.steps}",
            title=self.name,
            network=Recurrent(inputs=2, steps=self.steps, width=self.width, outputs=1, cell=cells[self.cell]),
            task=AddingProblem(length=self.steps, count=1024),
            initialisation=TorchDefault(),
            training=_training(32, self.precision),
        )


def _training(batch: int, precision: str) -> Training:
    return Training(
        optimiser=Sgd(learning_rate=0.01), batch_size=batch, steps=10_000_000, shuffle=False, precision=precision
    )


AnyCase = Case | RecurrentCase

CASES: tuple[AnyCase, ...] = (
    Case(20, 32, "tanh", 32, "float32", 15.0, 3.0),
    Case(20, 32, "tanh", 32, "float64", 8.0, 2.1),
    Case(100, 32, "tanh", 32, "float32", 13.0, 3.0),
    Case(100, 32, "sigmoid", 32, "float32", 24.0, 3.0),
    Case(10, 256, "tanh", 128, "float32", 1.25, 1.15),
    Case(4, 1024, "tanh", 256, "float32", 1.0, 0.95),
    RecurrentCase("RNN", 32, 50, "float32", 12.0, 3.0),
    RecurrentCase("LSTM", 32, 50, "float32", 10.0, 2.1),
    RecurrentCase("GRU", 32, 50, "float32", 17.0, 3.0),
    RecurrentCase("LSTM", 128, 50, "float32", 2.4, 1.25),
    RecurrentCase("LSTM", 32, 200, "float32", 24.0, 2.1),
)
