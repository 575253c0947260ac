"""The frame around the claims, with buttons that test all of them and that stop."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from vgdesk.ui.panels.card import Card


class ClaimsCard(Card):
    """Frames the claims; its subject says how many were tested."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__("claims", "Popular claims")
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text().replace("&", ""))
            self.add_control(button)
