"""What the window remembers, and how it ends."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.engine.waiting import wait_until
from tests.patience import SECONDS
from vgdesk.app import make_window
from vgdesk.ui.window import FIRST_SIZE, Window

INTERRUPTED = """
import sys
from vgdesk.app import run_window
sys.exit(run_window(measure=False, size=(1000, 700)))
"""


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def opened(settings: QSettings, qtbot: QtBot) -> Window:
    window = make_window(None, None, settings)
    window.views.begins_training = False
    window.restore_geometry()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.show()
    return window


def test_workspace_theme_and_height_are_remembered(settings: QSettings, qtbot: QtBot):
    first = opened(settings, qtbot)
    first.resize(960, 700)
    first.actions_by_id["workspace_train"].trigger()
    first.actions_by_id["theme"].trigger()
    chosen = first.desk.themes.current.name
    first.close()
    second = opened(settings, qtbot)
    assert second.stage.workspace == "train"
    assert second.desk.themes.current.name == chosen
    assert second.height() == 700
    second.close()


def test_open_settings_are_open_again(settings: QSettings, qtbot: QtBot):
    first = opened(settings, qtbot)
    first.actions_by_id["settings"].trigger()
    qtbot.waitUntil(lambda: first.side.is_open)
    first.close()
    second = opened(settings, qtbot)
    qtbot.waitUntil(lambda: second.side.is_open)
    second.actions_by_id["settings"].trigger()
    second.close()
    third = opened(settings, qtbot)
    assert third.side.card is None
    third.close()


def test_nonsense_in_the_settings_is_refused(settings: QSettings, qtbot: QtBot):
    for key in ("geometry", "workspace", "theme", "settings", "layout/derive-wide/0"):
        settings.setValue(key, "nonsense ☃")
    window = opened(settings, qtbot)
    assert window.stage.workspace == "derive"
    assert (window.width(), window.height()) == FIRST_SIZE
    window.close()


def test_closed_window_leaves_no_process(settings: QSettings, qtbot: QtBot):
    before = multiprocessing.active_children()  # another module's engine may be alive
    window = opened(settings, qtbot)
    assert window.desk.jobs.pids
    window.close()
    assert set(multiprocessing.active_children()) <= set(before)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_interrupted_window_closes_in_good_order(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: _has_children(process.pid), "it starts no process")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert any(tmp_path.rglob("vgdesk.conf"))


def _has_children(pid: int) -> bool:
    return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
