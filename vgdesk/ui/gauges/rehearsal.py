"""Does with the window what must be followed at once, and measures it, for `vgdesk bench`.

Another theme is put on: how long is the window's thread busy in one stretch? Then the network is dragged through the
phase diagram while it trains: how long from the mouse's move until the profile with its prediction is painted?
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from vgdesk.ui.commands.views import switch_theme
from vgdesk.ui.gauges.stretches import StretchMeter

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

SETTLE_MS, LOOK_MS, MOVE_MS = 1200, 30, 25
MOVES = 40
FIRST, LAST = 0.8, 1.8
"""Of sigma_w, between which the network is dragged."""
SIGMA_B = 0.1


class Rehearsal(QObject):
    """Measures a window that has everything on show; `finished` carries figures in milliseconds."""

    finished = Signal(dict)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._meter = window, StretchMeter(self)
        self._figures: dict[str, float] = {}
        self._delays: list[float] = []
        self._moved: float | None = None
        self._has_come = False

    def begin(self) -> None:
        """Puts on the other theme and goes on from there."""
        self._meter.begin()
        switch_theme(self._window)
        self._after(SETTLE_MS, self._note_theme)

    def _note_theme(self) -> None:
        self._figures["theme_stretch_ms"] = round(1000 * self._meter.longest, 2)
        switch_theme(self._window)
        self._window.stage.show_workspace("theory")
        self._after(SETTLE_MS, self._wait_for_diagram)

    def _wait_for_diagram(self) -> None:
        desk, view = self._window.desk, self._window.cards["profile"].view
        is_ready = desk.phases.grid is not None and not desk.phases.is_awaited and not desk.predictions.is_awaited
        if not is_ready or not isinstance(view, QAbstractScrollArea):
            self._after(LOOK_MS, self._wait_for_diagram)
            return
        view.viewport().installEventFilter(self)
        desk.predictions.previewed.connect(self._note_answer)
        self._move()

    def _move(self) -> None:
        if len(self._delays) == MOVES:
            self._window.desk.phases.give_up()
            self._figures["drag_ms"] = round(1000 * statistics.median(self._delays), 2)
            self.finished.emit(self._figures)
            return
        share = len(self._delays) / MOVES
        self._moved, self._has_come = time.perf_counter(), False
        self._window.desk.phases.drag_to(FIRST + share * (LAST - FIRST), SIGMA_B)

    def _note_answer(self) -> None:
        self._has_come = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._has_come and self._moved is not None:
            self._has_come = False
            self._after(0, self._note_paint)  # when it has been painted
        return super().eventFilter(watched, event)

    def _note_paint(self) -> None:
        if self._moved is not None:
            self._delays.append(time.perf_counter() - self._moved)
            self._moved = None
            self._after(MOVE_MS, self._move)

    def _after(self, milliseconds: int, then: Callable[[], None]) -> None:
        QTimer.singleShot(milliseconds, self, then)
