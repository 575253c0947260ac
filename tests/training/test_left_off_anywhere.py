"""Wherever the word to leave off comes, what is recorded is what would have been recorded, and nothing else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import msgspec
import numpy as np
import pytest

from tests.builders import reader
from tests.training.test_pretraining import digits
from vgdesk.kernels import interruption
from vgdesk.kernels.interruption import LeftOffError
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.recording import EveryNth, Histogram, Recording, What
from vgdesk.spec.recurrent import Gru, Lstm
from vgdesk.spec.task import CopyMemory
from vgdesk.spec.vary import varied
from vgdesk.training.loop import Trainer, prepared

STEPS = 4
NEVER = sys.maxsize
STRIDE = 7
"""Every so many calls of a training are tried out; all of them, some 500 for each network, take a minute."""
MEASURED = ("saturated", "dead", "activation-variance", "weight-change", "update", "float16-lost")


@contextmanager
def word_at(call: int) -> Iterator[list[int]]:
    """Gives the word before that call of a function of vgdesk's, counting from 0; yields the count of all calls."""
    calls = [0]

    def count(frame: FrameType, event: str, _: object) -> None:
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        # Arrays are lent to kernels by hundreds of calls, between which nothing can happen.
        if event == "call" and "vgdesk" in file and not file.endswith("lent.py") and not name.startswith("<"):
            if calls[0] == call:
                interruption.interrupt()
            calls[0] += 1

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        interruption.resume()


def watched(experiment: Experiment, *more: str) -> Experiment:
    """Returns a short training of which everything is recorded at every other step, and held-out examples answer."""
    training = msgspec.structs.replace(experiment.training, steps=STEPS, batch_size=4, held_out=0.25)
    what = What(quantities=(*MEASURED, *more), histogram=Histogram(bins=8, low=-4.0, high=4.0))
    return msgspec.structs.replace(experiment, training=training, recording=Recording(what=what, when=EveryNth(n=2)))


COPY = CopyMemory(delay=3, length=2, symbols=2, count=40)
EXPERIMENTS = {
    "plain": watched(varied(example("digits-tanh-20"), "depth", 3)),
    "batch normalisation": watched(varied(example("digits-bn-relu-20"), "depth", 3)),
    "gru": watched(reader(COPY, Gru(), "softmax-cross-entropy"), "lag", "cell-path"),
    "lstm": watched(reader(COPY, Lstm(), "softmax-cross-entropy"), "lag", "cell-path"),
}


def recorded(history: GradientHistory) -> dict[str, np.ndarray]:
    """Returns every array of rows of a history."""
    assert history.histograms is not None
    rows = {name: getattr(history, name) for name in ("step_numbers", *STEP_COLUMNS)}
    return {**rows, **history.quantities, "histograms": history.histograms}


def require_beginning(part: GradientHistory, whole: GradientHistory) -> None:
    """Fails unless the rows and measurements of `part` are the first ones of `whole`, to the last bit."""
    for name, values in recorded(whole).items():
        np.testing.assert_array_equal(recorded(part)[name], values[: part.rows], name)
    for ours, theirs in zip(part.evaluations.columns, whole.evaluations.columns, strict=True):
        np.testing.assert_array_equal(ours, theirs[: part.evaluations.count])


def require_same(found: Parameters, wanted: Parameters) -> None:
    for ours, theirs in zip((*found.weights, *found.biases), (*wanted.weights, *wanted.biases), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_training_that_is_left_off_wherever_it_is_has_recorded_the_beginning_of_the_whole_one(name: str):
    undisturbed = Trainer(EXPERIMENTS[name])
    whole = undisturbed.advance(STEPS)  # compiles and loads what it needs
    assert whole.outcome is RunOutcome.COMPLETED
    trainer = Trainer(EXPERIMENTS[name])
    with word_at(NEVER) as calls:
        trainer.advance(STEPS)
    made = set()
    for call in range(0, calls[0], STRIDE):
        trainer = Trainer(EXPERIMENTS[name])
        with word_at(call):
            part = trainer.advance(STEPS)
        require_beginning(part, whole)
        made.add(part.steps_made)
        assert part.outcome is (RunOutcome.COMPLETED if part.steps_made == STEPS else RunOutcome.RUNNING)
        trainer.advance(STEPS)
        if name != "batch normalisation":  # whose running moments may be a step ahead
            require_same(trainer.parameters, undisturbed.parameters)
    assert made == set(range(STEPS + 1))


def test_a_pretraining_that_is_left_off_at_any_call_returns_nothing_or_the_whole():
    experiment = digits(2, steps=3)
    whole = prepared(experiment)
    with word_at(NEVER) as calls:
        prepared(experiment)
    ended = 0
    for call in range(calls[0]):
        with word_at(call):
            try:
                found = prepared(experiment)
            except LeftOffError:
                continue
        ended += 1
        require_same(found, whole)
    assert 0 < ended < calls[0]
