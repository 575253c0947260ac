"""The rail at the left: one button with icon and word per workspace."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

WIDTH = 72


class Rail(QWidget):
    """Shows the workspaces' actions as a column of buttons."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Workspaces")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 10, 6, 10)
        for action in actions:
            column.addWidget(self._button(action))
        column.addStretch(1)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setProperty("rail", True)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(22, 22))
        button.setFixedWidth(WIDTH - 12)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(f"Workspace {action.iconText()}")
        return button
