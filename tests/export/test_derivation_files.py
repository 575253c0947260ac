"""A derivation becomes a file of the kind its suffix names."""

import re
from pathlib import Path

import pytest

from tests.derivations import insurance_derivation
from vgdesk.errors import ExportError
from vgdesk.export.derivation import DERIVATION_SUFFIXES, export_derivation
from vgdesk.present.sheet import equation_sheet

SHEET = equation_sheet(insurance_derivation())
BEGINNINGS = {
    ".tex": b"% Will",
    ".svg": b"<svg",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".pdf": b"%PDF-",
    ".txt": b"Will this",
    ".typ": b"#heading",
    ".mml": b"<article",
}


@pytest.mark.parametrize("suffix", DERIVATION_SUFFIXES)
def test_file_is_of_the_kind_its_suffix_names(tmp_path: Path, suffix: str):
    export_derivation(SHEET, tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes().startswith(BEGINNINGS[suffix])


@pytest.mark.parametrize("suffix", DERIVATION_SUFFIXES)
def test_same_sheet_gives_the_same_file(tmp_path: Path, suffix: str):
    export_derivation(SHEET, tmp_path / f"a{suffix}")
    export_derivation(equation_sheet(insurance_derivation()), tmp_path / f"b{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_ink_colours_never_reach_a_file(tmp_path: Path):
    export_derivation(SHEET, tmp_path / "a.svg")
    colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', (tmp_path / "a.svg").read_text()))
    assert not colours & {ink for step in SHEET.steps for line in step.lines for ink, _ in line.inks}
    assert "#000000" in colours


def test_unknown_suffix_lists_the_known_ones_and_writes_nothing(tmp_path: Path):
    with pytest.raises(
        ExportError, match=r"'\.docx' is not a known format; use one of \.tex, \.typ, \.mml, \.svg, \.png, \.pdf, \.txt"
    ):
        export_derivation(SHEET, tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


def test_latex_is_a_fragment_that_says_how_it_is_used(tmp_path: Path):
    export_derivation(SHEET, tmp_path / "a.tex")
    latex = (tmp_path / "a.tex").read_text(encoding="utf-8")
    assert r"\usepackage{amsmath}" in latex
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") == 1
    assert "" not in latex.rstrip("\n").split("\n"), "an empty line ends align* with an error"
