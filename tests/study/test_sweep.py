"""Sweeps: every combination once, whatever is killed, cut or asked for twice; here, in processes and on a cluster."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.engine.waiting import wait_until
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.errors import DocumentError, SpecError, WorkerError
from vgdesk.records.history import RunOutcome
from vgdesk.spec.library import example
from vgdesk.spec.sweep import Axis, Sweep, cells, identity
from vgdesk.spec.vary import varied
from vgdesk.study import sweep
from vgdesk.study.sweep import measured, run_sweep
from vgdesk.study.sweep_file import SweepFile, read_table
from vgdesk.training.loop import Trainer


def small_sweep(seeds: int = 2, steps: int = 3) -> Sweep:
    base = varied(example("digits-tanh-20"), "steps", steps)
    return Sweep(
        experiment=base,
        axes=(
            Axis(field="depth", values=(2, 4)),
            Axis(field="activation", values=("tanh", "relu")),
            Axis(field="seed", values=tuple(range(seeds))),
        ),
    )


def test_every_combination_is_an_experiment_of_its_own():
    found = list(cells(small_sweep()))
    assert len(found) == small_sweep().size == 8
    assert len({identity(experiment) for _, experiment in found}) == 8
    point, experiment = found[-1]
    assert point == (4, "relu", 1)
    assert experiment.feed_forward.depth == 4
    assert experiment.seed == 1
    assert {layer.activation for layer in experiment.feed_forward.layers[:-1]} == {"relu"}


def test_processes_find_what_one_process_finds():
    alone = {row.cell: row for row in run_sweep(small_sweep(1), workers=1)}
    together = {row.cell: row for row in run_sweep(small_sweep(1), workers=2)}
    assert alone == together
    assert len(alone) == 4


def test_what_is_done_is_not_repeated():
    wanted = small_sweep()
    done = {identity(experiment) for _, experiment in list(cells(wanted))[:6]}
    rows = list(run_sweep(wanted, done, workers=1))
    assert len(rows) == 2
    assert not {row.cell for row in rows} & done


def test_a_row_tells_what_the_training_tells():
    from vgdesk.training.loop import Trainer

    experiment = varied(example("digits-relu-20"), "steps", 6)
    row = measured(experiment)
    history = Trainer(experiment).advance(6)
    assert row.loss_first == history.loss[0]
    assert row.loss_last == history.loss[-1]
    assert row.log10_first == history.values("state")[0, 0]
    assert row.outcome is RunOutcome.COMPLETED
    assert 0.0 <= row.accuracy <= 1.0


def test_a_sweep_over_the_length_tells_how_well_a_task_is_learned_against_its_lag():
    base = varied(example("temporal-order-lstm"), "steps", 60)
    rows = list(run_sweep(Sweep(experiment=base, axes=(Axis(field="length", values=(10, 40)),)), workers=1))
    short, long = sorted(rows, key=lambda row: -row.accuracy)
    assert short.cell == identity(varied(base, "length", 10))
    assert short.accuracy > 0.9 > 0.75 > long.accuracy


def test_an_explosion_is_a_row_not_an_error():
    experiment = varied(varied(example("digits-relu-20"), "learning_rate", 1e6), "steps", 50)
    row = measured(experiment)
    assert row.outcome is RunOutcome.NON_FINITE
    assert row.accuracy != row.accuracy


def test_the_table_goes_on_after_a_cut_line_and_ends_in_order(tmp_path):
    path, wanted = tmp_path / "sweep.csv", small_sweep()
    table = SweepFile(path, wanted)
    rows = list(run_sweep(wanted, workers=1))
    for row in reversed(rows[:5]):
        table.add(row)
    with path.open("a") as file:
        file.write("4,relu,1,0123")  # killed in the middle of a line
    again = SweepFile(path, wanted)
    assert again.done == {row.cell for row in rows[:5]}
    for row in run_sweep(wanted, again.done, workers=1):
        again.add(row)
    again.finish()
    lines = read_table(path)
    assert [(int(line["depth"]), line["activation"], int(line["seed"])) for line in lines] == [
        point for point, _ in cells(wanted)
    ]
    assert {line["cell"]: float(line["loss"]) for line in lines} == {row.cell: row.loss for row in rows}


def test_rows_of_a_larger_sweep_stay_in_the_table(tmp_path):
    path = tmp_path / "sweep.csv"
    for wanted in (small_sweep(2), small_sweep(1)):
        table = SweepFile(path, wanted)
        for row in run_sweep(wanted, table.done, workers=1):
            table.add(row)
        table.finish()
    assert len(read_table(path)) == 8


def test_another_table_is_refused_and_stays(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("depth,grade\n1,2\n")
    with pytest.raises(DocumentError, match="another table"):
        SweepFile(path, small_sweep())
    assert path.read_text() == "depth,grade\n1,2\n"


def test_a_killed_command_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "sweep.csv"
    words = ["sweep", "digits-tanh-20", "--vary", "depth=2,3", "--vary", "seed=0:30", "--steps", "200", "--out", path]
    command = [sys.executable, "-m", "vgdesk", *map(str, words)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: path.exists() and path.read_text().count("\n") >= 4, "no three rows came")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    survived = path.read_text().count("\n") - 1
    assert survived >= 3
    finished = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    found = msgspec.json.decode(finished.stdout)
    assert found["rows"] == 60
    assert found["found"] >= 3
    assert found["trained"] + found["found"] == 60
    cells_of = [line["cell"] for line in read_table(path)]
    assert len(cells_of) == len(set(cells_of)) == 60


def _address(file: Path) -> str:
    """Returns what a scheduler wrote; "" where it has not, or is only half through."""
    try:
        return msgspec.json.decode(file.read_bytes())["address"]
    except (FileNotFoundError, msgspec.DecodeError):
        return ""


@pytest.fixture
def cluster(tmp_path):
    """Starts a real Dask scheduler and two real workers on loopback; returns its address and the workers."""
    pytest.importorskip("distributed")
    name, processes = tmp_path / "scheduler.json", []

    def start(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *words]
        if words[0] == "worker":
            command = [sys.executable, "-m", "distributed.cli.dask_worker", *words[1:]]
        with (tmp_path / f"log{len(processes)}").open("w") as log:
            process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stdout=log, stderr=log)
        processes.append(process)
        return process

    quiet = ("--no-dashboard", "--host", "127.0.0.1")
    start("--scheduler-file", str(name), "--port", "0", *quiet)
    wait_until(lambda: bool(_address(name)), "no scheduler tells its address")
    address = _address(name)
    workers = [
        start("worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path), *quiet)
        for _ in range(2)
    ]
    yield address, workers
    for process in reversed(processes):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_cluster_loses_nothing_and_counts_nothing_twice_when_a_worker_is_killed(cluster):
    address, workers = cluster
    wanted = small_sweep(seeds=10, steps=40)
    rows = []
    for row in run_sweep(wanted, scheduler=address):
        rows.append(row)
        if len(rows) == 3:
            os.killpg(workers[0].pid, signal.SIGKILL)
    assert len(rows) == wanted.size == 40
    assert len({row.cell for row in rows}) == 40
    here = {row.cell: row for row in run_sweep(small_sweep(seeds=1, steps=40), workers=1)}
    there = {row.cell: row for row in rows}
    assert all(there[cell] == row for cell, row in here.items())


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(sweep, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(WorkerError, match="no Dask scheduler answers at"):
        next(run_sweep(small_sweep(1), scheduler="tcp://127.0.0.1:1"))


def test_an_address_that_is_none_is_said():
    pytest.importorskip("distributed")
    with pytest.raises((WorkerError, SpecError), match="no Dask scheduler"):
        next(run_sweep(small_sweep(1), scheduler="nonsense://here"))


def test_rows_cross_process_borders_as_they_are():
    experiment: Path | object = varied(example("digits-tanh-20"), "steps", 2)
    row = measured(experiment)
    assert msgspec.json.decode(msgspec.json.encode(row), type=type(row)) == row


def test_a_row_has_the_gain_from_the_output_to_the_input_as_a_diagnosis_has_it():
    experiment = varied(varied(example("digits-tanh-20"), "steps", 5), "depth", 3)
    row, history = measured(experiment), Trainer(experiment).advance(1)
    whole = diagnose(history, experiment)
    assert "the network's input" in whole.basis
    assert row.log10_gain == pytest.approx(whole.log10_gamma, abs=1e-12)
