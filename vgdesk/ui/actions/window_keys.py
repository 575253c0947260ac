"""Gives the window its keys while the keyboard is in a text field.

Under X11 Qt's text fields know Ctrl+E as "end of line" and would keep it from Network > Edit network. Keys that every
text field needs, such as those of Undo, stay with the field.
"""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

TEXT_FIELDS = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
_NEEDED = (
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
)


class WindowKeys(QObject):
    """Watches the text field that has the keyboard; it is told of each change by `follow`."""

    def __init__(self, actions: Iterable[QAction], parent: QObject) -> None:
        super().__init__(parent)
        needed = {key.toString() for standard in _NEEDED for key in QKeySequence.keyBindings(standard)}
        keys = {key.toString() for action in actions for key in action.shortcuts()}
        self._keys = {key for key in keys - needed if key.startswith("Ctrl+")}

    def follow(self, former: QWidget | None, latest: QWidget | None) -> None:
        """Leaves one field and watches another."""
        if former is not None:
            former.removeEventFilter(self)
        if isinstance(latest, TEXT_FIELDS):
            latest.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the field from claiming a key of the window, which then is a shortcut as everywhere else."""
        if isinstance(event, QKeyEvent) and self._is_asked_for(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _is_asked_for(self, event: QKeyEvent) -> bool:
        is_question = event.type() == QEvent.Type.ShortcutOverride
        return is_question and QKeySequence(event.keyCombination()).toString() in self._keys
