"""A process that dies takes the run with it that it made, and not one that it has never seen."""

import pytest

from tests.ui.state.test_jobs import Answers
from vgdesk.engine.events import RunStarted, WorkerDied
from vgdesk.engine.message import NUMERIC
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.run_state import RunState
from vgdesk.ui.state.runs import Runs
from vgdesk.ui.state.session import Session

GENERATION = 7


class Trains(Answers):
    """Is an engine that begins a run whenever it is told."""

    def train(self, *_: object, **__: object) -> int:
        return GENERATION


@pytest.fixture
def begun(qtbot) -> tuple[Runs, Jobs, Trains]:
    """A run that was asked for, and has not begun."""
    engine = Trains()
    jobs = Jobs(engine, Messages())
    runs = Runs(Session(jobs), jobs, jobs)
    runs.restart()
    return runs, jobs, engine


def test_a_run_that_waits_for_the_next_process_goes_on_waiting(begun: tuple[Runs, Jobs, Trains]):
    runs, jobs, engine = begun
    engine.events = [WorkerDied(NUMERIC, -9, "It stopped.", run_follows=True)]
    jobs.poll()
    assert (runs.state, jobs.activity) == (RunState.STARTING, "starting training")
    engine.events = [RunStarted(GENERATION, "insurance", 2)]
    jobs.poll()
    assert (runs.state, jobs.activity) == (RunState.RUNNING, "")


def test_a_run_that_was_in_the_process_is_over(begun: tuple[Runs, Jobs, Trains]):
    runs, jobs, engine = begun
    engine.events = [RunStarted(GENERATION, "insurance", 2), WorkerDied(NUMERIC, -9, "It stopped.")]
    jobs.poll()
    assert (runs.state, jobs.activity) == (RunState.FINISHED, "")
    assert runs.ending == "stopped unexpectedly, its process was restarted"
