"""Writes files beside the window's thread: importing matplotlib and drawing a figure take half a second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vgdesk.errors import VgdeskError

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

_one_at_a_time = threading.Lock()
"""matplotlib keeps fonts and settings for the whole process."""


class FileWriting(QObject):
    """Does work that writes a file in a thread, then says in the window what became of it.

    The work must not touch the window: it has what it needs, as scenes are.

    Parameters
    ----------
    window
        Who is told; it waits for the file before it closes.
    work
        What writes the file. Where it raises a `VgdeskError` the window shows that sentence; any other error is raised
        again in the window's thread.
    about
        What a complaint is about: the next success about the same takes it away.
    path
        The file that is named when it is there.
    """

    _ended = Signal(object)

    def __init__(self, window: Window, work: Callable[[], object], about: str, path: Path) -> None:
        super().__init__(window)
        self._messages, self._about, self._path = window.desk.messages, about, path
        self._ended.connect(self._tell)
        self._thread = threading.Thread(target=self._do, args=(work,), name="write file")
        self._thread.start()

    def wait(self) -> None:
        """Waits until the file is there, as a window that closes must."""
        self._thread.join()

    def _do(self, work: Callable[[], object]) -> None:
        try:
            with _one_at_a_time:
                work()
        except Exception as error:
            self._ended.emit(error)
        else:
            self._ended.emit(None)

    def _tell(self, error: Exception | None) -> None:
        self._thread.join()
        self.deleteLater()
        if isinstance(error, VgdeskError):
            self._messages.post(str(error), self._about)
        elif error is not None:
            raise error
        else:
            self._messages.settle(self._about)
            self._messages.tell(f"Wrote {self._path}")


def finish_writing(window: Window) -> None:
    """Waits until the files are there that are being written."""
    for writing in window.findChildren(FileWriting):
        writing.wait()
