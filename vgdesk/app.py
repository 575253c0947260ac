"""The composition root of the window: makes the states, opens the window, and lets it go again.

`run_window` is what a person starts; `screenshot` renders the same window without a display. Only Qt is loaded before
the first paint.
"""

import gc
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from vgdesk.errors import ExportError
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.desk import begin_desk
from vgdesk.ui.theme import THEMES
from vgdesk.ui.window import Window


def run_window(
    workspace: str | None = None,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
    measure: bool = False,
    experiment: Experiment | None = None,
    settings: bool = False,
    lesson: int = 0,
) -> int:
    """Opens the window and returns the exit status after it was closed.

    Parameters
    ----------
    workspace, theme, size
        What to open with, in place of what is remembered.
    measure
        Print one JSON line about the start and the frames, then quit; nothing is remembered.
    experiment
        What to study, in place of the first examples.
    settings
        Open the training settings beside the panels.
    lesson
        Number of the lesson to go on with, 0 for none.
    """
    gc.disable()  # until the window is ready nothing is let go of, and a look for it takes up to 30 ms
    application = make_application()
    remembered = None if measure else QSettings("vgdesk", "vgdesk")
    window = make_window(workspace, theme, remembered, experiment)
    window.restore_geometry()
    if size is not None:
        window.resize(*size)
    if measure:
        from vgdesk.ui.gauges.measure import Measurement

        measurement = Measurement(window, started=float(os.environ.get("VGDESK_STARTED", time.time())))
        measurement.finished.connect(lambda figures: sys.stdout.write(json.dumps(figures) + "\n"))
    if settings:
        window.ready.connect(window.side.open)
    if lesson:
        window.views.begins_training = False
        window.ready.connect(lambda: window.lessons.resume_lesson(lesson))
    _watch_over(window)
    window.show()
    return application.exec()


def screenshot(
    file: Path | str,
    workspace: str,
    theme: str,
    size: tuple[int, int],
    steps: int = 60,
    experiment: Experiment | None = None,
    settings: bool = False,
    lesson: int = 0,
) -> int:
    """Renders the real window without a display to a PNG file.

    The training experiment makes `steps` steps and rests, or a lesson those of its first step; derivation, verification
    and typesetting are waited for. Returns 0, or 2 with one sentence on the error stream when that takes longer than
    five minutes, or 130 on Ctrl-C.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = make_application()
    # An exception would be lost in whichever slot it meets; the loop is left in a turn of its own instead.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, application, lambda: application.exit(130)))
    window = make_window(workspace, theme, None, experiment)
    window.resize(*size)
    if settings:
        window.ready.connect(window.side.open)
    from vgdesk.ui.gauges.photographer import Photographer

    photographer = Photographer(window, steps, lesson)
    photographer.taken.connect(lambda png: _finish(application, Path(file), png))
    photographer.gave_up.connect(lambda sentence: _complain(application, sentence))
    window.show()
    status = application.exec()
    window.close()
    return status


def make_application() -> QApplication:
    """Returns the one application object.

    Qt paints a slanted shape or a scaled image by several threads and waits for them. Training has every core busy,
    so the wait for a helper (3 ms and more) is longer than the work (0.4 ms): the window paints alone.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
        application = QApplication(["vgdesk"])
    application.setApplicationName("vgdesk")
    application.setDesktopFileName("vgdesk")
    return application


def make_window(
    workspace: str | None, theme: str | None, remembered: QSettings | None, experiment: Experiment | None = None
) -> Window:
    """Returns a window with its states; it is not shown yet."""
    owner = QObject()
    desk = begin_desk(owner, theme or "light", remembered, experiment)
    if theme is None:
        desk.themes.choose(desk.memory.choice("theme", THEMES, system_theme()))
    window = Window(desk, workspace)
    owner.setParent(window)
    return window


def _watch_over(window: Window) -> None:
    """Closes in good order when asked by the system, and tells of errors inside vgdesk instead of hiding them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # In a turn of its own: the signal may come in the middle of anything, even of starting a process.
        signal.signal(number, lambda *_: QTimer.singleShot(0, window, window.close))

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        window.desk.messages.post(f"An error inside vgdesk ({kind.__name__}: {error}). What is on show is kept.")

    sys.excepthook = tell
    window.ready.connect(_collect_from_now_on)


def _collect_from_now_on() -> None:
    """Lets the collector work again that has rested since the start.

    What was made so far lives as long as the window: it need not be walked through between two frames.
    """
    gc.freeze()
    gc.enable()


def system_theme() -> str:
    """Returns "dark" where the desktop asks for it, else "light"."""
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _finish(application: QApplication, file: Path, png: bytes) -> None:
    from vgdesk.export.files import write_file

    try:
        write_file(file, png)
    except ExportError as error:
        _complain(application, str(error))
    else:
        application.exit(0)


def _complain(application: QApplication, sentence: str) -> None:
    sys.stderr.write(f"vgdesk: {sentence}\n")
    application.exit(2)
