"""How fast training is beside others, doing the same job in one process.

The job: 20 hidden layers of 32 tanh units on digits (64 inputs, 10 classes), float32, batch 32, SGD; every step records
the loss and every layer's weight-gradient norm. One thread each. The systems take turns in short slices, so that a slow
moment of the machine meets all of them; the figure is the median over the slices.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from vgdesk.bench.peers import NumpyTrainer, OwnTrainer, Peer, TorchTrainer, torch_is_installed
from vgdesk.bench.window import Row
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.task import Digits
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.parameters import draw

SLICE_SECONDS = 0.1
_TARGET = 8.0


@dataclass(frozen=True)
class Speed:
    """Is one system's measurement: its name, median steps per second, and the number of slices behind the median."""

    system: str
    steps_per_second: float
    slices: int


@dataclass(frozen=True)
class TrainingRatio:
    """Holds the measurements of all systems, vgdesk's first."""

    speeds: tuple[Speed, ...]

    def times_faster(self, system: str) -> float | None:
        """Returns vgdesk's speed over another system's, or None where that was not measured."""
        for speed in self.speeds[1:]:
            if speed.system == system:
                return self.speeds[0].steps_per_second / speed.steps_per_second
        return None


def benchmark_experiment() -> Experiment:
    """Returns the job as an experiment."""
    hidden = (DenseLayer(width=32, activation="tanh"),) * 20
    return Experiment(
        name="benchmark-20x32",
        title="20 hidden layers × 32 tanh",
        network=FeedForward(inputs=64, layers=(*hidden, DenseLayer(width=10, activation="identity"))),
        task=Digits(),
        loss="softmax-cross-entropy",
        training=Training(
            optimiser=Sgd(learning_rate=0.01), batch_size=32, steps=10_000_000, shuffle=False, precision="float32"
        ),
    )


def build_systems() -> list[Peer]:
    """Returns the trainers to compare, all at the same first parameters; PyTorch only where it is installed."""
    experiment = benchmark_experiment()
    kinds = [OwnTrainer, NumpyTrainer, *([TorchTrainer] if torch_is_installed() else [])]
    return [kind(experiment, draw(experiment)) for kind in kinds]


def training_ratio(seconds: float = 2.0) -> TrainingRatio:
    """Measures all systems, about `seconds` for each."""
    systems = build_systems()
    with one_blas_thread():
        steps = [_steps_per_slice(system) for system in systems]
        found: list[list[float]] = [[] for _ in systems]
        for _ in range(max(3, round(seconds / SLICE_SECONDS))):
            for system, count, speeds in zip(systems, steps, found, strict=True):
                speeds.append(count / _duration(system, count))
    return TrainingRatio(
        tuple(
            Speed(system.name, statistics.median(speeds), len(speeds))
            for system, speeds in zip(systems, found, strict=True)
        )
    )


def training_rows(seconds: float = 2.0) -> Iterator[Row]:
    """Yields the rows of `vgdesk bench`."""
    ratio = training_ratio(seconds)
    for speed in ratio.speeds:
        yield f"20x32 tanh float32, {speed.system}", f"{speed.steps_per_second:,.0f} steps/s", "—"
    for speed in ratio.speeds[1:]:
        target = f"≥ {_TARGET:g}x" if speed.system == TorchTrainer.name else "—"
        yield f"vgdesk against {speed.system}", f"{ratio.times_faster(speed.system):.1f}x", target
    if not torch_is_installed():
        yield f"vgdesk against {TorchTrainer.name}", "torch is not installed", f"≥ {_TARGET:g}x"


def _steps_per_slice(system: Peer) -> int:
    """Warms a system up and returns how many steps fill a slice."""
    system.run(20)
    return max(1, round(100 * SLICE_SECONDS / _duration(system, 100)))


def _duration(system: Peer, steps: int) -> float:
    start = time.perf_counter()
    system.run(steps)
    return time.perf_counter() - start
