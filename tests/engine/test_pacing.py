"""The pace, with a clock that the test turns itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.engine.pacing import CALL_SECONDS, Pace


def run(pace: Pace, until: float, seconds_per_step: float) -> int:
    """Lets a pace drive imaginary steps until a time; returns how many were made."""
    now, steps = 0.0, 0
    while now + pace.seconds_until_due(now) < until:
        began = now + pace.seconds_until_due(now)
        count = pace.steps_due(began)
        now = began + count * seconds_per_step
        pace.record(count, began, now)
        steps += count
    return steps


@given(st.floats(0.5, 5000.0))
def test_speed_is_kept_when_steps_are_fast_enough(speed: float) -> None:
    steps = run(Pace(speed, 0.0), until=10.0, seconds_per_step=1e-5)
    # Off by the first step, which is due at once, and by the steps of one call of 8 ms.
    assert steps == pytest.approx(10.0 * speed, abs=2 + 2 * CALL_SECONDS * speed)


def test_slow_speed_makes_single_steps_at_even_times() -> None:
    pace = Pace(4.0, 0.0)
    pace.record(1, 0.0, 0.001)
    assert pace.seconds_until_due(0.1) == pytest.approx(0.15)
    assert pace.steps_due(0.25) == 1


def test_full_speed_is_never_waiting() -> None:
    assert run(Pace(None, 0.0), until=1.0, seconds_per_step=1e-4) >= 9_900


@given(st.floats(1e-6, 0.004))
def test_calls_at_full_speed_settle_at_their_length(seconds_per_step: float) -> None:
    pace = Pace(None, 0.0)
    run(pace, until=2.0, seconds_per_step=seconds_per_step)
    assert pace.block * seconds_per_step == pytest.approx(CALL_SECONDS, abs=seconds_per_step * (1 + 1e-9))


def test_call_that_took_long_makes_the_next_one_short() -> None:
    pace = Pace(None, 0.0)
    run(pace, until=1.0, seconds_per_step=1e-5)
    pace.record(pace.block, 1.0, 2.0)
    assert pace.block <= 8


def test_run_that_cannot_keep_up_does_not_catch_up_in_a_burst() -> None:
    pace = Pace(1000.0, 0.0)
    run(pace, until=5.0, seconds_per_step=0.01)
    owed = 0
    while pace.seconds_until_due(5.0) == 0.0:
        pace.record(1, 4.0, 5.0)
        owed += 1
    assert owed <= 250  # a quarter of a second at 1,000 steps per second, not the 4,500 steps that are missing


def test_new_speed_counts_from_the_moment_it_is_set() -> None:
    pace = Pace(1.0, 0.0)
    run(pace, until=3.5, seconds_per_step=1e-4)
    pace.set_speed(10.0, 3.5)
    assert pace.seconds_until_due(3.5) == 0.0
    assert pace.steps_due(3.5) == 1
