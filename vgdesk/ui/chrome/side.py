"""Rooms at the right of the stage: the training settings, and the numbers of the derivation.

What stands in them is made when first opened; whether they were open is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vgdesk.ui.state.desk import Desk
from vgdesk.ui.turns import take_turns

if TYPE_CHECKING:
    from vgdesk.ui.panels.lesson_card import LessonCard
    from vgdesk.ui.panels.numbers_card import NumbersCard
    from vgdesk.ui.panels.settings_card import SettingsCard

OPEN, SHUT = "open", "shut"


@runtime_checkable
class Filled(Protocol):
    """Is a card that is filled after it was made."""

    @property
    def making(self) -> list[Callable[[], None]]:
        """What fills it, in pieces of which each is for a turn of its own."""
        ...


class Side(QWidget):
    """Shows or hides the training settings; `turned` tells that it did, `let_go` that the keyboard was in it."""

    turned = Signal()
    let_go = Signal()
    memory_key = "settings"

    def __init__(self, desk: Desk, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._desk, self._actions = desk, actions
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 8, 8, 8)
        self.card: SettingsCard | NumbersCard | LessonCard | None = None
        self._is_made = False
        self._postponed: list[Callable[[], None]] = []
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether the settings are on show."""
        return not self.isHidden()

    @property
    def pixels(self) -> int:
        """The width that is taken from the panels."""
        return self.sizeHint().width() if self.is_open else 0

    def open_as_remembered(self) -> None:
        """Opens the settings where they were open when the window was last closed."""
        if self._desk.memory.choice(self.memory_key, (OPEN, SHUT), SHUT) == OPEN:
            self.open()

    def open(self) -> None:
        """Opens the settings, unless they are open; the keyboard stays where it is."""
        if not self.is_open:
            self._after_making(lambda: self._show(True))

    def turn(self) -> None:
        """Opens the settings and puts the keyboard into them, or closes them."""
        self._after_making(lambda: self._show(not self.is_open, takes_keyboard=True))

    def _after_making(self, then: Callable[[], None]) -> None:
        """The first time the settings are made piece by piece and shown a turn later: no wait is long."""
        if self._is_made:
            then()
            return
        self._postponed.append(then)
        if self.card is None:
            self.card = self._make_card()
            self._room.addWidget(self.card)
            take_turns(self, *(self.card.making if isinstance(self.card, Filled) else ()), self._end_making)

    def _end_making(self) -> None:
        """Does what was asked for while the settings were made, in that order."""
        self._is_made = True
        while self._postponed:
            self._postponed.pop(0)()

    def _show(self, is_open: bool, takes_keyboard: bool = False) -> None:
        had_keyboard = self.isAncestorOf(self.window().focusWidget() or self)
        self.setVisible(is_open)
        self._desk.memory.write(self.memory_key, OPEN if is_open else SHUT)
        self.turned.emit()
        if is_open and takes_keyboard and self.card is not None:
            self.card.focus_first()
        elif had_keyboard and not is_open:
            self.let_go.emit()

    def _make_card(self) -> SettingsCard | NumbersCard | LessonCard:
        from vgdesk.ui.panels.settings_card import SettingsCard

        return SettingsCard(self._desk.session, self._desk.runs, self._actions["settings"], self._actions["reset"])


class NumbersSide(Side):
    """Shows or hides the numbers that can be changed; they are offered only while it is open."""

    memory_key = "numbers"

    def _make_card(self) -> SettingsCard | NumbersCard | LessonCard:
        from vgdesk.ui.panels.numbers_card import NumbersCard

        desk = self._desk
        return NumbersCard(desk.what_if, desk.session, desk.selection, self._actions)

    def _show(self, is_open: bool, takes_keyboard: bool = False) -> None:
        if is_open:
            self._desk.what_if.open()
        else:
            self._desk.what_if.close()
        super()._show(is_open, takes_keyboard)
