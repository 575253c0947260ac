"""How long the window's thread is busy without looking at mouse and keyboard, turn by turn of its event loop.

A *stretch* is what happens between two looks of the event loop. It is told in seconds of the thread's own processor
time: what other programs take of the machine, and waiting, do not count.
"""

import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QThread


class StretchMeter(QObject):
    """Measures the stretches of the thread that it is made in, from `begin` on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since: float | None = None
        self.stretches: list[float] = []
        dispatcher = QAbstractEventDispatcher.instance(QThread.currentThread())
        if dispatcher is not None:  # there is none before the application object
            dispatcher.aboutToBlock.connect(self._note)
            dispatcher.awake.connect(self._note)

    def begin(self) -> None:
        """Forgets what was measured; what happens from now on until the loop is reached counts as well."""
        self.stretches.clear()
        self._since = time.thread_time()

    @property
    def longest(self) -> float:
        """The longest stretch in seconds, 0 where there was none."""
        return max(self.stretches, default=0.0)

    def _note(self) -> None:
        now = time.thread_time()
        if self._since is not None:
            self.stretches.append(now - self._since)
        self._since = now
