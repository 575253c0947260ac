"""A race trains every lane on the same seeds, ranks by loss, can be stopped, and gives the same numbers in parallel."""

import math
import tracemalloc

import msgspec
import pytest

from vgdesk.diagnosis.remedies.catalogue import applicable
from vgdesk.errors import SpecError
from vgdesk.export.race_table import COLUMNS, race_table
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.finding import Verdict
from vgdesk.records.history import RunOutcome
from vgdesk.records.race import AS_IT_IS, Race
from vgdesk.records.remedy import Helps
from vgdesk.spec.library import example
from vgdesk.spec.optimiser import Sgd
from vgdesk.study.diagnose import diagnose_experiment
from vgdesk.study.race import run_race, with_steps
from vgdesk.study.trials import attempt, trials, watchable

SICK = example("digits-sigmoid-20")


def raced(**fields) -> Race:
    *_, last = run_race(SICK, **{"steps": 40, "workers": 1, **fields})
    return last


def test_race_ends_complete_and_ranked_with_the_experiment_as_it_is_among_the_lanes():
    found = raced(only=["tanh", "clipping"], combinations=["batch-norm+residual"], seeds=2)
    assert found.is_complete
    assert found.total == 8
    losses = [lane.loss for lane in found.lanes]
    assert losses == sorted(losses)
    assert found.current.verdict is Verdict.VANISHING
    assert [trial.seed for trial in found.lane("tanh").trials] == [0, 1]


def test_cures_win_decades_of_gain_and_clipping_wins_none():
    found = raced(only=["tanh", "clipping"])
    assert found.decades_won(found.lane("tanh")) > 9
    assert found.decades_won(found.lane("clipping")) == 0.0
    # nothing below layer 20 reaches the cap, so clipping does not even change the loss
    assert found.lane("clipping").loss == pytest.approx(found.current.loss, rel=0.05)


def test_what_is_said_to_help_or_not_to_help_is_what_the_race_measures():
    found = raced(steps=2)
    assert found.decades_won(found.lane("pretraining")) > 10  # after 1,000 updates of each layer
    for lane in found.lanes:
        won = found.decades_won(lane)
        if lane.helps is Helps.YES:
            assert won > 10, lane.name
        if lane.helps in (Helps.NO, Helps.MASKS, Helps.WORSE):
            assert won < 1.5, lane.name  # dropout multiplies what it keeps: one decade in twenty layers


def test_all_that_applies_takes_part_when_nothing_is_named():
    race = next(run_race(SICK, steps=1, workers=1))
    names = {lane.name for lane in race.lanes}
    assert names == {AS_IT_IS, "batch-norm+residual", *(found.name for found in applicable(SICK))}
    assert race.done == 1 < race.total


def test_named_remedy_that_does_not_apply_is_refused():
    with pytest.raises(SpecError, match="lstm does not apply"):
        next(run_race(SICK, only=["lstm"], workers=1))


def test_processes_give_the_same_numbers_as_one_after_the_other():
    alone, together = raced(only=["tanh"], workers=1), raced(only=["tanh"], workers=2)
    for lane in alone.lanes:
        other = together.lane(lane.name)
        assert (lane.loss, lane.accuracy, lane.log10_gain) == (other.loss, other.accuracy, other.log10_gain)


def test_race_that_is_closed_ends_its_processes():
    import multiprocessing

    long = msgspec.structs.replace(SICK.training, steps=1_000_000)
    sick = msgspec.structs.replace(SICK, training=long)
    others = set(multiprocessing.active_children())  # of an engine that other tests share
    running = trials([msgspec.structs.replace(sick, training=msgspec.structs.replace(long, steps=1)), sick, sick], 2)
    next(running)
    running.close()
    assert set(multiprocessing.active_children()) <= others


def test_lane_that_breaks_down_stands_last_with_its_outcome():
    fast = msgspec.structs.replace(SICK.training, optimiser=Sgd(learning_rate=1e8))
    *_, found = run_race(msgspec.structs.replace(SICK, training=fast), only=["elu"], steps=40, workers=1)
    last = found.lanes[-1]
    assert last.name == "elu"
    assert last.trials[0].outcome is RunOutcome.NON_FINITE
    assert last.loss == math.inf


def test_race_crosses_a_process_border_and_becomes_a_table():
    found = raced(only=["tanh"])
    assert to_bytes(from_bytes(to_bytes(found), Race)) == to_bytes(found)
    lines = race_table(found).decode().splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == 3


def test_trial_tells_speed_of_learning_and_size_of_updates_per_layer():
    trial = raced(only=["tanh"]).current.trials[0]
    # Nielsen: the first layer of deep sigmoids learns far more slowly than the last
    assert trial.log10_speed[0] < trial.log10_speed[-1] - 9
    assert len(trial.log10_update_ratio) == 20
    assert trial.log10_update_ratio[0] < -9


def test_a_longer_training_takes_no_more_room(monkeypatch):
    monkeypatch.setattr("vgdesk.study.trials.BLOCK_SECONDS", 0.0)  # so that rows come one by one

    def taken(steps: int) -> int:
        experiment = watchable(with_steps(SICK, steps))
        tracemalloc.start()
        try:
            attempt(experiment)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    attempt(watchable(with_steps(SICK, 2)))  # compiles and loads what it needs
    one_row = 8 * 20 * 9  # nine quantities of twenty layers
    assert taken(800) - taken(100) < 100 * one_row


def test_several_seeds_say_how_sure_the_verdict_is():
    found = diagnose_experiment(SICK, steps=20, seeds=3, workers=1)
    assert found.confidence is not None
    assert found.confidence.seeds == (0, 1, 2)
    assert found.confidence.share(Verdict.VANISHING) == 1.0


def test_gain_at_the_start_is_measured_at_the_input_as_the_one_at_the_end_is():
    (_, trial) = next(
        trials([msgspec.structs.replace(SICK, training=msgspec.structs.replace(SICK.training, steps=1))], 1)
    )
    assert "the network's input" in trial.diagnosis.basis
    assert trial.log10_gain_at_start == trial.diagnosis.log10_gain
