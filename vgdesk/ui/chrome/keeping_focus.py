"""Where the keyboard goes when the button that has it is about to grey.

Qt would give it to the next widget in the Tab order: who has just pressed "Apply selected" would stand on "Export".
"""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from vgdesk.ui.panels.card import Card


def keep_keyboard(action: QAction) -> None:
    """Gives the keyboard to the view of a panel, where one of the panel's buttons for this action has it."""
    for button in action.associatedObjects():
        if isinstance(button, QToolButton) and button.window().focusWidget() is button:
            card = _card_around(button)
            if card is not None:
                card.focus_view()


def _card_around(widget: QWidget) -> Card | None:
    around: QWidget | None = widget
    while around is not None and not isinstance(around, Card):
        around = around.parentWidget()
    return around
