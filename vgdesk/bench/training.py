"""How fast training is beside others, doing the same job in one process (see `cases`, `peers`, `frameworks`).

One thread each. The systems take turns in short slices, so that a slow moment of the machine meets all of them; the
figure is the median over the slices.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vgdesk.bench.cases import CASES, AnyCase, RecurrentCase
from vgdesk.bench.figure import Figure
from vgdesk.bench.frameworks import FlushedTorchTrainer, JaxTrainer, TorchTrainer, is_installed
from vgdesk.bench.peers import NumpyTrainer, OwnTrainer, Peer
from vgdesk.bench.recurrent_frameworks import FlushedRecurrentTorchTrainer, RecurrentJaxTrainer, RecurrentTorchTrainer
from vgdesk.bench.recurrent_peers import RecurrentNumpyTrainer
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.training.parameters import draw

SLICE_SECONDS = 0.1
_FIRST_STEPS = 3
_FEED_FORWARD = NumpyTrainer, TorchTrainer, FlushedTorchTrainer, JaxTrainer
_RECURRENT = RecurrentNumpyTrainer, RecurrentTorchTrainer, FlushedRecurrentTorchTrainer, RecurrentJaxTrainer


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

    @property
    def fastest_other(self) -> Speed:
        """The fastest system beside vgdesk and PyTorch in eager mode, which has a target of its own."""
        others = [speed for speed in self.speeds[1:] if not speed.system.startswith(TorchTrainer.name)]
        return max(others, key=lambda speed: speed.steps_per_second)


def build_systems(case: AnyCase = CASES[0]) -> list[Peer]:
    """Returns the trainers to compare, all at the same first parameters; frameworks only where they are installed."""
    experiment = case.experiment()
    numpy, torch, flushed, jax = _RECURRENT if isinstance(case, RecurrentCase) else _FEED_FORWARD
    kinds = [OwnTrainer, numpy]
    if is_installed("torch"):
        kinds += [torch, *([flushed] if case.meets_subnormals else [])]
    if is_installed("jax"):
        kinds.append(jax)
    return [kind(experiment, draw(experiment)) for kind in kinds]


def training_ratio(case: AnyCase = CASES[0], seconds: float = 1.0) -> TrainingRatio:
    """Measures all systems, about `seconds` for each."""
    systems = build_systems(case)
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


def training_figures(cases: Sequence[AnyCase] = CASES, seconds: float = 1.0) -> Iterator[Figure]:
    """Yields, for each case, vgdesk's speed, then its ratio to each other system."""
    for case in cases:
        yield from _figures(case, training_ratio(case, seconds))


def _figures(case: AnyCase, ratio: TrainingRatio) -> Iterator[Figure]:
    own, *others = ratio.speeds
    yield Figure(f"{case.name}, {own.system}", own.steps_per_second, "steps/s", decimals=0, of=case.name)
    for speed in others:
        target = None
        if speed.system == TorchTrainer.name:
            target = case.against_torch
        elif speed is ratio.fastest_other:
            target = case.against_best
        yield _against(case, speed.system, ratio.times_faster(speed.system), target)
    if not is_installed("torch"):
        yield _against(case, TorchTrainer.name, None, case.against_torch)


def _against(case: AnyCase, system: str, times: float | None, target: float | None) -> Figure:
    why = f"{system} is not installed"
    return Figure(f"  against {system}", times, "x", target, at_least=True, decimals=2, why=why, of=case.name)


def _steps_per_slice(system: Peer) -> int:
    """Warms a system up and returns how many steps fill a slice."""
    system.run(_FIRST_STEPS)
    steps = 1
    while (duration := _duration(system, steps)) < SLICE_SECONDS / 4:
        steps *= 4
    return max(1, round(steps * SLICE_SECONDS / duration))


def _duration(system: Peer, steps: int) -> float:
    start = time.perf_counter()
    system.run(steps)
    return time.perf_counter() - start
