"""A search for a state in another process: answered, refused in a sentence, and limited in time."""

import sys

import pytest

from tests.engine.waiting import halted, last, poll_until
from vgdesk.engine.client import Engine
from vgdesk.engine.commands import FindState
from vgdesk.engine.events import JobFailed, StateFound
from vgdesk.engine.job_order import LIMITS
from vgdesk.records.found_state import SearchOutcome
from vgdesk.spec.library import example


def test_a_state_comes_back_with_its_experiment(engine: Engine):
    generation = engine.find_state(example("insurance"), "w1", {"d1": 0.06}, ["w9"])
    answer = last(poll_until(engine, StateFound), StateFound)
    assert (answer.generation, answer.found.outcome) == (generation, SearchOutcome.FOUND)
    assert [change.name for change in answer.found.changes] == ["w9"]


def test_what_cannot_be_comes_back_as_a_value_not_as_an_error(engine: Engine):
    engine.find_state(example("insurance"), "w9", {"d1": 0.1}, ["b3"])
    assert last(poll_until(engine, StateFound), StateFound).found.outcome is SearchOutcome.IMPOSSIBLE


def test_an_unknown_factor_fails_in_the_sentence_of_the_study(engine: Engine):
    engine.find_state(example("insurance"), "w1", {"d7": 0.1}, ["b3"])
    assert "unknown factor 'd7'" in last(poll_until(engine, JobFailed), JobFailed).sentence


@pytest.mark.skipif(sys.platform == "win32", reason="a process is halted by SIGSTOP")
def test_a_search_that_takes_too_long_is_ended_with_an_advice(engine: Engine, pair: list[int], monkeypatch):
    monkeypatch.setitem(LIMITS, FindState, 0.001)
    with halted(pair):
        engine.find_state(example("mazur"), "w1", {"d1": 0.02, "d2": 0.2}, ["weights"])
        sentence = last(poll_until(engine, JobFailed), JobFailed).sentence
    assert f"The search for a state of “{example('mazur').title}” took longer than 0.001 s and was stopped." in sentence
    assert "Let fewer numbers free" in sentence
