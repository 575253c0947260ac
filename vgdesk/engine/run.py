"""One training run as the numeric worker sees it: something that can be advanced in small calls.

`allowance` says how far it may go: None = on and on, a number = that many steps and then wait. So "paused" is an
allowance of 0, and "one more step" adds 1. Rows leave in two moves: `advance` computes them, `publish` puts them into
the ring as soon as there is room; a run does not go on, pause or finish before its rows are out.
"""

import time
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from vgdesk.engine.commands import SetClipping, SetLearningRate, Train
from vgdesk.engine.frames import to_frames
from vgdesk.engine.pacing import Pace
from vgdesk.engine.ring import NumberRing
from vgdesk.kernels.interruption import LeftOffError
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.history import GradientHistory, RunOutcome

if TYPE_CHECKING:
    from vgdesk.records.parameters import Parameters
    from vgdesk.training.loop import Trainer
    from vgdesk.training.pretraining import PretrainingProgress

_RING_FULL_SECONDS = 0.002


class Run:
    """Is a training run with its pace, its allowance and the rows that still wait for room in the ring.

    `evaluations` holds what the last `advance` measured beside its steps, `breakdown` what ended it early,
    `preparation` says in words what is done before the first step, as long as that lasts.
    """

    def __init__(self, command: Train) -> None:
        self.generation = command.generation
        self.experiment = command.experiment
        self.pace = Pace(command.speed, time.monotonic())
        self.allowance: int | None = 1 if command.paused else None
        self.outcome = RunOutcome.RUNNING
        self.evaluations = Evaluations()
        self.breakdown: Breakdown | None = None
        self.preparation = ""
        self._pretraining: Generator[PretrainingProgress, None, Parameters] | None = None
        self._steps_made = 0
        self._trainer: Trainer | None = None
        self._changes: list[SetLearningRate | SetClipping] = []
        self._unpublished: list[np.ndarray] = []

    @property
    def is_over(self) -> bool:
        """Whether it has ended and all rows are out."""
        return self.outcome is not RunOutcome.RUNNING and not self._unpublished

    @property
    def is_waiting(self) -> bool:
        """Whether it has used up its allowance and all rows are out."""
        return self.allowance == 0 and not self._unpublished

    @property
    def has_begun(self) -> bool:
        """Whether it has made a step or been pre-trained a little."""
        return self._steps_made > 0 or bool(self.preparation)

    def patience(self) -> float:
        """Returns in how many seconds there is something to do."""
        if self._unpublished:
            return _RING_FULL_SECONDS
        if self.outcome is not RunOutcome.RUNNING or self.allowance is not None or self.preparation:
            return 0.0
        return self.pace.seconds_until_due(time.monotonic())

    def resume(self) -> None:
        """Lets the run go on at its speed, counted from now."""
        self.allowance = None
        self.pace.set_speed(self.pace.speed, time.monotonic())

    def step(self) -> None:
        """Allows one more step before it waits."""
        self.allowance = (self.allowance or 0) + 1

    def change(self, change: SetLearningRate | SetClipping) -> None:
        """Trains differently from the next step on."""
        self._changes.append(change)

    def advance(self, capacity: int) -> None:
        """Runs the steps that are due; their rows then wait, as frames for a ring of that capacity."""
        self._prepare()
        if self._trainer is None:
            return
        began = time.monotonic()
        steps = self.pace.steps_due(began) if self.allowance is None else min(self.allowance, self.pace.block)
        history = self._next_rows(steps)
        made, self._steps_made = history.steps_made - self._steps_made, history.steps_made
        self.pace.record(made, began, time.monotonic())
        if self.allowance is not None:
            self.allowance -= made
        self.outcome, self.breakdown = history.outcome, history.breakdown
        self.evaluations = history.evaluations
        self._unpublished.extend(to_frames(self.generation, history, capacity))

    def publish(self, ring: NumberRing) -> None:
        """Moves as many waiting rows into the ring as it has room for."""
        while self._unpublished and ring.write(self._unpublished[0]):
            self._unpublished.pop(0)

    def _prepare(self) -> None:
        """Makes the trainer; pre-training before it goes on for some hundredths of a second at a time."""
        if self._trainer is not None:
            return
        from vgdesk.training.loop import Trainer  # Numba: seconds, and only in this process
        from vgdesk.training.pretraining import pretrain

        if self.experiment.training.pretraining is None:
            with suppress(LeftOffError):  # the command that ends this run comes next
                self._trainer = Trainer(self.experiment)
            return
        if self._pretraining is None:
            self._pretraining = pretrain(self.experiment)
        try:
            found = next(self._pretraining)
        except StopIteration as end:
            self._pretraining = None  # it tells once where to start
            with suppress(LeftOffError):
                self._trainer, self.preparation = Trainer(self.experiment, end.value), ""
            return
        except LeftOffError:
            self._pretraining = None  # half of it is no start to train from
            return
        self.preparation = f"pre-training layer {found.layer} of {found.layers}"

    def _next_rows(self, steps: int) -> GradientHistory:
        trainer = self._trainer
        if trainer is None:
            raise RuntimeError("a run is advanced before it was prepared")
        for change in self._changes:
            if isinstance(change, SetLearningRate):
                trainer.set_learning_rate(change.learning_rate)
            else:
                trainer.set_clipping(change.clipping)
        self._changes.clear()
        return trainer.advance(max(1, steps))
