"""The engine: everything slow happens in other processes, and this is the one door to them.

A window calls `poll` 60 times a second and draws what comes out. Nothing here waits, except `close`. The module imports
neither Numba nor SymPy nor Qt, and no other part of vgdesk needs to know that there are processes at all.
"""

import atexit
import itertools
import math
from collections.abc import Iterable, Mapping

from vgdesk.engine.commands import (
    BeginStudy,
    CheckFormula,
    Derive,
    Enliven,
    Examine,
    FindBound,
    FindSpectrum,
    FindState,
    MapPhases,
    Pause,
    PlanDepth,
    Predict,
    Resume,
    SetClipping,
    SetLearningRate,
    SetSpeed,
    ShowView,
    Step,
    Stop,
    Train,
    Verify,
    WriteProgram,
)
from vgdesk.engine.events import Event
from vgdesk.engine.numeric_client import NumericClient
from vgdesk.engine.ring import DEFAULT_CAPACITY
from vgdesk.engine.studies import AnyJob
from vgdesk.engine.study_client import StudyClient
from vgdesk.engine.symbolic_client import SymbolicClient
from vgdesk.errors import SpecError
from vgdesk.records.examination import Examination
from vgdesk.spec.clipping import Clipping
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.optimiser import require_learning_rate

__all__ = ["Engine", "Event"]

TIME_LIMIT = 5.0
"""Seconds that a derivation may take where nothing else is chosen."""


class Engine:
    """Trains, derives and verifies in other processes.

    Requests return a generation number; the answers carry it. Only the latest request of a kind (run, derivation,
    verification, prediction) is answered: what still arrives for earlier ones is dropped.

    Parameters
    ----------
    time_limit
        Seconds a derivation may take before its process is ended.
    ring_capacity
        Numbers the ring of recorded rows can hold before the training waits for the reader.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, ring_capacity: int = DEFAULT_CAPACITY) -> None:
        self._generations = itertools.count(1)
        self._numeric = NumericClient(ring_capacity)
        self._symbolic = SymbolicClient(time_limit)
        self._studies = StudyClient()
        # A program that ends by an exception calls no `close`, but shared memory outlives its process.
        atexit.register(self.close)

    @property
    def time_limit(self) -> float:
        """Seconds a derivation may take; holds for the derivations that begin from now on."""
        return self._symbolic.time_limit

    @time_limit.setter
    def time_limit(self, seconds: float) -> None:
        self._symbolic.time_limit = seconds

    @property
    def pids(self) -> list[int]:
        """Numbers of the worker processes, for "system information"."""
        return self._numeric.pids + self._symbolic.pids + self._studies.pids

    def start_numeric(self) -> None:
        """Starts the process that trains, unless it runs; it compiles the kernels first."""
        self._numeric.start()

    def start_symbolic(self) -> None:
        """Starts the process that derives, unless it runs; a second one follows when it is ready, to stand by."""
        self._symbolic.start()

    def poll(self) -> list[Event]:
        """Returns what has happened since the last poll, in order, and replaces workers that have died."""
        return [*self._numeric.poll(), *self._symbolic.poll(), *self._studies.poll()]

    def train(self, experiment: Experiment, *, speed: float | None, paused: bool = False) -> int:
        """Begins a run, in place of the one before; returns its generation.

        Parameters
        ----------
        speed
            Steps per second; None = as fast as possible.
        paused
            Record step 0 only, then wait.
        """
        _require_speed(speed)
        generation = next(self._generations)
        self._numeric.start()
        self._numeric.train(Train(generation, experiment, speed, paused))
        return generation

    def pause(self) -> None:
        """Lets the run wait after the call at hand."""
        self._numeric.send(Pause())

    def resume(self) -> None:
        """Lets a waiting run go on."""
        self._numeric.send(Resume())

    def step(self) -> None:
        """Makes one more step, then waits."""
        self._numeric.send(Step())

    def set_speed(self, speed: float | None) -> None:
        """Goes on at another speed: steps per second, None = as fast as possible."""
        _require_speed(speed)
        self._numeric.send(SetSpeed(speed))

    def set_learning_rate(self, learning_rate: float) -> None:
        """Trains on with another learning rate from the next step on; the rows say which rate each step took.

        Raises
        ------
        SpecError
            When it is negative, too large or no number.
        """
        require_learning_rate(learning_rate)
        self._numeric.send(SetLearningRate(float(learning_rate)))

    def set_clipping(self, clipping: Clipping | None) -> None:
        """Clips gradients like this from the next step on; None leaves them as they are."""
        self._numeric.send(SetClipping(clipping))

    def stop(self) -> None:
        """Ends the run between two calls; its outcome is `CANCELLED`."""
        self._numeric.send(Stop())

    def kill(self) -> None:
        """Ends the process that trains at once; the next poll reports it and starts another."""
        self._numeric.kill()

    def derive(self, experiment: Experiment, wrt: str, changes: Mapping[str, float] | None = None) -> int:
        """Asks for the derivation of dL/d(wrt), with some numbers changed, by name; returns its generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(Derive(generation, experiment, wrt, dict(changes or {})))
        return generation

    def show(self, experiment: Experiment, wrt: str, view: str, changes: Mapping[str, float] | None = None) -> int:
        """Asks for a view of dL/d(wrt): "paths", "matrix" or "ledger"; returns its generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(ShowView(generation, experiment, wrt, view, dict(changes or {})))
        return generation

    def enliven(self, experiment: Experiment, wrt: str) -> int:
        """Asks for the derivation of dL/d(wrt) in a form whose numbers can be changed; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(Enliven(generation, experiment, wrt))
        return generation

    def write_program(self, experiment: Experiment, wrt: str, language: str) -> int:
        """Asks for a program in "numpy" or "sympy" that computes dL/d(wrt); returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(WriteProgram(generation, experiment, wrt, language))
        return generation

    def verify(self, experiment: Experiment, changes: Mapping[str, float] | None = None) -> int:
        """Asks whether the three routes agree on the experiment, with some numbers changed; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(Verify(generation, experiment, dict(changes or {})))
        return generation

    def predict(self, experiment: Experiment) -> int:
        """Asks what theory says about the gradients of an experiment before training; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(Predict(generation, experiment))
        return generation

    def examine(self, formula: str) -> int:
        """Asks how an activation of one's own, a formula in z, behaves; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(Examine(generation, formula))
        return generation

    def study(self, job: AnyJob) -> int:
        """Begins a long job in a process of its own; returns its generation. Several may be done at a time."""
        generation = next(self._generations)
        self._studies.begin(BeginStudy(generation, job))
        return generation

    def cancel_study(self, generation: int) -> None:
        """Ends a long job at once; nothing more comes of it."""
        self._studies.cancel(generation)

    def find_state(self, experiment: Experiment, wrt: str, targets: dict[str, float], free: Iterable[str]) -> int:
        """Asks for numbers that give factors of dL/d(wrt) the target values; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(FindState(generation, experiment, wrt, targets, tuple(free)))
        return generation

    def check_formula(self, examination: Examination) -> int:
        """Asks whether the kernel agrees with what was found about a formula; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(CheckFormula(generation, examination))
        return generation

    def find_bound(self, activation: str, weight: float, depth: int) -> int:
        """Asks for the bound (max|phi'| |w|)^L of a chain; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(FindBound(generation, activation, weight, depth))
        return generation

    def plan(self, experiment: Experiment, limit: float | str, is_brief: bool = False) -> int:
        """Asks how deep an experiment's network may be under a ratio or a number format; returns the generation.

        A brief answer is of the network as it is.
        """
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(PlanDepth(generation, experiment, limit, is_brief))
        return generation

    def map_phases(self, activation: str, sigma_w: float, sigma_b: float) -> int:
        """Asks for the phase diagram around a place; its rows come block by block. Returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(MapPhases(generation, activation, sigma_w, sigma_b))
        return generation

    def find_spectrum(self, experiment: Experiment | None) -> int:
        """Asks for the spectrum of a network as it is drawn, None for the counterexample; returns the generation."""
        generation = next(self._generations)
        self._symbolic.start()
        self._symbolic.ask(FindSpectrum(generation, experiment))
        return generation

    def forget_phases(self) -> None:
        """Ends the phase diagram that is being made; what still arrives of it is dropped."""
        self._symbolic.forget(MapPhases)

    def close(self) -> None:
        """Ends all processes and removes the shared memory; more calls do nothing.

        Nor does what is asked for later: a timer of a window that was closed may still come.
        """
        atexit.unregister(self.close)
        self._numeric.close()
        self._symbolic.close()
        self._studies.close()


def _require_speed(speed: float | None) -> None:
    if speed is not None and not 0.0 < speed < math.inf:
        raise SpecError(f"speed must be a positive number of steps per second, or None for no limit; got {speed!r}")
