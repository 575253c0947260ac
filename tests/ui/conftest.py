"""One real window for a module of tests, and a check that a module leaves nothing behind."""

import gc
import multiprocessing
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from tests.engine.waiting import wait_until
from tests.patience import SECONDS
from tests.ui.patient_bot import PatientBot
from tests.ui.person import Person
from tests.ui.pointer import take_pointer_away
from vgdesk.app import make_window
from vgdesk.ui.state.speed import position_of


@pytest.fixture(scope="session", autouse=True)
def settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps what Qt remembers by itself, as the last folder of a file dialog, out of the settings of who runs this."""
    place = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, place)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a module after which a window, a thread or a child process is still there."""
    windows, threads = set(map(id, qapp.topLevelWidgets())), set(threading.enumerate())
    children = set(multiprocessing.active_children())
    yield
    qapp.clipboard().clear()  # a QMimeData left there crashes Qt's offscreen platform at its end
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in windows and widget.parent() is None]
    assert not left, f"windows left open: {left}"
    # What was told that it is no longer needed may be about to end.
    wait_until(lambda: set(threading.enumerate()) <= threads, "a thread was left running")
    wait_until(lambda: set(multiprocessing.active_children()) <= children, "a child process was left running")


@pytest.fixture(autouse=True)
def nobody_points(qapp: QApplication) -> Iterator[None]:
    """Takes the pointer away before each test; fails one after which a button of the mouse is still down.

    What is moved to where the pointer is already moves nothing, and with a button down every move is a drag.
    """
    take_pointer_away()
    before = qapp.mouseButtons()
    yield
    assert not qapp.mouseButtons() & ~before, "a button of the mouse was left down"


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Takes the place of pytest-qt's own, which gives up after five seconds."""
    return PatientBot(request)


@pytest.fixture(scope="module")
def person(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Person]:
    """Somebody in front of a freshly opened window in which everything has arrived; nothing is remembered.

    The training goes on, and is at its beginning: it rests meanwhile, and is slow then. As fast as it begins it would
    end after twenty seconds, which a first test may take on a busy machine.
    """
    window = make_window("derive", "light", None)
    someone = Person(window, PatientBot(request))
    window.resize(1440, 900)
    window.show()
    someone.waits_for(lambda: window.cards["loss"].view is not None, "the plots")
    someone.waits_for(lambda: window.desk.runs.steps > 3, "the first steps")
    someone.rests()
    someone.waits_for(lambda: window.desk.formulas.verification is not None, "the check")
    someone.waits_for_calm()
    window.toolbar.speed.setValue(position_of(10.0))
    someone.presses("train")
    someone.waits_for(lambda: window.desk.runs.state.value == "running", "going on")
    window.desk.jobs.ask().time_limit = SECONDS  # on a busy machine five seconds may be too few
    yield someone
    window.close()
    window.deleteLater()
