"""The window measures its own start and its frames, for `vgdesk bench`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vgdesk.ui.gauges.rehearsal import Rehearsal

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

FRAME_MS = 16
WATCH_SECONDS = 5.0
PATIENCE_SECONDS = 100


class Measurement(QObject):
    """Reports seconds since the start of the process, and the 99th percentile of the frame interval; then closes.

    *Ready* means: the derivation is typeset and the first gradients are there. A frame is a turn of a 60 Hz timer on
    the window's thread: whatever holds the window up holds it up. Frames are counted from the moment the derivation
    is on show, through the compilation of the kernels, until `WATCH_SECONDS` of training have passed. Then
    what must be followed at once is rehearsed.
    """

    finished = Signal(dict)

    def __init__(self, window: Window, started: float) -> None:
        super().__init__(window)
        self._window, self._started = window, started
        self._figures: dict[str, float] = {}
        self._frames: list[float] = []
        self._trained_since: float | None = None
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)
        window.painted.connect(lambda: self._note("first_paint"))
        window.ready.connect(self._timer.start)
        QTimer.singleShot(PATIENCE_SECONDS * 1000, self, self._finish)

    def _note(self, key: str) -> None:
        self._figures[key] = round(time.time() - self._started, 4)

    def _frame(self) -> None:
        desk, sheet = self._window.desk, self._window.views.sheet
        if desk.formulas.derivation is None or sheet is None or not sheet.is_typeset:
            return
        self._frames.append(time.perf_counter())
        if self._trained_since is None and desk.runs.steps > 0:
            self._trained_since = self._frames[-1]
            self._note("ready")
        if self._trained_since is not None and self._frames[-1] - self._trained_since > WATCH_SECONDS:
            self._timer.stop()
            rehearsal = Rehearsal(self._window)
            rehearsal.finished.connect(self._figures.update)
            rehearsal.finished.connect(self._finish)
            rehearsal.begin()

    def _finish(self) -> None:
        self._timer.stop()
        intervals = sorted(after - before for before, after in zip(self._frames, self._frames[1:], strict=False))
        if intervals:
            self._figures["frame_p99_ms"] = round(1000 * intervals[int(0.99 * (len(intervals) - 1))], 2)
            self._figures["frame_max_ms"] = round(1000 * intervals[-1], 2)
        self.finished.emit(self._figures)
        self._window.close()
