"""Ended runs are kept one for each experiment, within a share of the memory."""

import msgspec
import numpy as np

from tests.histories import history
from vgdesk.spec.library import example
from vgdesk.ui.state import ended_runs
from vgdesk.ui.state.ended_runs import EndedRun, EndedRuns
from vgdesk.ui.state.row_store import RowStore

BASE = example("digits-sigmoid-20")


def ended(seed: int, rows: int = 10, ending: str = "completed") -> EndedRun:
    experiment = msgspec.structs.replace(BASE, seed=seed)
    store = RowStore(experiment.name)
    store.append(history(np.ones(rows).tolist(), layers=20))
    return EndedRun(experiment, experiment, experiment, store, ending)


def test_the_latest_run_of_an_experiment_takes_the_place_of_the_earlier():
    runs = EndedRuns()
    for run in (ended(0), ended(1), ended(0, ending="stopped")):
        runs.keep(run)
    found = runs.find(BASE)
    assert found is not None
    assert found.ending == "stopped"
    assert runs.find(msgspec.structs.replace(BASE, seed=2)) is None


def test_the_oldest_go_when_there_are_too_many_or_they_are_too_large(monkeypatch):
    runs, many = EndedRuns(), ended_runs.MOST_RUNS + 3
    for seed in range(many):
        runs.keep(ended(seed))
    assert [runs.find(ended(seed).on_desk) is None for seed in range(many)] == [True] * 3 + [False] * (many - 3)
    monkeypatch.setattr(ended_runs, "MOST_BYTES", 1)
    runs.keep(ended(100))
    assert [runs.find(ended(seed).on_desk) is None for seed in (many - 1, 100)] == [True, False]


def test_rows_that_two_entries_share_count_once():
    runs, run = EndedRuns(), ended(0)
    runs.keep(run)
    before = runs.bytes_used
    runs.keep(run._replace(on_desk=msgspec.structs.replace(BASE, seed=5)))
    assert runs.bytes_used == before > 0


def test_a_run_that_was_cut_off_takes_no_whole_ones_place():
    runs = EndedRuns()
    runs.keep(ended(0))
    runs.keep(EndedRun(BASE, BASE, BASE, was_moving=True))
    found = runs.find(BASE)
    assert found is not None
    assert found.rows is not None
