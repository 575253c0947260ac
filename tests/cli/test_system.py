"""`vgdesk examples`, `vgdesk doctor` and `--version`."""

from vgdesk import __version__
from vgdesk.cli import display
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.reading import experiment_from_json


def test_examples_lists_every_bundled_experiment(vgdesk):
    out = vgdesk("examples").out
    assert all(name in out for name in EXAMPLES)


def test_an_example_printed_as_json_reads_back_as_itself(vgdesk):
    assert experiment_from_json(vgdesk("examples", "mazur").out) == example("mazur")


def test_version_is_the_package_version(vgdesk):
    assert vgdesk("--version").out == f"vgdesk {__version__}\n"


def test_doctor_names_every_dependency(vgdesk):
    out = vgdesk("doctor").out
    assert all(package in out for package in ("numpy", "sympy", "numba", "PySide6-Essentials", "typst"))


def test_missing_libraries_become_the_apt_line(monkeypatch):
    monkeypatch.setattr(display, "_loads", lambda library: "EGL" not in library)
    monkeypatch.setattr(display.sys, "platform", "linux")
    assert display.install_line(display.missing_packages(offscreen=True)) == "sudo apt-get install libegl1"
