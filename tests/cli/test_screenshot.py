"""`vgdesk --screenshot`: the real window as a file, or a clean end."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.waiting import wait_until
from tests.patience import SECONDS

pytestmark = pytest.mark.skipif(importlib.util.find_spec("PySide6") is None, reason="needs Qt")


def start(tmp_path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "vgdesk", "--screenshot", "window.png", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_screenshot_says_what_was_written(tmp_path):
    process = start(tmp_path, "--steps", "0", "--json")
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    size = (tmp_path / "window.png").stat().st_size
    assert json.loads(out) == {"kind": "screenshot", "file": "window.png", "bytes": size, "replaced": False}


def test_the_training_settings_are_in_the_picture_when_asked_for(tmp_path):
    pictures = []
    for arguments in ((), ("--settings",)):
        process = start(tmp_path, "--steps", "0", *arguments)
        assert process.communicate(timeout=SECONDS)[1] == ""
        pictures.append((tmp_path / "window.png").read_bytes())
    assert pictures[0] != pictures[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_screenshot_interrupted_in_the_terminal_is_cancelled_with_all_its_processes(tmp_path):
    process = start(tmp_path, "--steps", "100000")
    wait_until(lambda: bool(_children(process.pid)), "it starts no process")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (130, "", "vgdesk: cancelled\n")
    assert list(tmp_path.iterdir()) == []


def _children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()
