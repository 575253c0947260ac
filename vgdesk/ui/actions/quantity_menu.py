"""View > Quantity: what profile and heat map show of the run, the same choices as in the headers of the two panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from vgdesk.ui.actions.palette import Entry
    from vgdesk.ui.state.desk import Desk


class QuantityMenu(QMenu):
    """Offers what the run has recorded; filled whenever the menu around it opens."""

    def __init__(self, around: QMenu, desk: Desk) -> None:
        super().__init__("&Quantity", around)
        self._desk = desk
        self._group = QActionGroup(self)
        around.addMenu(self)
        around.aboutToShow.connect(self.fill)
        self.menuAction().setEnabled(False)
        desk.when_complete(self.fill)

    def fill(self) -> None:
        """Offers what there is now and marks what is shown; greyed as long as nothing is recorded."""
        self.clear()
        history = self._desk.runs.history
        offered = self._desk.quantity.offered(history)
        shown = self._desk.quantity.shown(history)
        for name, words in offered:
            action = self.addAction(words)
            action.setCheckable(True)
            action.setChecked(name == shown)
            action.setActionGroup(self._group)
            action.triggered.connect(lambda _=False, name=name: self._choose(name))
        self.menuAction().setEnabled(bool(offered))

    def entries(self) -> list[Entry]:
        """Returns the choices as lines of the palette."""
        from vgdesk.ui.actions.palette import Entry

        offered = self._desk.quantity.offered(self._desk.runs.history)
        return [
            Entry(f"View · Quantity · {words}", "", lambda name=name: self._choose(name)) for name, words in offered
        ]

    def _choose(self, name: str) -> None:
        self._desk.quantity.choose(self._desk.runs.history, name)
