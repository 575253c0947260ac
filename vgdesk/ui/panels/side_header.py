"""The first line of every panel at the right of the window: its title, and a button that closes it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton


class SideHeader(QHBoxLayout):
    """Puts title and button beside each other; a title of several lines leaves the button at the top."""

    def __init__(self, title: str, close: QAction, spoken: str) -> None:
        super().__init__()
        self.title, button = QLabel(title), QToolButton()
        self.title.setProperty("role", "title")
        self.title.setWordWrap(True)
        button.setText("Close")
        button.setToolTip(close.toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(close.trigger)
        button.setAccessibleName(spoken)
        self.addWidget(self.title, 1)
        self.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
