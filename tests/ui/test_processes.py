"""The window in a process of its own: what it loads, and the picture it takes of itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from tests.patience import SECONDS
from vgdesk.ui.theme import THEMES

SIZE = (1100, 720)
TAKE = """
import json, sys
from vgdesk.app import screenshot
file, theme = sys.argv[1:]
status = screenshot(file, "derive", theme, (1100, 720), steps=12)
print(json.dumps({"status": status, "modules": sorted(name for name in sys.modules if "." not in name)}))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


def pixels(file: Path) -> np.ndarray:
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def share_of(seen: np.ndarray, colour: str) -> float:
    wanted = np.array(QColor(colour).getRgb()[:3])
    return float((np.abs(seen - wanted).sum(axis=2) < 8).mean())


@pytest.fixture(scope="module", params=["light", "dark"])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, dict]:
    file = tmp_path_factory.mktemp("pictures") / f"{request.param}.png"
    done = run(TAKE, str(file), request.param)
    assert done.returncode == 0, done.stderr
    return request.param, file, json.loads(done.stdout)


def test_picture_has_the_asked_size_and_shows_bars_of_the_theme(taken: tuple[str, Path, dict]):
    theme, file, answer = taken
    seen = pixels(file)
    assert answer["status"] == 0
    assert seen.shape == (SIZE[1], SIZE[0], 3)
    assert share_of(seen, THEMES[theme].measured) > 0.01
    assert share_of(seen, THEMES[theme].alert) > 0.002


def test_process_of_the_window_loads_neither_numba_nor_sympy_nor_matplotlib(taken: tuple[str, Path, dict]):
    loaded = set(taken[2]["modules"])
    assert {"PySide6", "pyqtgraph", "vgdesk"} <= loaded
    assert loaded.isdisjoint({"numba", "llvmlite", "sympy", "matplotlib", "scipy"})


def test_same_picture_twice_is_the_same_file(tmp_path: Path):
    files = [tmp_path / "first.png", tmp_path / "second.png"]
    for file in files:
        assert run(TAKE, str(file), "light").returncode == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_picture_into_a_missing_folder_is_one_sentence(tmp_path: Path):
    done = run(TAKE, str(tmp_path / "missing" / "picture.png"), "light")
    assert json.loads(done.stdout)["status"] == 2
    assert "missing" in done.stderr
    assert "Traceback" not in done.stderr
