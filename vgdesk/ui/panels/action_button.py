"""A button with icon and words for an action of the table; it greys and changes with the action."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton


def action_button(action: QAction, is_primary: bool = False) -> QToolButton:
    """Returns the button; the primary one of a panel has the accent as its ground and no icon on it."""
    button = QToolButton()
    button.setDefaultAction(action)
    words_only, beside = Qt.ToolButtonStyle.ToolButtonTextOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    button.setToolButtonStyle(words_only if is_primary else beside)
    button.setProperty("primary", is_primary)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text().replace("&", "").removesuffix("…"))
    return button
