"""Where the pointer is while nobody points: tests leave it anywhere, and it enters what is shown under it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCursor


def take_pointer_away() -> None:
    """Puts the pointer where no window is: windows begin at (0, 0)."""
    QCursor.setPos(-100, -100)
    QCoreApplication.processEvents()  # the window that it leaves hears of it now, and not while somebody looks at it
