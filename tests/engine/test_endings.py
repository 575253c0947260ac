"""A command that ends a run is heard by kernels at once, also while others wait before it."""

import queue

import msgspec
import pytest

from vgdesk.engine.commands import Pause, Stop, Train
from vgdesk.engine.events import Event, RunFinished
from vgdesk.engine.frames import from_frames
from vgdesk.engine.numeric_worker import Endings, NumericWorker
from vgdesk.engine.ring import NumberRing
from vgdesk.engine.run import Run
from vgdesk.kernels import interruption
from vgdesk.kernels.interruption import LeftOffError, is_interrupted
from vgdesk.records.history import RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.pretraining import LayerWise
from vgdesk.training import loop


class OverError(Exception):
    """Ends a worker that nobody speaks to any more."""


class ToldLine:
    """Is a line of commands that have all been heard before the first one is obeyed."""

    def __init__(self, *commands: object) -> None:
        self.endings, self.events = Endings(), list[Event]()
        self._commands: queue.SimpleQueue = queue.SimpleQueue()
        for command in commands:
            self.endings.hear(command)
            self._commands.put(command)

    def next_command(self, timeout: float | None) -> object:
        if timeout is None and self._commands.empty():
            raise OverError
        return None if self._commands.empty() else self._commands.get()

    def report(self, event: Event, position: int = 0) -> None:
        self.events.append(event)


@pytest.fixture(autouse=True)
def _no_word_stays():
    yield
    interruption.resume()


def served(line: ToldLine) -> NumericWorker:
    """Has a worker obey all commands, and fails where it makes a step."""
    ring = NumberRing.create()
    worker = NumericWorker(line, ring, line.endings)
    worker._compilation = None
    try:
        with pytest.raises(OverError):
            worker.serve()
        steps = sum(frame.history.rows for frame in from_frames(ring.read(ring.written), "any"))
    finally:
        ring.close()
        ring.unlink()
    assert steps == 0
    return worker


def test_the_word_stays_until_the_last_ending_is_obeyed():
    endings, train = Endings(), Train(1, example("insurance"), None, False)
    for command in (train, Pause(), Stop()):
        endings.hear(command)
    seen = []
    for command in (train, Pause(), None, Stop()):
        endings.obey(command)
        seen.append(is_interrupted())
    assert seen == [True, True, True, False]


def test_a_run_whose_stop_is_heard_already_makes_no_step_and_is_cancelled():
    line = ToldLine(Train(1, example("insurance"), None, False), Stop())
    worker = served(line)
    assert line.events[-1] == RunFinished(1, RunOutcome.CANCELLED)
    assert worker._families == set()  # no kernel was needed, so the next run says that it compiles them
    assert not is_interrupted()


def pretrained() -> Experiment:
    experiment = example("digits-pretrained-sigmoid-10")
    plan = LayerWise(steps=50, learning_rate=1.0)
    return msgspec.structs.replace(
        experiment, training=msgspec.structs.replace(experiment.training, steps=2, pretraining=plan)
    )


def test_a_pretraining_that_was_left_off_is_not_followed_by_a_training_without_it():
    run = Run(Train(1, pretrained(), None, True))
    run.advance(10_000)
    assert run.preparation == "pre-training layer 1 of 9"
    interruption.interrupt()
    run.advance(10_000)
    interruption.resume()
    run.advance(10_000)
    assert run.preparation == "pre-training layer 1 of 9"
    assert run.outcome is RunOutcome.RUNNING


def test_a_training_that_was_left_off_before_it_was_built_does_not_begin_without_its_pretraining(monkeypatch):
    tried = []

    def left_off(*_: object) -> None:
        tried.append("once")
        raise LeftOffError

    monkeypatch.setattr(loop, "Trainer", left_off)
    run = Run(Train(1, pretrained(), None, True))
    while not tried:
        run.advance(10_000)
    run.advance(10_000)
    assert run.preparation == "pre-training layer 1 of 9"
    assert tried == ["once"]
