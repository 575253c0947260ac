"""Derivations from another process: answered, limited in time, and never out of date."""

import os
import signal
import sys

import pytest

from tests.engine.waiting import last, poll_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import DerivationReady, JobFailed, VerificationReady, ViewReady, WorkerDied
from vgdesk.present.derivation_views import view_sheet
from vgdesk.present.sheet import equation_sheet
from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.library import example

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="a process is halted by SIGSTOP")


def test_insurance_comes_back_with_its_gradient_and_profile(engine: Engine) -> None:
    generation = engine.derive(example("insurance"), "w1")
    answer = last(poll_until(engine, DerivationReady), DerivationReady)
    assert answer.generation == generation
    assert answer.derivation.value == pytest.approx(0.0015, rel=1e-14)  # a product of a few rounded factors
    assert (answer.profile.route, answer.profile.log10_norm.shape) == ("symbolic", (2,))


def test_the_sheet_of_a_derivation_comes_with_it(engine: Engine) -> None:
    engine.derive(example("insurance"), "w1")
    answer = last(poll_until(engine, DerivationReady), DerivationReady)
    assert answer.sheet == equation_sheet(answer.derivation)


@pytest.mark.parametrize("name", VIEWS[1:])
def test_the_sheet_of_a_view_comes_with_it(engine: Engine, name: str) -> None:
    engine.show(example("mazur"), "w1", name)
    answer = last(poll_until(engine, ViewReady), ViewReady)
    assert answer.sheet == view_sheet(answer.view)


def test_verification_comes_back(engine: Engine) -> None:
    generation = engine.verify(example("insurance"))
    answer = last(poll_until(engine, VerificationReady), VerificationReady)
    assert (answer.generation, answer.verification.passed) == (generation, True)


def test_unknown_weight_fails_in_the_sentence_of_the_study(engine: Engine) -> None:
    generation = engine.derive(example("insurance"), "w99")
    failure = last(poll_until(engine, JobFailed), JobFailed)
    assert failure.generation == generation
    assert "w99" in failure.sentence


def test_newer_request_supersedes_the_older_ones(engine: Engine) -> None:
    for wrt in ("w1", "w2", "w3", "w4", "w5"):
        engine.derive(example("insurance"), wrt)
    latest = engine.derive(example("insurance"), "w9")
    events = poll_until(engine, DerivationReady)
    answers = [event for event in events if isinstance(event, DerivationReady)]
    assert [(answer.generation, answer.derivation.wrt) for answer in answers] == [(latest, "w9")]


@needs_signals
def test_process_that_takes_too_long_is_ended_and_the_spare_answers(engine: Engine, pair: list[int]) -> None:
    os.kill(pair[0], signal.SIGSTOP)
    engine.time_limit = 0.2
    generation = engine.derive(example("insurance"), "w1")
    failure = last(poll_until(engine, JobFailed), JobFailed)
    assert failure.generation == generation
    assert failure.sentence == (
        "The derivation of ∂L/∂w₁ of “Will this person buy insurance?” took longer than 0.2 s and was stopped. "
        "Choose a smaller network, a weight nearer the output, or a longer time limit (menu Derivation)."
    )
    assert pair[0] not in engine.pids
    assert pair[1] in engine.pids
    engine.time_limit = 60.0
    engine.derive(example("insurance"), "w2")
    assert last(poll_until(engine, DerivationReady), DerivationReady).derivation.wrt == "w2"


@needs_signals
def test_process_that_dies_is_reported_and_its_job_fails(engine: Engine, pair: list[int]) -> None:
    os.kill(pair[0], signal.SIGSTOP)
    generation = engine.derive(example("insurance"), "w1")
    os.kill(pair[0], signal.SIGKILL)
    events = poll_until(engine, JobFailed)
    death = last(events, WorkerDied)
    assert death.exitcode == -9
    assert death.sentence == "The symbolic process stopped unexpectedly (exit code -9). It has been restarted."
    assert last(events, JobFailed).generation == generation
    engine.derive(example("insurance"), "w1")
    poll_until(engine, DerivationReady)
