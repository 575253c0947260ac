"""The time a derivation may take: five seconds, unless another number was chosen, now or before the last start."""

import pytest
from PySide6.QtCore import QObject, QSettings

from vgdesk.engine.client import TIME_LIMIT, Engine
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.state.memory import Memory
from vgdesk.ui.state.patience import choose_seconds, remembered_seconds


@pytest.fixture
def settings(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "vgdesk.ini"), QSettings.Format.IniFormat)


def test_a_derivation_may_take_five_seconds_where_nothing_was_chosen(settings):
    assert remembered_seconds(Memory(settings)) == remembered_seconds(Memory(None)) == TIME_LIMIT == 5.0


@pytest.mark.parametrize("nonsense", ["0", "601", "-3", "five", "5,5", "1e3"])
def test_nonsense_in_the_settings_is_refused(settings, nonsense):
    settings.setValue("time-limit", nonsense)
    assert remembered_seconds(Memory(settings)) == TIME_LIMIT


def test_what_was_chosen_holds_at_once_and_after_the_next_start(settings, qapp):
    engine = Engine()
    choose_seconds(engine, Memory(settings), 20)
    assert engine.time_limit == 20.0
    engine.close()
    owner = QObject()
    desk = make_desk(owner, "light", settings)
    assert desk.jobs.time_limit == 20.0
    desk.jobs.close()
