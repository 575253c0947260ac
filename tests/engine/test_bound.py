"""The bound of a chain from another process: a value, or one sentence."""

from tests.engine.waiting import last, poll_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import BoundReady, JobFailed


def test_a_bound_comes_back_with_its_limits(engine: Engine):
    generation = engine.find_bound("sigmoid", 4.0, 10)
    answer = last(poll_until(engine, BoundReady), BoundReady)
    assert (answer.generation, answer.bound.bound, answer.bound.limit) == (generation, 1.0, "1")


def test_a_slope_without_a_bound_fails_in_a_sentence(engine: Engine):
    engine.find_bound("formula: abs(z)**0.5", 1.0, 10)
    assert "has no bound" in last(poll_until(engine, JobFailed), JobFailed).sentence
