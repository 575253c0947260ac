"""The process that trains: obeys commands between two short calls of the training generator.

It announces itself, then compiles the kernels (or loads them from the cache) while reporting how far it is, and serves
runs, one at a time; a new `Train` replaces the run before it. Commands are obeyed within one call, about 8 ms. A run
that is asked for during the compilation begins when the kernel at hand is done: the usual kernels come first, and the
rest waits until there is no run. What ends a run does not wait for the end of a step (see `kernels.interruption`).
"""

import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import NoReturn

from vgdesk.engine.commands import (
    NumericCommand,
    Pause,
    Resume,
    SetClipping,
    SetLearningRate,
    SetSpeed,
    Step,
    Stop,
    Train,
)
from vgdesk.engine.events import (
    Compiling,
    Event,
    RunEvaluated,
    RunFinished,
    RunPaused,
    RunPreparing,
    RunResumed,
    RunStarted,
    WorkerReady,
)
from vgdesk.engine.message import NUMERIC
from vgdesk.engine.ring import NumberRing
from vgdesk.engine.run import Run
from vgdesk.engine.worker import Line, attempt
from vgdesk.kernels import interruption
from vgdesk.records.history import RunOutcome
from vgdesk.records.places import signal_places
from vgdesk.spec.experiment import Network
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.training import PRECISIONS

PLAIN_FAMILY = "layers"
"""What is compiled before anybody asks; other kernels are compiled when the first run needs them."""


def main(connection: Connection, ring_name: str, ring_capacity: int) -> NoReturn:
    """Is where the process begins."""
    endings = Endings()
    line = Line(connection, NumericCommand, endings.hear)
    NumericWorker(line, NumberRing.attach(ring_name, ring_capacity), endings).serve()


class Endings:
    """Has kernels leave off from when a command that ends a run is heard until the last such one is obeyed.

    Several may wait: what is taken up for the first of them must not go on for the seconds of a step while the next one
    waits that ends it.
    """

    def __init__(self) -> None:
        self._waiting = 0
        self._lock = threading.Lock()

    def hear(self, command: NumericCommand) -> None:
        """Takes note of a command that will be obeyed, from any thread."""
        if isinstance(command, Stop | Train):
            with self._lock:
                self._waiting += 1
                interruption.interrupt()

    def obey(self, command: NumericCommand | None) -> None:
        """Takes note that a command is obeyed now."""
        if isinstance(command, Stop | Train):
            with self._lock:
                self._waiting -= 1
                if not self._waiting:
                    interruption.resume()


class NumericWorker:
    """Serves training runs, one at a time."""

    def __init__(self, line: Line, ring: NumberRing, endings: Endings) -> None:
        self._line = line
        self._ring = ring
        self._endings = endings
        self._run: Run | None = None
        self._compilation: Iterator[tuple[float, str]] | None = _compilation()
        self._compiled = 0.0
        self._has_started = False
        self._has_paused = False
        self._preparation = ""
        self._families: set[tuple[str, str]] = set()

    def serve(self) -> NoReturn:
        """Obeys and trains until the window closes the line."""
        self._line.report(WorkerReady(NUMERIC))
        while True:
            self._obey(self._line.next_command(self._patience()))
            if self._run is not None:
                self._advance(self._run)
            elif self._compilation is not None:
                self._compile(self._compilation)

    def _patience(self) -> float | None:
        run = self._run
        if run is None:
            return None if self._compilation is None else 0.0
        return None if run.is_waiting and self._has_paused and not run.is_over else run.patience()

    def _compile(self, compilation: Iterator[tuple[float, str]]) -> None:
        def compile_next() -> None:
            self._compiled, text = next(compilation)
            self._tell(Compiling(self._compiled, text))

        if not attempt(self._tell, 0, compile_next) or self._compiled == 1.0:
            self._compilation = None
            self._families |= {(PLAIN_FAMILY, precision) for precision in PRECISIONS}

    def _obey(self, command: NumericCommand | None) -> None:
        run = self._run
        self._endings.obey(command)
        if isinstance(command, Train):
            self._run, self._has_started, self._has_paused, self._preparation = Run(command), False, False, ""
        elif run is not None and run.outcome is RunOutcome.RUNNING:
            self._steer(run, command)

    def _steer(self, run: Run, command: NumericCommand | None) -> None:
        match command:
            case Pause():
                run.allowance = 0
            case Resume() if run.allowance is not None:
                run.resume()
                self._has_paused = False
                self._tell(RunResumed(run.generation))
            case Step():
                run.step()
            case SetSpeed(speed=speed):
                run.pace.set_speed(speed, time.monotonic())
            case SetLearningRate() | SetClipping():
                run.change(command)
            case Stop():
                run.outcome = RunOutcome.CANCELLED
            case _:
                pass

    def _advance(self, run: Run) -> None:
        run.publish(self._ring)
        if run.is_over:
            self._run = None
            self._tell(RunFinished(run.generation, run.outcome, run.breakdown))
        elif run.is_waiting:
            self._wait(run)
        elif run.patience() == 0.0 and not attempt(self._tell, run.generation, lambda: self._compute(run)):
            self._run = None

    def _wait(self, run: Run) -> None:
        if not self._has_paused:
            self._has_paused = True
            self._tell(RunPaused(run.generation))

    def _compute(self, run: Run) -> None:
        if not self._has_started:
            self._has_started = True
            self._start(run)
        else:
            run.advance(self._ring.capacity)
        if run.evaluations.count:  # before its rows: the diagnosis of a row asks for the measurement of its step
            self._tell(RunEvaluated(run.generation, run.evaluations))
        run.publish(self._ring)
        if run.preparation != self._preparation:
            self._preparation = run.preparation
            self._tell(RunPreparing(run.generation, run.preparation))

    def _start(self, run: Run) -> None:
        _, places = signal_places(run.experiment.network)
        self._tell(RunStarted(run.generation, run.experiment.name, places))
        family = kernel_family(run.experiment.network), run.experiment.training.precision
        is_new = self._compilation is not None or family not in self._families
        if is_new:
            self._tell(Compiling(min(self._compiled, 0.9), f"compiling kernels of {' in '.join(family)}"))
        run.advance(self._ring.capacity)
        if run.has_begun:  # else it was left off before it needed a kernel
            self._families.add(family)
        if is_new:
            self._tell(Compiling(1.0, "kernels ready"))

    def _tell(self, event: Event) -> None:
        self._line.report(event, self._ring.written)


def kernel_family(network: Network) -> str:
    """Returns which of the separately compiled trainers a network needs."""
    if isinstance(network, Recurrent):
        return "recurrent networks"
    return PLAIN_FAMILY if network.is_plain and not network.is_mixed else "layers with options"


def _compilation() -> Iterator[tuple[float, str]]:
    yield 0.0, "loading the kernels"
    from vgdesk.training.warm import compile_kernels  # Numba: a quarter of a second, and only in this process

    yield from compile_kernels()
