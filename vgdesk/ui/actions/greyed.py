"""Says why a greyed action does nothing: in its tooltip, and in the status bar when its keys are pressed.

Qt drops the keys of a disabled action without a word; they come to the window as a key that nobody wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from vgdesk.ui.actions.reasons import NOT_NOW, REASONS

TOLD = "told"
"""Property of an action: what it would do now or why it cannot, where that changes."""


def reason_for(name: str) -> str:
    """Returns why an action cannot work now, in a few words."""
    return REASONS.get(name, NOT_NOW)


def reason_of(action: QAction) -> str:
    """Returns what was told of the action last, which names the reason, else the one that belongs to its kind."""
    return action.property(TOLD) or reason_for(action.objectName())


def explain_in_tip(action: QAction, tip: str, told: str = "") -> None:
    """Has the tooltip end with the reason while the action is greyed, else with what is told of it."""
    action.setProperty(TOLD, told)
    more = f"\nNow: {told}" if told else ""
    words = tip + (more if action.isEnabled() else f"\nGreyed: {reason_of(action)}")
    if words != action.toolTip():
        action.setToolTip(words)


class GreyedKeys(QObject):
    """Tells the reason when the keys of a greyed action are pressed in the window that it watches."""

    def __init__(self, actions: Mapping[str, QAction], tell: Callable[[str], object], window: QObject) -> None:
        super().__init__(window)
        self._actions, self._tell = actions, tell
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Looks at what nobody before the window has taken; it stays untaken."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            greyed = self._greyed(QKeySequence(event.keyCombination()))
            if greyed is not None:
                words = greyed.text().replace("&", "").removesuffix("…")
                self._tell(f"{words}: {reason_of(greyed)}.")
        return super().eventFilter(watched, event)

    def _greyed(self, keys: QKeySequence) -> QAction | None:
        """Returns the greyed action that has these keys; a person who types a letter by itself means no action."""
        if keys.isEmpty() or len(keys.toString()) == 1:
            return None
        return next((one for one in self._actions.values() if not one.isEnabled() and keys in one.shortcuts()), None)
