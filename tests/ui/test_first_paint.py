"""What a window needs for its first paint, and what comes after it."""

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from vgdesk.app import make_window
from vgdesk.ui.actions import ACTIONS
from vgdesk.ui.chrome.workspaces import PANELS
from vgdesk.ui.state.desk import LATER_STATES, begin_desk

PAINT = """
import json, sys
from vgdesk.app import make_application, make_window
application = make_application()
window = make_window(None, "light", None)
window.painted.connect(lambda: (print(json.dumps(sorted(sys.modules))), window.close()))
window.show()
application.exec()
"""
NOT_YET = (
    "numpy", "multiprocessing", "pyqtgraph", "vgdesk.engine", "vgdesk.diagnosis", "vgdesk.export", "vgdesk.study",
    "vgdesk.present.scenes", "vgdesk.records.history", "vgdesk.spec.edit", "vgdesk.ui.drawing", "vgdesk.ui.equations",
    "vgdesk.ui.plots", "vgdesk.ui.actions.palette", "vgdesk.ui.start.later_cards", "vgdesk.ui.state.runs",
    "vgdesk.ui.state.jobs",
)  # fmt: skip


@pytest.fixture(scope="module")
def imported() -> list[str]:
    code = [sys.executable, "-c", PAINT]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(code, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NOT_YET)
def test_first_paint_does_not_wait_for_a_module(imported: list[str], name: str):
    assert [module for module in imported if module == name or module.startswith(f"{name}.")] == []


def test_first_paint_loads_what_it_shows(imported: list[str]):
    assert {"vgdesk.ui.chrome.stage", "vgdesk.ui.chrome.toolbar", "vgdesk.ui.panels.network_card"} <= set(imported)


def test_states_are_made_once_whoever_asks_first(qapp: QApplication):
    desk = begin_desk(owner := QObject(), "light", None)
    made = {name: getattr(desk, name) for name in reversed(LATER_STATES)}
    desk.complete()
    assert all(getattr(desk, name) is state for name, state in made.items())
    owner.deleteLater()


def test_who_waits_for_the_states_is_called_once_in_the_order_of_asking(qapp: QApplication):
    desk, called = begin_desk(owner := QObject(), "light", None), []
    for word in ("first", "second"):
        desk.when_complete(lambda word=word: called.append(word))
    assert called == []
    desk.complete()
    desk.when_complete(lambda: called.append("late"))
    assert called == ["first", "second", "late"]
    owner.deleteLater()


def test_a_new_window_offers_training_but_no_pause_before_it_has_an_engine(qtbot):
    window = make_window("derive", "light", None)
    assert window.actions_by_id["train"].isEnabled()
    assert not window.actions_by_id["pause"].isEnabled()
    assert "jobs" not in vars(window.desk)
    window.close()
    window.deleteLater()


def test_after_the_first_paint_every_panel_is_there_and_those_of_other_workspaces_are_hidden(qtbot):
    window = make_window("derive", "light", None)
    assert set(window.cards) < PANELS
    with qtbot.waitSignal(window.ready):
        window.show()
    assert set(window.cards) == PANELS
    assert all(window.isAncestorOf(card) or window.stage.attic.holds(card) for card in window.cards.values())
    assert not window.cards["claims"].isVisible()
    window.close()
    window.deleteLater()


def test_every_workspace_can_be_the_first_one(qtbot):
    for name in ("theory", "claims", "maps"):
        window = make_window(name, "light", None)
        with qtbot.waitSignal(window.ready):
            window.show()
        assert window.stage.workspace == name
        window.close()
        window.deleteLater()


def test_icons_of_buttons_are_there_at_once_and_those_of_menus_soon(qtbot):
    window = make_window("derive", "light", None)
    assert not window.actions_by_id["train"].icon().isNull()
    drawn = [window.actions_by_id[action.id] for action in ACTIONS if action.icon]
    qtbot.waitUntil(lambda: not any(action.icon().isNull() for action in drawn))
    window.close()
    window.deleteLater()


def test_icons_follow_another_theme(qtbot):
    window = make_window("derive", "light", None)
    with qtbot.waitSignal(window.ready):
        window.show()
    before = picture(icon := window.actions_by_id["step"].icon())
    assert picture(icon) == before
    window.desk.themes.choose("dark")
    qtbot.waitUntil(lambda: picture(window.actions_by_id["step"].icon()) != before)
    qtbot.waitUntil(window.updatesEnabled)
    window.desk.themes.choose("light")
    qtbot.waitUntil(lambda: picture(window.actions_by_id["step"].icon()) == before)
    window.close()
    window.deleteLater()


def picture(icon: QIcon) -> bytes:
    return bytes(icon.pixmap(24).toImage().constBits())
