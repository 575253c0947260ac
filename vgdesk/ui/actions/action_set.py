"""Turns the table of actions into Qt's: menus, keys, icons in the theme's colour, and what is greyed at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
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
from vgdesk.ui.actions.greyed import GreyedKeys, explain_in_tip
from vgdesk.ui.actions.reasons import BEGINS_GROUP
from vgdesk.ui.actions.window_keys import WindowKeys
from vgdesk.ui.chrome.keeping_focus import keep_keyboard
from vgdesk.ui.icons import icon
from vgdesk.ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

KEY_USERS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
"""Controls in which Space, letters and brackets have a meaning of their own; in a button only Space has."""

TINTED_AT_ONCE = 4


class ActionSet(QObject):
    """Owns the window's QActions by id."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.by_id: dict[str, QAction] = {action.id: self._make(action, window) for action in ACTIONS}
        self._plain_keys = [action for action in ACTIONS if action.keys and _is_plain(action.keys)]
        self._theme, self._untinted = LIGHT, list[Action]()
        self._situation: Situation | None = None
        self._tinting = QTimer(self, interval=0)
        self._tinting.timeout.connect(self._tint_some)
        self._greyed_keys = GreyedKeys(self.by_id, window.desk.messages.tell, window)
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
            for action in ACTIONS:
                if action.menu == title:
                    if action.id in BEGINS_GROUP and menu.actions():
                        menu.addSeparator()
                    menu.addAction(self.by_id[action.id])
        return menus

    def tint(self, theme: Theme) -> None:
        """Draws the icons in the theme's colours; the main button's ground is the accent.

        Those of buttons at once; those that only menus have follow a few at a time, so that nobody waits for all.
        """
        self.tint_anew(theme)
        while self._untinted and self._has_button(self._untinted[0]):
            self._tint_one(self._untinted.pop(0))

    def tint_anew(self, theme: Theme) -> None:
        """Draws all icons in another theme's colours, a few at a time, those of buttons first."""
        self._theme = theme
        drawn = [action for action in ACTIONS if action.icon]
        self._untinted = sorted(drawn, key=lambda action: not self._has_button(action))
        self._tinting.start()

    def _tint_some(self) -> None:
        for action in self._untinted[:TINTED_AT_ONCE]:
            self._tint_one(action)
        self._untinted = self._untinted[TINTED_AT_ONCE:]
        if not self._untinted:
            self._tinting.stop()

    def _tint_one(self, action: Action) -> None:
        colour = self._theme.accent_text if action.id == "train" else self._theme.text
        self.by_id[action.id].setIcon(icon(action.icon, colour))

    def _has_button(self, action: Action) -> bool:
        return any(isinstance(user, QAbstractButton) for user in self.by_id[action.id].associatedObjects())

    def follow(self, situation: Situation) -> None:
        """Greys what cannot work now and marks what is on; the same situation again changes nothing."""
        if situation == self._situation:
            return
        self._situation = situation
        for action in ACTIONS:
            is_enabled = action.enabled(situation)
            if not is_enabled and self.by_id[action.id].isEnabled():
                keep_keyboard(self.by_id[action.id])
            self.by_id[action.id].setEnabled(is_enabled)
            told = action.told(situation) if action.told is not None else ""
            explain_in_tip(self.by_id[action.id], _tip(action), told)
            if action.checked is not None:
                self.by_id[action.id].setChecked(action.checked(situation))

    def _make(self, action: Action, window: Window) -> QAction:
        made = QAction(action.text, window)
        made.setObjectName(action.id)
        made.setIconText(action.short or action.words)
        keys = QKeySequence(action.keys)
        made.setShortcut(keys)
        made.setToolTip(_tip(action))
        made.setStatusTip(action.help)
        made.setWhatsThis(action.more)
        made.setCheckable(action.checked is not None)
        made.setIconVisibleInMenu(action.checked is None)  # an icon would stand in the place of the check mark
        made.triggered.connect(lambda: self._run(action, window))
        window.addAction(made)
        return made

    def _run(self, action: Action, window: Window) -> None:
        """Does what was chosen. Qt has turned its mark already, whatever the command does: it is put right."""
        action.run(window)
        if action.checked is not None and self._situation is not None:
            self.by_id[action.id].setChecked(action.checked(self._situation))

    def _lend_plain_keys(self, _: QWidget | None, widget: QWidget | None) -> None:
        all_are_lent, is_button = isinstance(widget, KEY_USERS), isinstance(widget, QAbstractButton)
        for action in self._plain_keys:
            is_lent = all_are_lent or (is_button and action.keys == "Space")
            self.by_id[action.id].setShortcut(QKeySequence() if is_lent else QKeySequence(action.keys))


def _tip(action: Action) -> str:
    keys = QKeySequence(action.keys).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{action.help} ({keys})" if keys else action.help


def _is_plain(keys: str) -> bool:
    """Whether a shortcut is a single printable key."""
    return keys == "Space" or len(keys) == 1
