"""Typesets sheets beside the window's thread: importing Typst, loading fonts, compiling and reading take 20 to 100 ms.

A thread lives only while there is something to do, one at a time. Of several requested sheets only the newest is
typeset. Equations are kept by their source, so that a sheet that changed in one line compiles one line.
"""

import logging
import threading

from PySide6.QtCore import QObject, Signal

from vgdesk.errors import ExportError
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.ui.equations.layout import EQUATION_PIXELS
from vgdesk.ui.equations.svg_reader import Equation, SvgError, read_equation

_KEPT = 2000
_log = logging.getLogger(__name__)


class TypesetThread(QObject):
    """Turns sheets into equations; `finished` carries (sheet, equations by source) in the window's thread."""

    finished = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._typesetter = Typesetter(EQUATION_PIXELS)
        self._equations: dict[str, Equation] = {}
        self._wanted: EquationSheet | None = None
        self._thread: threading.Thread | None = None
        self._is_working = False
        self._lock = threading.Lock()

    def request(self, sheet: EquationSheet) -> None:
        """Asks for a sheet; one that was asked for before and has not begun is forgotten."""
        with self._lock:
            self._wanted = sheet
            if not self._is_working:
                self._is_working = True
                self._thread = threading.Thread(target=self._work, name="typeset")
                self._thread.start()

    def stop(self) -> None:
        """Forgets what was asked for and waits until the thread has ended: at most one sheet's time."""
        with self._lock:
            self._wanted = None
        if self._thread:
            self._thread.join()

    def _work(self) -> None:
        while sheet := self._next():
            self.finished.emit(sheet, self._typeset(sheet))

    def _next(self) -> EquationSheet | None:
        with self._lock:
            sheet, self._wanted = self._wanted, None
            self._is_working = sheet is not None
            return sheet

    def _typeset(self, sheet: EquationSheet) -> dict[str, Equation]:
        """Returns the equations of a sheet; one that is missing is shown as plain text."""
        if len(self._equations) > _KEPT:
            self._equations = {}
        sources = list(dict.fromkeys(line.typst for step in sheet.steps for line in (*step.lines, *step.unfolded)))
        try:
            self._compile([source for source in sources if source not in self._equations])
        except (ExportError, SvgError, ImportError, OSError):
            _log.exception("equations could not be typeset; showing plain text")
        return {source: self._equations[source] for source in sources if source in self._equations}

    def _compile(self, sources: list[str]) -> None:
        for source, svg in zip(sources, self._typesetter.svg(sources), strict=True):
            self._equations[source] = read_equation(svg)
