"""Typst is asked safely: no files, no network, one compiler per thread, the same bytes every time."""

import subprocess
import sys
import threading

import pytest

from tests.derivations import insurance_derivation
from vgdesk.errors import ExportError
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.sheet import equation_sheet

SHEET = equation_sheet(insurance_derivation())


def test_each_line_is_one_picture_in_order():
    wide, narrow = Typesetter(12).svg(["a + b + c + d", "a"])
    assert wide.startswith("<svg")
    assert len(wide) > len(narrow)


def test_no_lines_are_no_pictures():
    assert Typesetter(12).svg([]) == []


def test_refused_source_is_an_export_error():
    with pytest.raises(ExportError, match="could not typeset"):
        Typesetter(12).svg(["unknownword"])


@pytest.mark.parametrize(
    "source", ['#read("/etc/hostname")', '#import "@preview/cetz:0.3.4": canvas', '#include "/etc/hosts"']
)
def test_nothing_outside_can_be_reached(source: str):
    with pytest.raises(ExportError):
        Typesetter(12).svg([source])


def test_threads_do_not_disturb_one_another():
    typesetter, results = Typesetter(12), list[str]()
    threads = [threading.Thread(target=lambda: results.extend(typesetter.svg(["x^2"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == typesetter.svg(["x^2"]) * 4


@pytest.mark.parametrize("file_format", ["svg", "png", "pdf"])
def test_same_sheet_gives_the_same_bytes(file_format):
    first = Typesetter(11).sheet(SHEET, file_format)
    assert Typesetter(11).sheet(SHEET, file_format) == first


def test_typst_is_imported_only_when_something_is_typeset():
    code = "import sys, vgdesk.export.typesetting as t; t.Typesetter(9); sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
