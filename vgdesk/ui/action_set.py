"""Turns the table of actions into Qt's: menus, keys, icons in the theme's colour, and what is greyed at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from vgdesk.ui.actions import ACTIONS, MENUS, Action, Situation
from vgdesk.ui.icons import icon
from vgdesk.ui.theme import Theme
from vgdesk.ui.window_keys import WindowKeys

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

KEY_USERS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
"""Controls in which Space, letters and brackets have a meaning of their own."""


class ActionSet(QObject):
    """Owns the window's QActions by id."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.by_id: dict[str, QAction] = {action.id: self._make(action, window) for action in ACTIONS}
        self._plain_keys = [action for action in ACTIONS if action.keys and _is_plain(action.keys)]
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._lend_plain_keys)
            self._window_keys = WindowKeys(self.by_id.values(), self)
            application.focusChanged.connect(self._window_keys.follow)

    def fill_menus(self, window: Window) -> dict[str, QMenu]:
        """Builds the menu bar; returns its menus by their titles."""
        menus = {title: window.menuBar().addMenu(title) for title in MENUS}
        for title, menu in menus.items():
            menu.setToolTipsVisible(True)
            menu.addActions([self.by_id[action.id] for action in ACTIONS if action.menu == title])
        return menus

    def tint(self, theme: Theme) -> None:
        """Draws the icons in the theme's colours; the main button's ground is the accent."""
        for action in ACTIONS:
            if action.icon:
                colour = theme.accent_text if action.id == "train" else theme.text
                self.by_id[action.id].setIcon(icon(action.icon, colour))

    def follow(self, situation: Situation) -> None:
        """Greys what cannot work now and marks what is on."""
        for action in ACTIONS:
            self.by_id[action.id].setEnabled(action.enabled(situation))
            if action.checked is not None:
                self.by_id[action.id].setChecked(action.checked(situation))

    def _make(self, action: Action, window: Window) -> QAction:
        made = QAction(action.text, window)
        made.setObjectName(action.id)
        made.setIconText(action.short or action.words)
        keys = QKeySequence(action.keys)
        made.setShortcut(keys)
        hint = f" ({keys.toString(QKeySequence.SequenceFormat.NativeText)})" if action.keys else ""
        made.setToolTip(action.help + hint)
        made.setStatusTip(action.help)
        made.setWhatsThis(action.more)
        made.setCheckable(action.checked is not None)
        made.setIconVisibleInMenu(action.checked is None)  # an icon would stand in the place of the check mark
        made.triggered.connect(lambda: action.run(window))
        window.addAction(made)
        return made

    def _lend_plain_keys(self, _: QWidget | None, widget: QWidget | None) -> None:
        lent = isinstance(widget, KEY_USERS)
        for action in self._plain_keys:
            self.by_id[action.id].setShortcut(QKeySequence() if lent else QKeySequence(action.keys))


def _is_plain(keys: str) -> bool:
    """Whether a shortcut is a single printable key."""
    return keys == "Space" or len(keys) == 1
