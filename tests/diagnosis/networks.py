"""The networks of the truth table, each really trained for some steps."""

from typing import Any

import msgspec

from tests.builders import reader
from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Initialisation, Orthogonal, TorchDefault
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.optimiser import Sgd
from vgdesk.spec.recurrent import Cell
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.spec.task import Digits
from vgdesk.spec.training import Training
from vgdesk.training.loop import Trainer

TIME = 100
TARGETS = (((1.0,),), ((0.0,),), ((2.0,),), ((-1.0,),))


def slowly(rate: float, steps: int = 12) -> Training:
    """Returns a short training; an exploding network needs a tiny rate, or one update throws it elsewhere."""
    return Training(optimiser=Sgd(learning_rate=rate), batch_size=64, steps=steps)


def deep(
    activation: str, depth: int, initialisation: Initialisation, width: int = 64, norm: str = "none", **fields: Any
) -> Experiment:
    """Returns a network of `depth` layers on digits, the last of them a linear output layer."""
    hidden = DenseLayer(width=width, activation=activation, normalisation=norm)
    output = DenseLayer(width=10, activation="identity")
    given: dict[str, Any] = {
        "name": "test",
        "title": "test",
        "network": FeedForward(inputs=64, layers=(hidden,) * (depth - 1) + (output,)),
        "task": Digits(),
        "loss": "softmax-cross-entropy",
        "initialisation": initialisation,
        "training": slowly(1e-3),
    }
    return Experiment(**{**given, **fields})


def through_time(cell: Cell, gain: float | None = None, inputs: float = 1.0, **fields: Any) -> Experiment:
    """Returns 32 units over 100 time steps that read the same number at each; W_hh is orthogonal with a gain, if any.

    Weights start as PyTorch's do.
    """
    task = SequenceExamples(inputs=(((inputs,),) * TIME,) * len(TARGETS), targets=TARGETS)
    training = Training(optimiser=Sgd(learning_rate=1e-12), steps=5)
    found = reader(task, cell, width=32, **{"initialisation": TorchDefault(), "training": training, **fields})
    rule = None if gain is None else Orthogonal(gain=gain)
    return msgspec.structs.replace(found, network=msgspec.structs.replace(found.network, recurrent_initialisation=rule))


def trained(experiment: Experiment) -> GradientHistory:
    """Trains to the end and returns every recorded row."""
    return Trainer(experiment).advance(experiment.training.steps)
