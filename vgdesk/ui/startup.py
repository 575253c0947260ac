"""What happens after the first paint: processes, plots and typesetting, one small piece per turn of the event loop.

pyqtgraph takes a third of a second to import; that happens in a thread, which lets the window answer meanwhile. The
widgets themselves are made on the window's thread, one at a time.

PySide makes a class of Qt when it is first asked for. pyqtgraph asks for all of them; doing that in a thread while the
window's thread asks too ends in a crash now and then. So the window's thread asks for all of them before, a module of
Qt per turn (30 ms each).
"""

import importlib
import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

QT_MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
THREADED_IMPORTS = ("vgdesk.ui.presenter", "vgdesk.ui.equations.sheet_view", "vgdesk.ui.plots.profile_plot")


class Startup(QObject):
    """Runs steps one after the other, each in its own turn of the event loop, after imports in a thread."""

    finished = Signal()
    _imported = Signal()

    def __init__(self, first: list[Callable[[], None]], then: list[Callable[[], None]], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = [*first, *(partial(_make_classes, name) for name in QT_MODULES), self._import, *then]
        self._imported.connect(self._go_on)
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Starts with the first step."""
        self._go_on()

    def stop(self) -> None:
        """Leaves out what has not been done, and waits for the importing thread to end."""
        self._is_stopped = True
        if self._thread is not None:
            self._thread.join()

    def _go_on(self) -> None:
        if self._is_stopped:
            return
        if not self._steps:
            self.finished.emit()
            return
        step = self._steps.pop(0)
        step()
        if step != self._import:
            QTimer.singleShot(0, self, self._go_on)

    def _import(self) -> None:
        self._thread = threading.Thread(target=self._import_in_thread, name="vgdesk imports", daemon=True)
        self._thread.start()

    def _import_in_thread(self) -> None:
        for name in THREADED_IMPORTS:
            importlib.import_module(name)
        self._imported.emit()


def _make_classes(qt_module: str) -> None:
    """Has PySide make every class of a module of Qt."""
    module = importlib.import_module(qt_module)
    for name in dir(module):
        getattr(module, name)
