"""`vgdesk derive`: every view in every format, each read by something that reads that format."""

import json
import math
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
import typst
from matplotlib.image import imread

from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.library import example
from vgdesk.study.derive import derive

NETWORKS = {"insurance": "w1", "four-steps-lstm": "u1"}
PROGRAMS = ("numpy", "sympy")


def value_of(network: str) -> float:
    return derive(example(network), NETWORKS[network]).value


def is_json(path, network):
    assert json.loads(path.read_text())["value"] == pytest.approx(value_of(network), rel=1e-12)


def is_markup(path, network):
    assert ET.fromstring(path.read_text()).tag.endswith("article")


def is_typst(path, network):
    assert typst.Compiler().compile(input=path.read_bytes(), format="pdf").startswith(b"%PDF")


def is_latex(path, network):
    text = path.read_text()
    assert text.count("\\begin{") == text.count("\\end{") > 0
    formulas = [line for line in text.splitlines() if not line.startswith("%")]
    assert all(line.isascii() and line.count("{") == line.count("}") for line in formulas)


def is_text(path, network):
    assert NETWORKS[network] in path.read_text().splitlines()[0]


def is_spoken(path, network):
    letter, number = NETWORKS[network]
    assert f"the gradient of L by {letter} {number}" in path.read_text().splitlines()[0]


def is_svg(path, network):
    assert ET.fromstring(path.read_text()).tag.endswith("svg")


def is_png(path, network):
    assert imread(path).shape[1] > 300


def is_pdf(path, network):
    assert path.read_bytes().startswith(b"%PDF")


READERS = {
    "text": ("txt", is_text), "latex": ("tex", is_latex), "typst": ("typ", is_typst), "mathml": ("mml", is_markup),
    "spoken": ("txt", is_spoken), "json": ("json", is_json), "svg": ("svg", is_svg), "png": ("png", is_png),
    "pdf": ("pdf", is_pdf),
}  # fmt: skip


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("form", READERS)
def test_every_view_is_written_in_every_format(vgdesk, tmp_path, network, view, form):
    suffix, read = READERS[form]
    out = tmp_path / f"derivation.{suffix}"
    wrt = NETWORKS[network]
    done = vgdesk("derive", network, "--wrt", wrt, "--view", view, "--format", form, "--out", out)
    assert (done.status, done.err) == (0, "")
    read(out, network)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("form", PROGRAMS)
def test_a_program_prints_the_same_gradient_whatever_the_view(vgdesk, network, form):
    programs = {
        vgdesk("derive", network, "--wrt", NETWORKS[network], "--view", view, "--format", form).out for view in VIEWS
    }
    assert len(programs) == 1
    printed = subprocess.run([sys.executable, "-c", programs.pop()], capture_output=True, text=True, check=True).stdout
    assert math.isclose(float(printed), value_of(network), rel_tol=1e-12)
