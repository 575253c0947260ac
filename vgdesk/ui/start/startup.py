"""What happens after the first paint: processes, states, plots and typesetting, one small piece per turn of the loop.

Importing takes most of the time (the engine and NumPy a quarter of a second, pyqtgraph a third); that happens in a
thread, which lets the window answer meanwhile. What is made of it is made on the window's thread, a piece at a time.

The engine comes first, because its processes take longest to be ready. Its modules know nothing of Qt. All others do:
PySide makes a class of Qt when it is first asked for. pyqtgraph asks for all of them; doing that in a thread while the
window's thread asks too ends in a crash now and then. So the window's thread asks for all of them before, some per
turn, and rests while the thread imports.
"""

import importlib
import pkgutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from PySide6.QtCore import QObject, QTimer, Signal

import vgdesk.ui.state

QT_MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
CLASSES = 50
"""So many classes of Qt are made in a turn (5 ms)."""


@dataclass(frozen=True)
class Imports:
    """Is a step that imports modules in a thread."""

    modules: tuple[str, ...]


ENGINE = Imports(("vgdesk.engine.client", "vgdesk.present.scenes"))
STATES_AND_VIEWS = Imports(
    (
        *(f"vgdesk.ui.state.{module.name}" for module in pkgutil.iter_modules(vgdesk.ui.state.__path__)),
        "vgdesk.ui.start.later_cards", "vgdesk.ui.presenter", "vgdesk.ui.equations.sheet_view",
        "vgdesk.ui.panels.diagram_editor", "vgdesk.ui.plots.profile_plot", "vgdesk.ui.plots.heatmap_plot",
        "vgdesk.ui.plots.loss_plot", "vgdesk.ui.plots.lag_plot",
    )
)  # fmt: skip

Step = Callable[[], None] | Imports


class Startup(QObject):
    """Runs steps one after the other, each in its own turn of the event loop or, of imports, in a thread."""

    finished = Signal()
    _imported = Signal()

    def __init__(self, steps: list[Step], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
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
        if isinstance(step, Imports):
            self._thread = threading.Thread(target=self._import, args=(step,), name="vgdesk imports", daemon=True)
            self._thread.start()
        else:
            step()
            QTimer.singleShot(0, self, self._go_on)

    def _import(self, step: Imports) -> None:
        for name in step.modules:
            importlib.import_module(name)
        self._imported.emit()


def class_makers() -> list[Step]:
    """Returns steps that have PySide make every class of Qt, a few each."""
    modules = [importlib.import_module(name) for name in QT_MODULES]
    named = [(module, name) for module in modules for name in dir(module)]
    return [partial(_make_classes, named[start : start + CLASSES]) for start in range(0, len(named), CLASSES)]


def _make_classes(named: list[tuple[ModuleType, str]]) -> None:
    for module, name in named:
        getattr(module, name)
