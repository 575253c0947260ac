"""A line to type into that lies over a unit of the drawing board: its name, or its formula."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class UnitLine(QLineEdit):
    """Is a line that goes away on Esc and keeps its keys from the diagram."""

    def __init__(self, parent: QWidget, words: str, longest: int) -> None:
        super().__init__(parent)
        self.setAccessibleName(words)
        self.setMaxLength(longest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            parent = self.parentWidget()
            if parent is not None:
                parent.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)
        event.accept()
