"""Takes a picture of the whole window once everything it shows has arrived: for README, tests and reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal

from vgdesk.spec.lessons import lesson
from vgdesk.ui.state.runs import RunState

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

PATIENCE_SECONDS = 300
"""Kernels may have to be compiled first, on a machine that has other work to do."""
LOOK_MS = 30
CALM_LOOKS = 3
"""So many looks in a row everything must be in place: layouts and repaints settle in between."""


class Photographer(QObject):
    """Trains some steps, or begins a lesson, waits until all that is shown has arrived, and takes the picture."""

    taken = Signal(bytes)
    gave_up = Signal(str)

    def __init__(self, window: Window, steps: int, lesson: int = 0) -> None:
        super().__init__(window)
        self._window, self._steps, self._lesson = window, steps, lesson
        self._calm = 0
        window.views.begins_training = False
        window.ready.connect(self._begin)
        self._look_timer = QTimer(self, interval=LOOK_MS)
        self._look_timer.timeout.connect(self._look)
        QTimer.singleShot(PATIENCE_SECONDS * 1000, self, self._give_up)

    def _begin(self) -> None:
        self._look_timer.start()
        if self._lesson:
            self._steps = lesson(self._lesson).steps[0].updates
            self._window.lessons.open_lesson(self._lesson)
            return
        runs = self._window.desk.runs
        runs.restart(paused=True)
        for _ in range(self._steps):
            runs.step()

    def _look(self) -> None:
        self._calm = self._calm + 1 if not self._missing() else 0
        if self._calm == CALM_LOOKS:
            self._look_timer.stop()
            self.taken.emit(self._png())

    def _missing(self) -> list[str]:
        """Returns what is not there yet."""
        desk, views = self._window.desk, self._window.views
        waits = {
            "the lesson": self._lesson > 0 and not self._window.lessons.has_step,
            "the training": desk.runs.steps <= self._steps and desk.runs.state is not RunState.FINISHED,
            "the derivation and its check": desk.formulas.is_awaited,
            "the prediction": desk.predictions.is_awaited,
            "the diagnosis": desk.diagnoses.is_behind,
            "the phase diagram": views.has_theory and desk.phases.is_awaited,
            "the spectrum": desk.spectra.is_awaited,
            "the typesetting": views.sheet is None or not views.sheet.is_typeset,
            "the plots": views.presenter is None or not views.presenter.is_up_to_date,
            "the processes": bool(desk.jobs.activity),
        }
        return [name for name, is_missing in waits.items() if is_missing]

    def _give_up(self) -> None:
        self._look_timer.stop()
        sentence = self._window.desk.messages.sentence or f"still waiting for {', '.join(self._missing())}"
        self.gave_up.emit(f"the picture could not be taken within {PATIENCE_SECONDS} s: {sentence}")

    def _png(self) -> bytes:
        payload = QByteArray()
        buffer = QBuffer(payload)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, "PNG")
        return bytes(payload.data())
