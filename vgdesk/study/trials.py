"""Short trainings side by side, each looked at where it was made: one process per core, one thread in each.

    for number, trial in trials(experiments): ...          in the order in which they finish

Closing the generator stops them within `BLOCK_SECONDS`. Kernels come from the cache on the disk, so that a new process
need not compile them. Inside a daemon, which may have no children, and for one worker they run in place, one by one.
"""

import math
import time
from collections.abc import Generator, Sequence

import msgspec
import numpy as np

from vgdesk.diagnosis.diagnose import conclude, diagnose
from vgdesk.diagnosis.observation import begin, observe
from vgdesk.records.codec import from_bytes, frozen, to_bytes
from vgdesk.records.evaluation import first_of
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.race import Trial
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import QUANTITIES, EveryNth, LogSpaced, What, When
from vgdesk.spec.recurrent import Recurrent
from vgdesk.study.side_by_side import is_stopped, side_by_side

ROWS = 100
"""At about so many steps what is not cheap is measured: that costs more than making a step of a small network."""
WANTED = ("bias", "weight-norm", "weight-change", "update", "saturated", "dead")
BLOCK_SECONDS = 0.1


def trials(experiments: Sequence[Experiment], workers: int | None = None) -> Generator[tuple[int, Trial], None, None]:
    """Yields (number of the experiment, its trial) whenever a training has ended.

    Parameters
    ----------
    experiments
        What to train; recordings are widened by what a diagnosis needs.
    workers
        Number of processes; by default the number of cores this process may use.

    Raises
    ------
    SpecError, DocumentError
        When the examples of a task cannot be had.
    WorkerError
        When a process died.
    """
    running = side_by_side(_attempt_bytes, [to_bytes(watchable(experiment)) for experiment in experiments], workers)
    try:
        for number, payload in running:
            yield number, from_bytes(payload, Trial)
    finally:
        running.close()


def watchable(experiment: Experiment) -> Experiment:
    """Returns the experiment with a recording that shows every sign.

    What it records itself it still does, at the same steps, except histograms, which no sign looks at; and no gradient
    is added from which another gain would be told: a training that is diagnosed here and one that is recorded and
    diagnosed then have the same numbers.
    """
    network, recording = experiment.network, experiment.recording
    kind = network.cell_kind if isinstance(network, Recurrent) else "feed-forward"
    wanted = tuple(name for name in WANTED if kind in QUANTITIES[name].networks)
    what = What(quantities=tuple(dict.fromkeys((*recording.what.quantities, *wanted))))
    return msgspec.structs.replace(experiment, recording=msgspec.structs.replace(recording, what=what))


def _measured(experiment: Experiment) -> When:
    """Returns at which of its recorded steps what is not cheap is measured."""
    when = experiment.recording.when
    if isinstance(when, LogSpaced):
        return when  # few as they are
    return EveryNth(n=when.n * max(1, experiment.training.steps // (ROWS * when.n)))


def attempt(experiment: Experiment) -> Trial:
    """Trains an experiment to its end and looks at it."""
    from vgdesk.training.loop import Trainer, prepared

    Trainer(_shortest(experiment)).advance(1)  # what is compiled or loaded here is not the training's time
    began = time.perf_counter()
    trainer = Trainer(experiment, prepared(experiment), measures=_measured(experiment))
    course, block = _Course(experiment, trainer.advance(1)), 1
    while trainer.remaining and not is_stopped():
        started = time.perf_counter()
        course.add(trainer.advance(block))
        if time.perf_counter() - started < BLOCK_SECONDS:
            block *= 2
    seconds = time.perf_counter() - began
    is_finite = trainer.outcome is not RunOutcome.NON_FINITE
    return course.trial(seconds, *(trainer.assess() if is_finite else (math.nan, math.nan)))


class _Course:
    """Gathers what a trial tells while rows arrive and keeps none of them but the first: there may be a million."""

    def __init__(self, experiment: Experiment, first: GradientHistory) -> None:
        self._experiment, self._first = experiment, first
        self._seen, self._last = begin(experiment), first
        self._state, self._held_out = first.values("state")[0], math.nan
        self._ratio = np.full(first.values("update").shape[1], np.nan)
        self.add(first)

    def add(self, part: GradientHistory) -> None:
        """Looks at further rows."""
        self._seen, self._last = observe(self._seen, part), part
        if part.rows:
            self._state = part.values("state")[-1]
        if len(found := part.evaluations.held_out_accuracy):
            self._held_out = float(found[-1])
        with np.errstate(invalid="ignore"):
            ratios = part.values("update") - part.values("weight-norm")
        known = np.flatnonzero(~np.isnan(ratios).any(axis=1))
        self._ratio = ratios[known[-1]] if len(known) else self._ratio

    def trial(self, seconds: float, loss: float, accuracy: float) -> Trial:
        """Returns what the run amounts to; loss and accuracy are those of all examples at its end."""
        first = diagnose(_first_row(self._first), self._experiment)
        return Trial(
            seed=self._experiment.seed,
            diagnosis=conclude(self._seen),
            verdict_at_start=first.verdict,
            log10_gain_at_start=first.log10_gain,
            outcome=self._last.outcome,
            steps=self._last.steps_made,
            seconds=seconds,
            loss_at_start=float(self._first.loss[0]),
            loss=loss,
            accuracy=accuracy if math.isnan(self._held_out) else self._held_out,
            log10_state_at_start=frozen(self._first.values("state")[0]),
            log10_state=frozen(self._state),
            log10_speed=frozen(self._first.values("bias")[0]),
            log10_update_ratio=frozen(self._ratio),
        )


def _first_row(history: GradientHistory) -> GradientHistory:
    quantities = {name: values[:1] for name, values in history.quantities.items()}
    return GradientHistory(
        experiment=history.experiment,
        loss=history.loss[:1],
        quantities=quantities,
        signals=history.signals,
        evaluations=first_of(history.evaluations),
    )


def _shortest(experiment: Experiment) -> Experiment:
    training = msgspec.structs.replace(experiment.training, steps=1, pretraining=None)
    return msgspec.structs.replace(experiment, training=training)


def _attempt_bytes(payload: bytes) -> bytes:
    return to_bytes(attempt(from_bytes(payload, Experiment)))
