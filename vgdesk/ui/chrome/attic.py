"""Where the panels wait that have no place in the workspace on show.

The attic is no part of the window, and every panel has a shelf of its own in it: when the window takes other looks,
those who wait take them afterwards, a shelf at a time, and nobody waits for all of them at once.
"""

from collections.abc import Callable
from functools import partial

import shiboken6
from PySide6.QtWidgets import QWidget

from vgdesk.ui import style
from vgdesk.ui.panels.card import Card
from vgdesk.ui.theme import Theme


class Attic:
    """Keeps panels, hidden, as long as `owner` lives."""

    def __init__(self, owner: QWidget, theme: Theme) -> None:
        self._theme = theme
        self._shelves: dict[str, QWidget] = {}
        owner.destroyed.connect(partial(_clear, self._shelves))

    def keep(self, card: Card) -> None:
        """Puts a panel on its shelf."""
        if card.key not in self._shelves:
            shelf = self._shelves[card.key] = QWidget()
            style.dress(shelf, self._theme)
        card.setParent(self._shelves[card.key])
        card.hide()

    def holds(self, card: Card) -> bool:
        """Whether a panel is here."""
        return card.key in self._shelves and card.parentWidget() is self._shelves[card.key]

    def dressing(self, theme: Theme) -> list[Callable[[], None]]:
        """Returns what gives the panels here another theme, a short piece each."""
        self._theme = theme
        return [partial(style.dress, shelf, theme) for shelf in self._shelves.values()]


def _clear(shelves: dict[str, QWidget]) -> None:
    for shelf in shelves.values():
        if shiboken6.isValid(shelf):
            shiboken6.delete(shelf)
    shelves.clear()
