"""However a command ends, it leaves an exit status and at most one sentence; never a traceback."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SECONDS

posix = pytest.mark.skipif(os.name != "posix", reason="signals and /dev are those of POSIX")


def start(*arguments: str, **options) -> subprocess.Popen:
    environment = {**os.environ, **options.pop("environment", {})}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-m", "vgdesk", *arguments], env=environment, **streams)


def finish(process: subprocess.Popen) -> tuple[int, bytes, str]:
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out, err.decode()


def python(code: str, **options) -> tuple[int, bytes, str]:
    """Runs a job, given as the body of a function, through the door."""
    body = "\n".join(f"    {line}" for line in code.splitlines())
    script = f"import os, signal, sys\nfrom vgdesk.cli.door import guarded\ndef job():\n{body}\nsys.exit(guarded(job))"
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return finish(subprocess.Popen([sys.executable, "-c", script], **streams))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "ascii:strict"])
def test_an_encoding_without_our_characters_gets_escapes(encoding):
    status, out, err = finish(
        start("derive", "insurance", "--wrt", "w1", environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    )
    assert (status, err) == (0, "")
    assert rb"\u2202L/\u2202w" in out


def test_json_is_ascii_whatever_the_encoding(vgdesk):
    out = vgdesk("derive", "insurance", "--wrt", "w1", "--json").out
    assert out.isascii()
    assert json.loads(out)["factors"][1]["symbol"] == "∂Awareness/∂w₁"


@posix
def test_a_full_disk_is_one_sentence():
    with Path("/dev/full").open("w") as full:
        status, _, err = finish(start("examples", stdout=full))
    assert (status, err) == (2, "vgdesk: cannot write the output: no space left on device\n")


@posix
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("sys.stdout.write('a')\nreturn 0", 0),
        ("sys.stdout.write('a')\nreturn 1", 1),
        ("sys.stdout.write('a')\nsys.stdout.flush()\nreturn 1", 141),
    ],
    ids=["done", "failed", "not done"],
)
def test_a_reader_who_went_away_is_no_failed_check(code, status):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert python(code, stdout=writing, env={**os.environ, "PYTHONUNBUFFERED": ""})[::2] == (status, "")
    finally:
        os.close(writing)


@posix
def test_closed_streams_do_not_matter():
    command = f"'{sys.executable}' -m vgdesk"
    assert subprocess.run(f"{command} examples >&-", shell=True, stderr=subprocess.PIPE).stderr == b""
    assert subprocess.run(f"{command} fly 2>&-", shell=True).returncode == 2


@posix
def test_an_interrupt_is_one_sentence_and_status_130():
    assert python("os.kill(os.getpid(), signal.SIGINT)") == (130, b"", "vgdesk: cancelled\n")


@posix
def test_an_interrupt_inside_a_callback_from_compiled_code_is_not_lost():
    code = """
import ctypes
from vgdesk.cli.door import insist_on_interrupts
insist_on_interrupts()
callback = ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), signal.SIGINT))
callback()
signal.pause()
""".strip()
    assert python(code) == (130, b"", "vgdesk: cancelled\n")


@posix
def test_an_interrupt_that_a_module_of_compiled_code_meets_while_it_is_imported_is_none_of_its_errors():
    code = """
from vgdesk.cli.door import insist_on_interrupts
insist_on_interrupts()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    raise ImportError("initialization failed") from None
""".strip()
    assert python(code) == (130, b"", "vgdesk: cancelled\n")


@posix
def test_an_interrupted_training_keeps_what_it_recorded(tmp_path):
    code = """
import threading
from vgdesk.cli import training
from vgdesk.cli.commands import dispatch
advance, calls = training.Progress.advance, []
def advance_and_interrupt(progress, task, steps):
    advance(progress, task, steps)
    calls.append(steps)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGINT)
training.Progress.advance = advance_and_interrupt
return dispatch(["train", "insurance", "--steps", "1000000", "--out", "run.json"])
""".strip()
    status, out, err = python(code, cwd=tmp_path)
    assert (status, out) == (130, b"")
    history = json.loads((tmp_path / "run.json").read_text())["history"]
    steps = len(history["loss"])
    assert err == f"vgdesk: cancelled; the {steps} steps recorded so far are in run.json\n"
    assert history["outcome"] == "cancelled"
    assert 1 <= steps < 1_000_000


@posix
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_the_plain_start_ends_like_every_command_when_it_is_interrupted(tmp_path):
    environment = {"DISPLAY": ":4711", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "", "PYTHONUNBUFFERED": "1"}
    process = start(cwd=tmp_path, environment=environment)
    assert process.stdout.readline().startswith(b"No window opened: ")
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert (status, err) == (130, "vgdesk: cancelled\n")
