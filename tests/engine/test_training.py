"""Training in another process: every row, once, in order, bit for bit; and a run that obeys."""

import math

import msgspec
import numpy as np
import pytest

from tests.engine.waiting import generations, last, poll_until, rows, same_bits
from vgdesk.engine.client import Engine
from vgdesk.engine.events import RowsRecorded, RunEvaluated, RunFinished, RunPaused, RunResumed, RunStarted
from vgdesk.errors import SpecError
from vgdesk.records.evaluation import join
from vgdesk.records.history import RunOutcome, concatenate
from vgdesk.spec.clipping import ClipByNorm, ClipByValue
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.training import Sgd, Training


def digits(steps: int) -> Experiment:
    experiment = example("digits-sigmoid-20")
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, steps=steps))


def trained_in_place(experiment: Experiment):
    from vgdesk.training.loop import train

    run = train(experiment)
    first = next(run)
    more = experiment.training.steps - first.rows
    return concatenate([first, run.send(more)]) if more else first


def test_run_delivers_the_rows_of_training_in_place_bit_for_bit(engine: Engine) -> None:
    generation = engine.train(digits(200), speed=None)
    events = poll_until(engine, RunFinished)
    assert last(events, RunStarted) == RunStarted(generation, "digits-sigmoid-20", 20)
    assert last(events, RunFinished) == RunFinished(generation, RunOutcome.COMPLETED)
    assert rows(events).rows == 200
    assert same_bits(rows(events), trained_in_place(digits(200)))


def test_pace_changes_nothing_in_the_numbers(engine: Engine) -> None:
    engine.train(digits(60), speed=400.0)
    assert same_bits(rows(poll_until(engine, RunFinished)), trained_in_place(digits(60)))


def test_rows_come_after_the_start_and_before_the_end(engine: Engine) -> None:
    engine.train(digits(50), speed=None)
    kinds = [type(event) for event in poll_until(engine, RunFinished)]
    assert kinds.index(RunStarted) < kinds.index(RowsRecorded)
    assert RowsRecorded not in kinds[kinds.index(RunFinished) :]


def test_paused_run_records_step_0_only(engine: Engine) -> None:
    generation = engine.train(digits(50), speed=None, paused=True)
    events = poll_until(engine, RunPaused)
    assert last(events, RunPaused) == RunPaused(generation)
    engine.stop()
    events += poll_until(engine, RunFinished)
    assert rows(events).rows == 1


def test_each_step_adds_one_row(engine: Engine) -> None:
    engine.train(digits(50), speed=None, paused=True)
    events = poll_until(engine, RunPaused)
    for _ in range(3):
        engine.step()
        events += poll_until(engine, RowsRecorded)
    engine.stop()
    events += poll_until(engine, RunFinished)
    assert rows(events).rows == 4


def test_paused_run_goes_on_where_it_waited(engine: Engine) -> None:
    engine.train(digits(300), speed=1.0)
    events = poll_until(engine, RowsRecorded)
    engine.pause()
    events += poll_until(engine, RunPaused)
    engine.set_speed(None)
    engine.resume()
    events += poll_until(engine, RunFinished)
    assert any(isinstance(event, RunResumed) for event in events)
    assert same_bits(rows(events), trained_in_place(digits(300)))


def test_step_of_a_running_run_makes_it_wait(engine: Engine) -> None:
    engine.train(digits(10_000), speed=20.0)
    poll_until(engine, RowsRecorded)
    engine.step()
    assert isinstance(last(poll_until(engine, RunPaused), RunPaused), RunPaused)


def test_slow_run_finishes_when_the_limit_is_lifted(engine: Engine) -> None:
    engine.train(digits(2_000), speed=1.0)  # at this speed it would take half an hour
    events = poll_until(engine, RowsRecorded)
    engine.set_speed(None)
    events += poll_until(engine, RunFinished)
    assert rows(events).rows == 2_000


def test_stopped_run_is_cancelled_and_keeps_its_rows(engine: Engine) -> None:
    generation = engine.train(digits(10_000_000), speed=None)
    events = poll_until(engine, RowsRecorded)
    engine.stop()
    events += poll_until(engine, RunFinished)
    assert last(events, RunFinished) == RunFinished(generation, RunOutcome.CANCELLED)
    recorded = rows(events)
    assert same_bits(recorded, trained_in_place(digits(recorded.rows)))


def test_new_run_silences_the_one_before(engine: Engine) -> None:
    engine.train(digits(10_000_000), speed=None)
    poll_until(engine, RowsRecorded)
    second = engine.train(digits(100), speed=None)
    events = poll_until(engine, RunFinished)
    assert generations(events) == {second}
    assert rows(events).rows == 100


def test_run_that_leaves_the_numbers_says_so(engine: Engine) -> None:
    experiment = example("digits-relu-20")
    exploding = msgspec.structs.replace(experiment, training=Training(optimiser=Sgd(learning_rate=1e6), batch_size=32))
    engine.train(exploding, speed=None)
    events = poll_until(engine, RunFinished)
    assert last(events, RunFinished).outcome is RunOutcome.NON_FINITE
    assert rows(events).outcome is RunOutcome.NON_FINITE


def test_ring_of_a_few_rows_and_a_slow_reader_lose_nothing(tiny_engine: Engine) -> None:
    tiny_engine.train(digits(120), speed=None)  # 41 numbers a row: the ring goes round sixteen times
    events = poll_until(tiny_engine, RunFinished, interval=0.03)
    assert same_bits(rows(events), trained_in_place(digits(120)))


def test_learning_rate_and_clipping_change_while_it_runs_and_the_rows_say_when(engine: Engine) -> None:
    engine.train(digits(50), speed=None, paused=True)
    events = poll_until(engine, RunPaused)
    engine.set_learning_rate(0.025)
    engine.set_clipping(ClipByNorm(maximum=1e-3))
    engine.resume()
    events += poll_until(engine, RunFinished)
    recorded = rows(events)
    assert recorded.learning_rate.tolist() == [0.05] + [0.025] * 49
    assert recorded.clipped.tolist() == [False] + [True] * 49
    assert recorded.log10_clipped_norm[1:] == pytest.approx(-3.0, abs=0.01)


def test_clipping_can_be_taken_away_again(engine: Engine) -> None:
    engine.train(digits(50), speed=None, paused=True)
    events = poll_until(engine, RunPaused)
    engine.set_clipping(ClipByValue(maximum=1e-6))
    engine.step()
    events += poll_until(engine, RowsRecorded)
    engine.set_clipping(None)
    engine.resume()
    events += poll_until(engine, RunFinished)
    assert rows(events).clipped.tolist() == [False, True] + [False] * 48


def test_impossible_learning_rate_is_refused_in_a_sentence(engine: Engine) -> None:
    with pytest.raises(SpecError, match="learning_rate must be a finite number"):
        engine.set_learning_rate(-0.1)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.inf, math.nan])
def test_impossible_speed_is_refused_in_a_sentence(engine: Engine, speed: float) -> None:
    with pytest.raises(SpecError, match="speed must be a positive number of steps per second"):
        engine.set_speed(speed)


def test_what_is_measured_beside_the_training_arrives_whole(engine: Engine) -> None:
    engine.train(digits(200), speed=None)
    events = poll_until(engine, RunFinished)
    arrived = join([event.evaluations for event in events if isinstance(event, RunEvaluated)])
    for ours, theirs in zip(arrived.columns, trained_in_place(digits(200)).evaluations.columns, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert arrived.steps[[0, -1]].tolist() == [0, 199]
