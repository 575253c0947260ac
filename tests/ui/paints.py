"""Counts what is painted."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest


class Paints(QObject):
    """Counts the paints of what it is installed on as an event filter: a widget, or all of them."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False

    def is_still(self) -> bool:
        """Says whether nothing is painted for a moment, for who waits until it is so."""
        before = self.count
        QTest.qWait(100)
        return self.count == before
