"""`vgdesk examples`, `vgdesk doctor` and `--version`."""

import json

from vgdesk import __version__
from vgdesk.cli import display
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.reading import experiment_from_json


def test_examples_lists_every_bundled_experiment(vgdesk):
    out = vgdesk("examples").out
    assert all(name in out for name in EXAMPLES)


def test_an_example_printed_as_json_reads_back_as_itself(vgdesk):
    assert experiment_from_json(vgdesk("examples", "mazur").out) == example("mazur")


def test_an_example_is_written_to_a_file_or_printed_on_one_line(vgdesk, tmp_path):
    assert vgdesk("examples", "mazur", "--out", "mine.json").out == "wrote mine.json\n"
    line = vgdesk("examples", "mazur", "--json").out
    assert line.count("\n") == 1
    assert experiment_from_json((tmp_path / "mine.json").read_bytes()) == experiment_from_json(line) == example("mazur")


def test_doctor_json_holds_versions_and_whether_a_window_can_open(vgdesk):
    answer = json.loads(vgdesk("doctor", "--json").out)
    assert answer["vgdesk"] == __version__
    assert answer["packages"]["numpy"]
    assert {"missing_libraries", "no_window"} <= set(answer)


def test_version_is_the_package_version(vgdesk):
    assert vgdesk("--version").out == f"vgdesk {__version__}\n"


def test_doctor_names_every_dependency(vgdesk):
    out = vgdesk("doctor").out
    assert all(package in out for package in ("numpy", "sympy", "numba", "PySide6-Essentials", "typst"))


def test_missing_libraries_become_the_apt_line(monkeypatch):
    monkeypatch.setattr(display, "_loads", lambda library: "EGL" not in library)
    monkeypatch.setattr(display.sys, "platform", "linux")
    assert display.install_line(display.missing_packages(offscreen=True)) == "sudo apt-get install libegl1"


def test_where_qt_is_not_installed_that_is_the_reason(monkeypatch):
    monkeypatch.setattr(display.importlib.util, "find_spec", lambda name: None)
    assert "PySide6 (Qt for Python) is not installed" in display.no_window_reason()


def test_without_qt_a_picture_of_the_window_is_refused_with_that_reason(vgdesk, monkeypatch, tmp_path):
    monkeypatch.setattr(display.importlib.util, "find_spec", lambda name: None)
    done = vgdesk("--screenshot", "window.png")
    assert done.status == 2
    assert done.err.startswith("vgdesk: cannot render the window: PySide6 (Qt for Python) is not installed")
    assert not (tmp_path / "window.png").exists()
