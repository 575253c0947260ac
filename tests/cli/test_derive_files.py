"""`vgdesk derive` into files and pipes."""

import json
import runpy
import subprocess
import sys

import pytest

from vgdesk.export.derivation import export_derivation
from vgdesk.present.sheet import equation_sheet
from vgdesk.spec.library import example
from vgdesk.study.derive import derive

BEGINNINGS = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.mark.parametrize("picture", BEGINNINGS)
def test_a_picture_goes_into_a_pipe_byte_for_byte_as_into_a_file(picture, tmp_path):
    command = [sys.executable, "-m", "vgdesk", "derive", "insurance", "--wrt", "w1", "--format", picture]
    piped = subprocess.run(command, capture_output=True, check=True).stdout
    assert piped.startswith(BEGINNINGS[picture])
    file = tmp_path / f"steps.{picture}"
    export_derivation(equation_sheet(derive(example("insurance"), "w1")), file)
    assert piped == file.read_bytes()


def test_a_derivation_is_written_where_out_says(vgdesk, tmp_path):
    file = tmp_path / "steps.json"
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--json", "--out", str(file))
    assert done.out == f"wrote {file}\n"
    assert json.loads(file.read_text())["wrt"] == "w1"


def test_a_written_program_prints_the_gradient(vgdesk, tmp_path, capsys):
    file = tmp_path / "gradient.py"
    vgdesk("derive", "insurance", "--wrt", "w1", "--format", "numpy", "--out", str(file))
    capsys.readouterr()
    runpy.run_path(str(file), run_name="__main__")
    assert float(capsys.readouterr().out.split()[-1]) == pytest.approx(0.0015, rel=1e-12)


def test_a_file_with_the_ending_of_another_format_is_refused(vgdesk, tmp_path):
    file = tmp_path / "steps.svg"
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--format", "pdf", "--out", str(file))
    assert done.status != 0
    assert "'.svg' is not a known format; use one of .pdf" in done.err
    assert not file.exists()
