"""Says in the menu what Undo would undo, and gives Redo its second pair of keys."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from vgdesk.ui.state.history import History

SECOND_REDO = "Ctrl+Y"


class UndoWords(QObject):
    """Keeps the texts of the two actions true."""

    def __init__(self, history: History, actions: dict[str, QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history, self._undo, self._redo = history, actions["undo"], actions["redo"]
        self._redo.setShortcuts([*self._redo.shortcuts(), QKeySequence(SECOND_REDO)])
        history.changed.connect(self._follow)

    def _follow(self) -> None:
        self._undo.setText(f"&Undo {self._history.undo_words}".rstrip())
        self._redo.setText(f"&Redo {self._history.redo_words}".rstrip())
