"""What the processes do at the moment, in words: one job's failure is not another one's end."""

from typing import Any

import pytest

from vgdesk.engine.events import Event, JobFailed, RunFinished, WorkerDied
from vgdesk.engine.message import NUMERIC
from vgdesk.records.history import RunOutcome
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages

FAILED_RUN, RACE, DERIVATION = 3, 4, 5


class Answers:
    """Is an engine that answers what it was given."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def poll(self) -> list[Event]:
        answered, self.events = self.events, []
        return answered


@pytest.fixture
def answers() -> Any:
    return Answers()


@pytest.fixture
def jobs(qtbot, answers: Any) -> Jobs:
    """Returns jobs of which three are under way."""
    busy = Jobs(answers, Messages())
    busy.note("run", "starting training", FAILED_RUN)
    busy.note("study 4", "racing remedies", RACE)
    busy.note("derivation", "deriving w1", DERIVATION)
    return busy


def follow(jobs: Jobs, answers: Answers, *events: Event) -> str:
    answers.events = list(events)
    jobs.poll()
    return jobs.activity


def test_a_failure_ends_the_words_of_its_own_job_only(jobs, answers):
    assert follow(jobs, answers, JobFailed(DERIVATION, "too large")) == "starting training · racing remedies"
    assert follow(jobs, answers, JobFailed(99, "of something long gone")) == "starting training · racing remedies"


def test_new_words_of_a_job_keep_the_request_they_belong_to(jobs, answers):
    jobs.note("run", "pre-training layer 2 of 19")
    assert follow(jobs, answers, JobFailed(FAILED_RUN, "no examples")) == "racing remedies · deriving w1"


def test_a_request_that_was_answered_takes_no_failure_any_more(jobs, answers):
    follow(jobs, answers, RunFinished(FAILED_RUN, RunOutcome.COMPLETED))
    jobs.note("run", "starting training", 7)
    assert "starting training" in follow(jobs, answers, JobFailed(FAILED_RUN, "late"))


def test_the_end_of_the_numeric_process_ends_what_it_did_and_no_long_job(jobs, answers):
    assert follow(jobs, answers, WorkerDied(NUMERIC, -9, "It stopped.")) == "racing remedies · deriving w1"


def test_the_end_of_a_symbolic_process_is_told_per_job(jobs, answers):
    events = (WorkerDied("symbolic", -9, "It stopped."), JobFailed(DERIVATION, "ended with its process"))
    assert follow(jobs, answers, *events) == "starting training · racing remedies"
