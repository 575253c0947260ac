"""The mouse: its pointer is away while nobody points, for tests leave it anywhere; and a double click to its end."""

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def take_pointer_away() -> None:
    """Puts the pointer where no window is: windows begin at (0, 0)."""
    QCursor.setPos(-100, -100)
    QCoreApplication.processEvents()  # the window that it leaves hears of it now, and not while somebody looks at it


def double_click(widget: QWidget, place: QPoint) -> None:
    """Clicks twice and lets go, which QTest leaves to others."""
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=place)
