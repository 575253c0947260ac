"""From an experiment to the kernel that trains it, whichever kind of network it has.

Both kinds of trainer answer to the same calls (`KernelTrainer`), so that nothing above asks which one it drives.
"""

from typing import Any, Protocol

import numpy as np

from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.recurrent.trainer import RecurrentTrainer
from vgdesk.kernels.step_measures import Bins
from vgdesk.kernels.trainer import FusedTrainer
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import Parameters, named_arrays, parameters_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.training.data import TaskData
from vgdesk.training.memory import measures_steps
from vgdesk.training.network import kernel_network, recurrent_kernel_network
from vgdesk.training.rule import kernel_rule


class KernelRows(Protocol):
    """Is what every kernel tells of its steps, beside its quantities; see `kernels.rows.Rows`."""

    @property
    def loss(self) -> np.ndarray: ...
    @property
    def learning_rate(self) -> np.ndarray: ...
    @property
    def log10_total_norm(self) -> np.ndarray: ...
    @property
    def log10_clipped_norm(self) -> np.ndarray: ...
    @property
    def clipped(self) -> np.ndarray: ...
    @property
    def finite(self) -> bool: ...


class KernelProbe(Protocol):
    """Measures examples that are not trained on."""

    def measure(self) -> tuple[float, np.ndarray]: ...


class KernelTrainer(Protocol):
    """Is what the loop asks of a trainer; see `FusedTrainer` for what each call means."""

    cap: Cap

    def run(self, rows: np.ndarray, rates: np.ndarray | None = None) -> KernelRows: ...

    def measure(self, rows: np.ndarray) -> tuple[float, np.ndarray]: ...

    def measure_input(self, rows: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]: ...

    def probe(self, inputs: np.ndarray, targets: np.ndarray) -> KernelProbe: ...

    def measure_step(
        self, rows: np.ndarray, rate: float | None = None, bins: Bins | None = None
    ) -> tuple[KernelRows, dict[str, np.ndarray]]: ...

    def breakdown(self) -> tuple[int, str] | None: ...


def build_trainer(experiment: Experiment, start: Parameters, data: TaskData) -> KernelTrainer:
    """Returns a trainer at the given parameters; raises ValueError when they do not fit the network."""
    training, network = experiment.training, experiment.network
    settings: dict[str, Any] = {
        "rate": training.optimiser.learning_rate,
        "batch": training.batch_of(len(data.inputs)),
        "precision": training.precision,
        "rule": kernel_rule(training.optimiser),
        "keeps_start": measures_steps(experiment),
    }
    if isinstance(network, FeedForward):
        return FusedTrainer(
            kernel_network(experiment),
            start.weights,
            start.biases,
            data.inputs,
            data.targets,
            others=start.others,
            seed=experiment.seed,
            **settings,
        )
    named = named_arrays(network, start)
    return RecurrentTrainer(recurrent_kernel_network(experiment), named, data.inputs, data.targets, **settings)


def present_parameters(experiment: Experiment, trainer: KernelTrainer) -> Parameters:
    """Returns the parameters a trainer has reached, float64 and read-only."""
    if isinstance(trainer, RecurrentTrainer):
        return parameters_of(experiment.network, trainer.parameters())
    if not isinstance(trainer, FusedTrainer):
        raise TypeError(f"{trainer!r} is no trainer of this project")
    weights, biases = trainer.parameters()
    others = {name: frozen(values) for name, values in trainer.others().items()}
    return Parameters(weights=tuple(map(frozen, weights)), biases=tuple(map(frozen, biases)), others=others)
