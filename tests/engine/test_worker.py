"""What becomes of errors, and of processes that cannot start."""

import logging

import pytest

from vgdesk.engine.events import Event, JobFailed
from vgdesk.engine.restarts import ATTEMPTS, Restarts
from vgdesk.engine.worker import attempt
from vgdesk.errors import DerivationTooLarge


def raising(error: Exception):
    def work() -> None:
        raise error

    return work


def test_work_that_succeeds_reports_nothing() -> None:
    events: list[Event] = []
    assert attempt(events.append, 1, lambda: None)
    assert events == []


def test_error_of_ours_is_reported_as_its_sentence() -> None:
    events: list[Event] = []
    assert not attempt(events.append, 7, raising(DerivationTooLarge("this network is too large")))
    assert events == [JobFailed(7, "this network is too large")]


def test_unexpected_error_is_named_and_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    events: list[Event] = []
    with caplog.at_level(logging.ERROR):
        assert not attempt(events.append, 7, raising(ZeroDivisionError("division by zero")))
    assert events == [JobFailed(7, "An error inside vgdesk stopped this job (ZeroDivisionError: division by zero).")]
    assert "Traceback" in caplog.text


def test_starts_that_fail_in_a_row_are_not_repeated_for_ever() -> None:
    restarts = Restarts()
    for _ in range(ATTEMPTS):
        assert not restarts.are_exhausted
        restarts.record_failure()
    assert restarts.are_exhausted


def test_start_that_succeeds_forgets_earlier_failures() -> None:
    restarts = Restarts()
    for _ in range(ATTEMPTS - 1):
        restarts.record_failure()
    restarts.record_ready()
    restarts.record_failure()
    assert not restarts.are_exhausted
