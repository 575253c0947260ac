"""Processes that end: nothing drawn is lost, nothing is left over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.engine.waiting import last, poll_until, rows, wait_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import RowsRecorded, RunFinished, WorkerDied
from vgdesk.engine.process import WorkerProcess
from vgdesk.engine.studies import FormatsJob
from vgdesk.records.history import RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example

needs_proc = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at /proc")

USE_AND_CLOSE = """
import multiprocessing, sys, time
from vgdesk.engine.client import Engine
from vgdesk.engine.events import DerivationReady, RunFinished
from vgdesk.spec.library import example

if __name__ == "__main__":
    engine, seen = Engine(), set()
    engine.train(example("insurance"), speed=None)
    engine.derive(example("insurance"), "w1")
    while not {RunFinished, DerivationReady} <= seen:
        seen |= {type(event) for event in engine.poll()}
        time.sleep(0.01)
    pids = engine.pids
    engine.close()
    engine.close()
    heavy = [name for name in ("numba", "sympy", "scipy", "PySide6") if name in sys.modules]
    print(len(pids) >= 2, engine.pids, multiprocessing.active_children(), heavy)
"""

USE_AND_CRASH = """
from vgdesk.engine.client import Engine

if __name__ == "__main__":
    engine = Engine()
    engine.start_numeric()
    engine.start_symbolic()
    raise SystemExit(3)
"""

START_AND_WAIT = """
import time
from vgdesk.__main__ import main
from vgdesk.engine.client import Engine
from vgdesk.engine.events import DerivationReady, RowsRecorded
from vgdesk.spec.library import example

if __name__ == "__main__":
    engine, seen = Engine(), set()
    engine.train(example("digits-sigmoid-20"), speed=1.0)
    engine.derive(example("insurance"), "w1")
    while not {RowsRecorded, DerivationReady} <= seen:
        seen |= {type(event) for event in engine.poll()}
        time.sleep(0.01)
    print(*engine.pids, flush=True)
    time.sleep(600)
"""


def endless() -> Experiment:
    experiment = example("digits-sigmoid-20")
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, steps=10_000_000))


def has_ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"  # dead, only not yet collected by its new parent


def test_killed_run_keeps_its_rows_and_the_next_run_works(engine: Engine) -> None:
    engine.train(endless(), speed=None)
    events = poll_until(engine, RowsRecorded)
    engine.kill()
    events += poll_until(engine, WorkerDied)
    kept = rows(events).rows
    ended = f"The training process was ended on request. The {kept} recorded steps are kept; it has been restarted."
    assert last(events, WorkerDied).sentence == ended
    assert not last(events, WorkerDied).run_follows
    engine.train(example("insurance"), speed=None)
    assert last(poll_until(engine, RunFinished), RunFinished).outcome is RunOutcome.COMPLETED


def test_run_asked_for_right_after_a_kill_is_not_lost(engine: Engine) -> None:
    engine.train(endless(), speed=None)
    poll_until(engine, RowsRecorded)
    engine.kill()
    generation = engine.train(example("insurance"), speed=None)
    events = poll_until(engine, RunFinished)
    assert last(events, WorkerDied).run_follows
    assert last(events, RunFinished) == RunFinished(generation, RunOutcome.COMPLETED)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_process_that_dies_by_itself_is_reported_with_its_exit_code(engine: Engine) -> None:
    engine.train(endless(), speed=None)
    events = poll_until(engine, RowsRecorded)
    os.kill(engine.pids[0], signal.SIGKILL)
    events += poll_until(engine, WorkerDied)
    death = last(events, WorkerDied)
    assert (death.worker, death.exitcode) == ("numeric", -9)
    how = "The training process stopped unexpectedly (exit code -9). "
    assert death.sentence == f"{how}The {rows(events).rows} recorded steps are kept; it has been restarted."


def test_closed_engine_leaves_no_process_no_shared_memory_and_no_warning(tmp_path: Path) -> None:
    script = tmp_path / "use.py"
    script.write_text(USE_AND_CLOSE)
    done = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, text=True, check=False)
    # Python's resource tracker writes to stderr about shared memory that was left or removed twice.
    assert (done.stdout, done.stderr, done.returncode) == ("True [] [] []\n", "", 0)


def test_what_is_asked_of_a_closed_engine_starts_no_process() -> None:
    engine = Engine()
    engine.close()
    engine.train(example("insurance"), speed=None)
    engine.derive(example("insurance"), "w1")
    engine.study(FormatsJob(experiment=example("insurance")))
    assert engine.poll() == []
    assert engine.pids == []


def test_program_that_ends_without_closing_leaves_no_warning_either(tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(USE_AND_CRASH)
    done = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 3)


@needs_proc
def test_killed_window_leaves_no_processes_and_workers_never_load_qt(tmp_path: Path) -> None:
    script = tmp_path / "wait.py"
    script.write_text(START_AND_WAIT)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as window:
        assert window.stdout is not None
        pids = [int(pid) for pid in window.stdout.readline().split()]
        assert len(pids) >= 2
        assert not any("Qt6" in Path(f"/proc/{pid}/maps").read_text() for pid in pids)
        window.kill()
    wait_until(lambda: all(has_ended(pid) for pid in pids), f"of {pids} some still run")


def test_importing_the_client_imports_nothing_heavy() -> None:
    code = (
        "import sys, vgdesk.engine.client; "
        "print([name for name in ('numba', 'sympy', 'scipy', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@needs_proc
def test_ctrl_c_in_a_terminal_is_held_back_from_a_worker_that_still_starts_and_from_it_alone():
    worker = WorkerProcess("sleeper", time.sleep, 60)
    try:
        assert signal.SIGINT in _blocked(worker.pid)
        assert signal.SIGINT not in _blocked(os.getpid())
    finally:
        worker.kill()


def _blocked(pid: int) -> set[int]:
    """Returns the numbers of the signals that a process holds back."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigBlk:"))
    mask = int(line.split()[1], 16)
    return {number + 1 for number in range(64) if mask >> number & 1}
