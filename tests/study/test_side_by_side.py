"""Processes side by side: Ctrl-C is the business of whoever started them, from their first moment on."""

import signal
import subprocess
import sys

import pytest

from tests.patience import SECONDS
from vgdesk.study.side_by_side import side_by_side

# A worker imports the program that started it before it runs anything: that is when Ctrl-C used to tear it apart.
PROGRAM = """
import signal
from vgdesk.study.side_by_side import side_by_side

if __name__ == "__mp_main__":
    signal.raise_signal(signal.SIGINT)

def job(payload):
    return payload.upper()

if __name__ == "__main__":
    print(sorted(side_by_side(job, [b"a", b"b"], workers=2)))
    print(signal.pthread_sigmask(signal.SIG_BLOCK, []) == set())
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="the system has no masks of signals")
def test_ctrl_c_does_not_reach_a_worker_that_still_starts(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "[(0, b'A'), (1, b'B')]\nTrue\n"


# One job is done at once, the other one never asks whether anybody waits for it.
DEAF = """
import time
from vgdesk.study.side_by_side import side_by_side

def job(payload):
    if payload == b"deaf":
        time.sleep(3600)
    return payload

if __name__ == "__main__":
    running = side_by_side(job, [b"deaf", b"quick"], workers=2)
    print(next(running))
    running.close()
    print("closed")
"""


def test_a_job_that_does_not_ask_whether_it_is_stopped_is_ended_with_its_process(tmp_path):
    (tmp_path / "program.py").write_text(DEAF)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "(1, b'quick')\nclosed\n"


# The others wait for the word to stop when one dies; giving it must not wait for the one that is gone.
DYING = """
import os, time
from vgdesk.errors import WorkerError
from vgdesk.study.side_by_side import side_by_side

def job(payload):
    if payload == b"dies":
        os._exit(3)
    time.sleep(0.5)
    return payload

if __name__ == "__main__":
    try:
        list(side_by_side(job, [b"quick", b"dies", b"quick"], workers=2))
    except WorkerError as error:
        print(error)
"""


def test_a_process_that_dies_is_told_instead_of_waited_for(tmp_path):
    (tmp_path / "program.py").write_text(DYING)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.stdout == "a process that trained was ended from outside, perhaps for want of memory\n"
    assert (done.returncode, done.stderr) == (0, "")


# The process that waits for the jobs is killed in the middle of them, as the window kills the one of a long job.
KILLED = """
import multiprocessing, os, time
from vgdesk.study.side_by_side import side_by_side

def job(payload):
    time.sleep(0.0 if payload == b"quick" else 3600.0)
    return payload

def work(line):
    for done in side_by_side(job, [b"slow", b"quick", b"slow"], workers=2):
        line.send(done)

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there,))
    process.start()
    there.close()
    print(here.recv())
    process.kill()
    process.join()
"""


def test_nothing_is_left_to_the_system_where_the_process_that_waits_is_killed(tmp_path):
    (tmp_path / "program.py").write_text(KILLED)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "(1, b'quick')\n"


# What a job raises comes through, whether it can be sent as it is (a sentence for the user) or not.
RAISING = """
from vgdesk.errors import SpecError
from vgdesk.study.side_by_side import side_by_side

class Odd(Exception):
    def __init__(self, one, other):
        super().__init__(f"{one} and {other}")

def job(payload):
    raise {b"spec": SpecError("width is 0"), b"file": OSError("disk full"), b"odd": Odd("this", "that")}[payload]

if __name__ == "__main__":
    for payload in (b"spec", b"file", b"odd"):
        try:
            list(side_by_side(job, [payload] * 2, workers=2))
        except Exception as error:
            print(type(error).__name__, error, "in job" in error.__notes__[0])
"""


def test_what_a_job_raises_comes_through_with_the_place_where_it_was_raised(tmp_path):
    (tmp_path / "program.py").write_text(RAISING)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "SpecError width is 0 True\nOSError disk full True\nRuntimeError Odd: this and that True\n"


def test_a_process_that_cannot_be_started_is_not_waited_for():
    with pytest.raises(Exception, match="pickle"):
        list(side_by_side(lambda payload: payload, [b"a", b"b"], workers=2))
