"""Figures and tables are files other programs read; the same scene gives the same bytes."""

import csv
import hashlib
import io
import json
import math
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.histories import history, profile, vanishing_history
from vgdesk.errors import ExportError
from vgdesk.export.figure import export_heatmap, export_loss, export_profile
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.loss import loss_scene
from vgdesk.present.profile import profile_scene
from vgdesk.records.evaluation import evaluation_rows

RUN = vanishing_history(700, 20)
MARKED = profile([-math.inf, math.nan, math.inf, -400.0, -9.25, -1.5])
MEASURED = history(
    [2.0, 1.5, 1.2, 1.0, 0.9],
    evaluations=evaluation_rows([(0, 2.5, 0.25, 0.125), (2, 1.6, 0.5, 0.25), (4, math.nan, 0.5, math.nan)]),
)
KINDS: dict[str, tuple[Callable[..., None], Any]] = {
    "profile": (export_profile, profile_scene(RUN.profile(), "Sigmoid, 20 layers × 16", "step 699")),
    "marked": (export_profile, profile_scene(MARKED, "With marks & <signs> $x$", "")),
    "symbolic": (export_profile, profile_scene(profile([-3.0, -1.0], "symbolic"), "Chain", "exact")),
    "theory": (export_profile, profile_scene(profile([-3.0, -1.0], "theory"), "Chain", "predicted")),
    "single": (export_profile, profile_scene(profile([-2.0]), "One layer", "")),
    "deep": (export_profile, profile_scene(profile(np.linspace(-9000, 9000, 1000).tolist()), "Deep", "")),
    "heatmap": (export_heatmap, heatmap_scene(RUN, "Sigmoid, 20 layers × 16")),
    "blank-cells": (export_heatmap, heatmap_scene(history([1.0], [[-math.inf, -1.0]]), "Blank")),
    "no-heatmap": (export_heatmap, heatmap_scene(history([]), "Nothing yet")),
    "loss": (export_loss, loss_scene(RUN, "mse", "Sigmoid, 20 layers × 16")),
    "huge-loss": (export_loss, loss_scene(history([1.0, 1.7e308, math.inf]), "mse", "Diverging")),
    "held-out-loss": (export_loss, loss_scene(MEASURED, "mse", "Digits")),
    "tiny-loss": (export_loss, loss_scene(history([5e-324, 0.0]), "mse", "Tiny")),
    "no-loss": (export_loss, loss_scene(history([]), "mse", "Nothing yet")),
}


def exported(kind: str, suffix: str, folder: Path) -> bytes:
    export, scene = KINDS[kind]
    path = folder / f"{kind}{suffix}"
    export(scene, path)
    return path.read_bytes()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def test_only_a_measured_run_has_a_dashed_line(tmp_path: Path):
    assert b"stroke-dasharray" in exported("held-out-loss", ".svg", tmp_path)
    assert b"stroke-dasharray" not in exported("loss", ".svg", tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_png_has_its_signature_and_the_width_of_a_page(kind: str, tmp_path: Path):
    content = exported(kind, ".png", tmp_path)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert width == 1280
    assert 500 <= height <= 900


@pytest.mark.parametrize("kind", KINDS)
def test_svg_is_well_formed_and_carries_its_letters_as_outlines(kind: str, tmp_path: Path):
    root = ElementTree.fromstring(exported(kind, ".svg", tmp_path))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.get("viewBox", "").startswith("0 0 460.8 ")
    assert "path" in tags
    assert "text" not in tags


def test_loss_table_of_a_measured_run_has_empty_cells_between_measurements(tmp_path: Path):
    header, *rows = rows_of(exported("held-out-loss", ".csv", tmp_path))
    assert header == ["step", "loss", "smoothed", "held_out_loss", "accuracy", "held_out_accuracy"]
    assert rows[0][3:] == ["2.5", "0.25", "0.125"]
    assert rows[1][3:] == ["", "", ""]
    assert rows[4][3:] == ["", "0.5", ""]


def test_a_held_out_loss_that_was_measured_and_is_not_finite_stands_in_the_table(tmp_path: Path):
    rows = [(0, math.inf, 0.5, math.nan, math.nan, math.nan, 4.0), (1, math.inf, 0.5, 0.25)]
    counted, older = (
        loss_scene(history([1.0, 2.0], evaluations=evaluation_rows([row])), "mse", "Diverged") for row in rows
    )
    export_loss(counted, tmp_path / "counted.csv")
    export_loss(older, tmp_path / "older.csv")
    assert rows_of((tmp_path / "counted.csv").read_bytes())[1][3:] == ["nan", "0.5", ""]
    assert rows_of((tmp_path / "older.csv").read_bytes())[2][3:] == ["nan", "0.5", "0.25"]


@pytest.mark.parametrize("kind", ["profile", "heatmap", "loss"])
def test_pdf_is_complete_and_undated(kind: str, tmp_path: Path):
    content = exported(kind, ".pdf", tmp_path)
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"Date" not in content


def test_svg_is_undated_and_names_no_machine(tmp_path: Path):
    content = exported("profile", ".svg", tmp_path)
    assert b"dc:date" not in content
    assert not re.search(rb"/(home|usr|tmp|root)/", content)


def test_alert_bars_are_told_apart_without_colour(tmp_path: Path):
    assert b"url(#h" in exported("profile", ".svg", tmp_path)
    assert b"url(#h" not in exported("symbolic", ".svg", tmp_path)


def test_profile_table_reads_back_exactly(tmp_path: Path):
    header, *rows = rows_of(exported("profile", ".csv", tmp_path))
    assert header == ["layer", "log10_gradient_norm", "gradient_norm", "mark"]
    assert [int(row[0]) for row in rows] == list(range(1, 21))
    assert [float(row[1]) for row in rows] == RUN.profile().log10_norm.tolist()
    assert [float(row[2]) for row in rows] == [10.0**value for value in RUN.profile().log10_norm.tolist()]


def test_profile_table_tells_zero_nan_infinite_and_tiny_apart(tmp_path: Path):
    rows = rows_of(exported("marked", ".csv", tmp_path))[1:5]
    assert rows == [
        ["1", "-inf", "0", "zero"],
        ["2", "nan", "nan", "nan"],
        ["3", "inf", "inf", "infinite"],
        ["4", "-400.0", "1.00000000000000e-400", ""],
    ]


def test_heatmap_table_reads_back_exactly(tmp_path: Path):
    header, *rows = rows_of(exported("heatmap", ".csv", tmp_path))
    scene = KINDS["heatmap"][1]
    assert header[:3] == ["step", "log10_layer_1", "log10_layer_2"]
    assert [int(row[0]) for row in rows] == scene.columns.tolist()
    assert np.array_equal(np.array([row[1:] for row in rows], dtype=float), scene.values.T)


def test_loss_table_reads_back_exactly(tmp_path: Path):
    header, *rows = rows_of(exported("loss", ".csv", tmp_path))
    scene = KINDS["loss"][1]
    assert header == ["step", "loss", "smoothed"]
    numbers = np.array(rows, dtype=float)
    assert np.array_equal(numbers, np.stack([scene.steps, scene.raw, scene.smoothed], axis=1))


@pytest.mark.parametrize("kind", ["profile", "heatmap", "loss"])
@pytest.mark.parametrize("name", ["a.jpg", "a", "a.png.txt"])
def test_unknown_format_is_refused_with_the_known_ones(kind: str, name: str, tmp_path: Path):
    export, scene = KINDS[kind]
    with pytest.raises(ExportError, match=r"use one of \.png, \.svg, \.pdf, \.csv"):
        export(scene, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_suffix_may_be_written_in_capitals(tmp_path: Path):
    export_profile(KINDS["profile"][1], tmp_path / "A.SVG")
    assert (tmp_path / "A.SVG").read_bytes() == exported("profile", ".svg", tmp_path)


def test_missing_folder_is_one_sentence(tmp_path: Path):
    with pytest.raises(ExportError, match="does not exist"):
        export_profile(KINDS["profile"][1], tmp_path / "missing" / "a.png")


def test_title_of_any_characters_makes_a_readable_file(tmp_path: Path):
    scene = profile_scene(profile([-1.0]), "$\\frac{ ]]> \x00\x1b &amp; 层 " + "long " * 60, "line\nbreak")
    export_profile(scene, tmp_path / "a.svg")
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


def test_settings_of_matplotlib_are_as_before_an_export(tmp_path: Path):
    import matplotlib

    before = dict(matplotlib.rcParams)
    exported("profile", ".svg", tmp_path)
    assert dict(matplotlib.rcParams) == before


DIGESTS = """
import hashlib, json, sys
from pathlib import Path
from tests.export.test_figures import KINDS, exported
kinds = ("profile", "marked", "heatmap", "loss")
suffixes = (".png", ".svg", ".pdf", ".csv")
digest = {k + s: hashlib.sha256(exported(k, s, Path(sys.argv[1]))).hexdigest() for k in kinds for s in suffixes}
print(json.dumps(digest))
"""


def digests_of_another_process(folder: Path, **environment: str) -> dict[str, str]:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS, str(folder)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_other_processes_write_the_same_bytes_and_nothing_else(tmp_path: Path):
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "matplotlibrc").write_text("axes.facecolor: red\nsvg.fonttype: none\nnonsense: 1\n")
    first = digests_of_another_process(tmp_path / "a", PYTHONHASHSEED="1")
    second = digests_of_another_process(tmp_path / "b", PYTHONHASHSEED="2", MPLCONFIGDIR=str(settings), LC_ALL="de_DE")
    assert first == second
    (tmp_path / "c").mkdir()
    here = hashlib.sha256(exported("profile", ".svg", tmp_path / "c")).hexdigest()
    assert first["profile.svg"] == here


def test_nothing_is_drawn_before_the_first_picture():
    check = "import sys, vgdesk.export.figure; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_colours_are_those_of_the_light_theme():
    theme = pytest.importorskip("vgdesk.ui.theme")
    from vgdesk.export.sheet import DIM, GRID, TEXT, TONE_COLOURS

    assert (theme.LIGHT.text, theme.LIGHT.dim, theme.LIGHT.grid) == (TEXT, DIM, GRID)
    assert {tone: theme.LIGHT.tone(tone).name() for tone in TONE_COLOURS} == TONE_COLOURS
