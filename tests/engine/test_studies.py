"""Long jobs in processes of their own: parts in order, cancelled with all their helpers, failures in a sentence."""

import os

import numpy as np
import pytest

from tests.engine.waiting import last, poll_until, wait_until
from tests.histories import history
from vgdesk.engine.client import Engine
from vgdesk.engine.events import JobFailed, StudyFinished, StudyProgress
from vgdesk.engine.studies import ClaimsJob, CompareJob, FormatsJob, RaceJob, ReadRunJob, SweepJob
from vgdesk.records.run_file import save_run
from vgdesk.spec.library import example
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import varied


def short(name: str, steps: int = 3):
    return varied(example(name), "steps", steps)


def parts(events):
    return [event.part for event in events if isinstance(event, StudyProgress)]


def test_a_race_comes_part_by_part_and_the_last_one_is_complete(engine: Engine):
    number = engine.study(RaceJob(experiment=short("digits-sigmoid-20"), only=("tanh",), steps=3))
    events = poll_until(engine, StudyFinished)
    races = [part.race for part in parts(events)]
    assert [race.done for race in races] == list(range(1, races[-1].total + 1))
    assert last(events, StudyFinished).generation == number


def test_a_sweep_writes_its_table_and_tells_each_row(engine: Engine, tmp_path):
    sweep = Sweep(experiment=short("digits-tanh-20"), axes=(Axis(field="depth", values=(2, 3)),))
    for known in (0, 2):
        engine.study(SweepJob(sweep=sweep, path=str(tmp_path / "sweep.csv")))
        found = parts(poll_until(engine, StudyFinished))
        assert len(found[0].rows) == found[0].done == known
        assert found[-1].done == found[-1].total == 2
    assert (tmp_path / "sweep.csv").read_text().count("\n") == 3


def test_compared_runs_come_back_whole(engine: Engine):
    engine.study(CompareJob(experiments=(short("digits-tanh-20", 5), short("digits-relu-20", 7))))
    runs = {part.number: part.history for part in parts(poll_until(engine, StudyFinished))}
    assert [runs[0].steps_made, runs[1].steps_made] == [5, 7]


def test_claims_come_back_one_by_one(engine: Engine):
    engine.study(ClaimsJob(numbers=(1, 3), seeds=1))
    assert {part.number: str(part.verdict) for part in parts(poll_until(engine, StudyFinished))} == {
        1: "wrong",
        3: "right",
    }


def test_number_formats_come_back(engine: Engine):
    engine.study(FormatsJob(experiment=example("digits-sigmoid-20")))
    (part,) = parts(poll_until(engine, StudyFinished))
    assert part.formats.formats[0].lost_at == 10


def test_what_cannot_be_done_is_said_in_a_sentence(engine: Engine):
    number = engine.study(FormatsJob(experiment=example("digits-sigmoid-20"), step=10**6))
    failed = last(poll_until(engine, JobFailed), JobFailed)
    assert failed.generation == number
    assert "step must lie between 0 and" in failed.sentence


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs Linux's list of child processes")
def test_a_cancelled_job_leaves_no_process_behind(engine: Engine, tmp_path):
    before = set(engine.pids)
    sweep = Sweep(experiment=short("digits-tanh-20", 5000), axes=(Axis(field="seed", values=tuple(range(50))),))
    number = engine.study(SweepJob(sweep=sweep, path=str(tmp_path / "sweep.csv")))
    (pid,) = set(engine.pids) - before
    wait_until(lambda: len(children_of(pid)) >= 2, "no helpers were started")
    helpers = children_of(pid)
    engine.cancel_study(number)
    assert pid not in engine.pids
    wait_until(lambda: not any(map(is_alive, [pid, *helpers])), "a process was left behind")
    assert not [event for event in engine.poll() if isinstance(event, StudyProgress | StudyFinished | JobFailed)]


def test_a_run_in_a_file_comes_back_and_one_without_a_step_is_refused(engine: Engine, tmp_path):
    experiment = short("digits-tanh-20")
    path = tmp_path / "run.json"
    path.write_text(save_run(history([1.0, 0.5], layers=20, experiment=experiment.name), experiment))
    engine.study(ReadRunJob(path=str(path)))
    (part,) = parts(poll_until(engine, StudyFinished))
    assert part.experiment == experiment
    assert part.history.loss.tolist() == [1.0, 0.5]
    path.write_text(save_run(history([], np.zeros((0, 20)), layers=20, experiment=experiment.name), experiment))
    engine.study(ReadRunJob(path=str(path)))
    assert "run.json is a run without a recorded step" in last(poll_until(engine, JobFailed), JobFailed).sentence
