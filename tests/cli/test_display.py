"""Whether a window can open is asked before Qt is loaded, because Qt would abort."""

import importlib.util
import shutil
import socket
import subprocess
import sys

import pytest

from vgdesk.cli.display import no_window_reason

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display"),
    pytest.mark.skipif(importlib.util.find_spec("PySide6") is None, reason="without Qt that is the reason"),
]


@pytest.fixture
def environment(monkeypatch):
    """Returns a function that sets the variables a display is known by, and no others."""

    def put(**variables: str) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"),
        ({"DISPLAY": ":4711"}, "no display answers at DISPLAY=:4711"),
        ({"DISPLAY": "garbage"}, "no display answers at DISPLAY=garbage"),
        ({"DISPLAY": "localhost:47110000"}, "no display answers at DISPLAY=localhost:47110000"),
        ({"WAYLAND_DISPLAY": "nope"}, "no display answers at WAYLAND_DISPLAY=nope"),
        (
            {"WAYLAND_DISPLAY": "nope", "DISPLAY": ":4711"},
            "no display answers at DISPLAY=:4711 and WAYLAND_DISPLAY=nope",
        ),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "nope"}, "QT_QPA_PLATFORM=xcb has no display"),
        ({"QT_QPA_PLATFORM": "pink"}, "QT_QPA_PLATFORM must be one of "),
    ],
)
def test_a_display_that_does_not_answer_is_named(environment, variables, reason):
    environment(**variables)
    assert no_window_reason().startswith(reason)


def test_drawing_into_memory_needs_no_display(environment):
    environment(QT_QPA_PLATFORM="offscreen", DISPLAY=":4711")
    assert "display" not in no_window_reason()


def test_a_wayland_display_that_listens_is_enough(environment, tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        environment(WAYLAND_DISPLAY=str(tmp_path / "wayland-7"), DISPLAY=":4711")
        assert "display" not in no_window_reason()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server")
def test_an_x_server_that_answers_is_enough_even_where_wayland_is_silent(environment):
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        environment(WAYLAND_DISPLAY="nope", DISPLAY=f":{server.stdout.readline().strip()}")
        reason = no_window_reason()
        server.terminate()
    assert "display" not in reason
