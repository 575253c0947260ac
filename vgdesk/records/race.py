"""What a remedy race found: the experiment as it is and with each remedy, on the same seeds and data."""

import math
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import msgspec
import numpy as np

from vgdesk.records.finding import Diagnosis, Learning, Verdict
from vgdesk.records.history import RunOutcome
from vgdesk.records.remedy import Helps, honest_sentence
from vgdesk.spec.experiment import Experiment

_T = TypeVar("_T")
AS_IT_IS = "as it is"
"""Name of the lane without a remedy."""
EVEN = 0.1
"""Decades of gamma^L that count as no effect."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Is one short training, looked at.

    Attributes
    ----------
    seed
        Its seed.
    diagnosis
        Of the whole run; its gain is the one at the end.
    verdict_at_start, log10_gain_at_start
        Of the first row.
    outcome
        How it ended.
    steps, seconds
        Updates made, and how long training took, pre-training included and compilation not.
    loss_at_start, loss
        Loss of the first step, and at the end of all examples trained on, without dropout; nan after a breakdown.
    accuracy
        Share of right answers at the end, held-out ones where there are any, else of all; nan where the task has no
        classes.
    log10_state_at_start, log10_state
        Profile of |dL/dh| at the first and at the last row.
    log10_speed
        Nielsen's speed of learning per layer at the first row: |dL/db|, log10.
    log10_update_ratio
        |dW|/|W| per layer at the last row, log10 (guide -3).
    """

    seed: int
    diagnosis: Diagnosis
    verdict_at_start: Verdict
    log10_gain_at_start: float
    outcome: RunOutcome
    steps: int
    seconds: float
    loss_at_start: float
    loss: float
    accuracy: float
    log10_state_at_start: np.ndarray
    log10_state: np.ndarray
    log10_speed: np.ndarray
    log10_update_ratio: np.ndarray

    @property
    def ends_no_lower(self) -> bool:
        """Whether the loss ends no lower than it began, whatever lay between; so it does where a run broke down."""
        return not self.loss < self.loss_at_start


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """Is one remedy in a race, or the experiment as it is.

    Attributes
    ----------
    name, title, word, helps, difference
        As in `vgdesk.records.remedy.Offer`; the experiment as it is has no word and no `helps`.
    experiment
        With the remedy and the race's number of steps; the seed is the first trial's.
    trials
        One per seed, those that are done.
    """

    name: str
    title: str
    experiment: Experiment
    word: str = ""
    helps: Helps | None = None
    difference: str = ""
    trials: tuple[Trial, ...] = ()

    @property
    def sentence(self) -> str:
        """The honest word about the remedy; empty for the experiment as it is."""
        return "" if self.helps is None else honest_sentence(self.helps, self.word)

    @property
    def loss(self) -> float:
        """Median over seeds of the final loss; infinite where a run broke down, nan without a trial."""
        return self._median(lambda trial: trial.loss if math.isfinite(trial.loss) else math.inf)

    @property
    def loss_at_start(self) -> float:
        """Median over seeds of the loss of the first step, nan without a trial."""
        return self._median(lambda trial: trial.loss_at_start)

    @property
    def accuracy(self) -> float:
        """Median over seeds of the final share of right answers, or nan."""
        return self._median(lambda trial: trial.accuracy)

    @property
    def seconds(self) -> float:
        """Median over seeds of the training time."""
        return self._median(lambda trial: trial.seconds)

    @property
    def log10_gain_at_start(self) -> float:
        """Median over seeds of log10 gamma^L before the first update; -inf = nothing arrives."""
        return self._median(lambda trial: trial.log10_gain_at_start)

    @property
    def log10_gain(self) -> float:
        """Median over seeds of log10 gamma^L at the end."""
        return self._median(lambda trial: trial.diagnosis.log10_gain)

    @property
    def verdict_at_start(self) -> Verdict:
        """Most frequent verdict before the first update."""
        return most_frequent([trial.verdict_at_start for trial in self.trials], Verdict.UNDETERMINED)

    @property
    def verdict(self) -> Verdict:
        """Most frequent verdict at the end."""
        return most_frequent([trial.diagnosis.verdict for trial in self.trials], Verdict.UNDETERMINED)

    @property
    def learning(self) -> Learning:
        """Most frequent label of learning: what the diagnosis of a run says wherever the run is shown."""
        return most_frequent([trial.diagnosis.learning for trial in self.trials], Learning.TOO_EARLY)

    @property
    def ends_no_lower(self) -> bool:
        """Whether most seeds end with a loss no lower than they began with."""
        return most_frequent([trial.ends_no_lower for trial in self.trials], True)

    def _median(self, number: Callable[[Trial], float]) -> float:
        found = [value for trial in self.trials if not math.isnan(value := number(trial))]
        return median(found) if found else math.nan


class Race(msgspec.Struct, frozen=True, kw_only=True):
    """Is a race, finished or not.

    Attributes
    ----------
    lanes
        The best final loss first; lanes without a finished trial last. The experiment as it is is one of them.
    seeds, steps
        Of every lane; "faster hardware" makes more steps.
    done, total
        Number of trainings finished, and of all.
    """

    experiment: str
    lanes: tuple[Lane, ...]
    seeds: tuple[int, ...]
    steps: int
    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every training has ended."""
        return self.done == self.total

    @property
    def current(self) -> Lane:
        """The experiment as it is."""
        return self.lane(AS_IT_IS)

    def lane(self, name: str) -> Lane:
        """Returns the lane of a remedy; raises KeyError unless it took part."""
        for lane in self.lanes:
            if lane.name == name:
                return lane
        raise KeyError(name)

    def decades_won(self, lane: Lane) -> float:
        """Returns by how many decades a remedy changes gamma^L before the first update; nan where it is not known."""
        change = lane.log10_gain_at_start - self.current.log10_gain_at_start
        return 0.0 if abs(change) < EVEN else change


def ranked(lanes: tuple[Lane, ...]) -> tuple[Lane, ...]:
    """Returns lanes by final loss, the smallest first; equal ones keep their order."""
    return tuple(sorted(lanes, key=lambda lane: (not lane.trials, math.isnan(lane.loss), lane.loss)))


def most_frequent(values: list[_T], default: _T) -> _T:
    """Returns the value that stands most often, the first of several such; the default where there is none."""
    return max(values, key=values.count) if values else default
