"""What was compared is compared again after a restart: runs from the desk, and runs from files."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.histories import history
from tests.patience import SECONDS
from vgdesk.app import make_window
from vgdesk.records.history import GradientHistory
from vgdesk.records.run_file import load_run, save_run
from vgdesk.spec.library import example
from vgdesk.ui.state import kept_files
from vgdesk.ui.state.kept_files import KEY
from vgdesk.ui.window import Window

SIGMOID, TANH = "digits-sigmoid-20", "digits-tanh-20"


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def opened(settings: QSettings, qtbot: QtBot) -> Window:
    window = make_window("derive", "light", settings)
    window.views.begins_training = False
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.show()
    return window


def record(name: str, rows: int = 30) -> GradientHistory:
    norms = np.tile(np.arange(-19.0, 1.0), (rows, 1))
    return history((2.0 - 0.01 * np.arange(rows)).tolist(), norms, layers=20, experiment=name)


def written(folder: Path, name: str) -> Path:
    path = folder / f"{name}.json"
    path.write_text(save_run(record(name), example(name)), encoding="utf-8")
    return path


def names(window: Window) -> list[str]:
    return [run.experiment.name for run in window.desk.comparisons.runs]


def keeps(window: Window, qtbot: QtBot, name: str, rows: int = 30) -> str:
    """Keeps a run as from the desk and waits until it is in a file, whose path is returned."""
    window.desk.comparisons._add(example(name), record(name, rows))
    place = names(window).index(name)
    qtbot.waitUntil(lambda: bool(window.desk.comparisons.sources[place]))
    return window.desk.comparisons.sources[place]


def test_runs_from_the_desk_and_from_files_are_there_again(settings: QSettings, qtbot: QtBot, tmp_path: Path):
    first = opened(settings, qtbot)
    kept = keeps(first, qtbot, SIGMOID)
    first.desk.comparisons.read(str(written(tmp_path, TANH)), "run")
    qtbot.waitUntil(lambda: names(first) == [SIGMOID, TANH])
    first.close()
    experiment, found = load_run(Path(kept).read_text(encoding="utf-8"), "kept")
    assert experiment == example(SIGMOID)
    np.testing.assert_array_equal(found.loss, record(SIGMOID).loss)
    second = opened(settings, qtbot)
    qtbot.waitUntil(lambda: names(second) == [SIGMOID, TANH])
    assert second.desk.comparisons.sources[0] == kept
    second.close()


def test_a_run_that_was_kept_a_moment_before_the_end_is_there_again(
    settings: QSettings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kept_files, "FINISH_SECONDS", SECONDS)
    first = opened(settings, qtbot)
    first.desk.comparisons._add(example(SIGMOID), record(SIGMOID))
    first.close()
    second = opened(settings, qtbot)
    qtbot.waitUntil(lambda: names(second) == [SIGMOID])
    second.close()


def test_a_run_that_is_let_go_of_leaves_no_file_and_a_file_of_ones_own_stays(
    settings: QSettings, qtbot: QtBot, tmp_path: Path
):
    window = opened(settings, qtbot)
    own = written(tmp_path, TANH)
    kept = Path(keeps(window, qtbot, SIGMOID))
    longer = Path(keeps(window, qtbot, SIGMOID, rows=40))
    assert not kept.exists()
    window.desk.comparisons.read(str(own), "run")
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    window.desk.comparisons.clear()
    assert own.exists()
    assert list(longer.parent.iterdir()) == []
    window.close()
    assert settings.value(KEY) == ""


def test_a_file_that_is_gone_is_forgotten_without_a_word(settings: QSettings, qtbot: QtBot, tmp_path: Path):
    settings.setValue(KEY, f"{tmp_path / 'gone.json'}\n{written(tmp_path, TANH)}")
    window = opened(settings, qtbot)
    qtbot.waitUntil(lambda: names(window) == [TANH])
    assert window.desk.messages.sentence == ""
    assert settings.value(KEY).splitlines() == [str(tmp_path / f"{TANH}.json")]
    window.close()


def test_a_folder_that_cannot_be_written_is_said_and_the_run_stays(settings: QSettings, qtbot: QtBot, tmp_path: Path):
    (tmp_path / "kept runs").write_text("in the way", encoding="utf-8")
    window = opened(settings, qtbot)
    window.desk.comparisons._add(example(SIGMOID), record(SIGMOID))
    qtbot.waitUntil(lambda: "could not be written" in window.desk.messages.sentence)
    assert names(window) == [SIGMOID]
    window.close()


def test_nothing_is_kept_where_nothing_is_remembered(qtbot: QtBot):
    window = make_window("derive", "light", None)
    qtbot.addWidget(window)
    window.desk.comparisons._add(example(SIGMOID), record(SIGMOID))
    assert window.desk.studies.running == ()
    window.close()
