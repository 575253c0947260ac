"""View > Quantity: what profile and heat map show of the run, the same choices as in the headers of the two panels."""

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from vgdesk.ui.palette import Entry
from vgdesk.ui.state.quantity import Quantity
from vgdesk.ui.state.runs import Runs


class QuantityMenu(QMenu):
    """Offers what the run has recorded; filled whenever the menu around it opens."""

    def __init__(self, around: QMenu, quantity: Quantity, runs: Runs) -> None:
        super().__init__("&Quantity", around)
        self._quantity, self._runs = quantity, runs
        self._group = QActionGroup(self)
        around.addMenu(self)
        around.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Offers what there is now and marks what is shown; greyed as long as nothing is recorded."""
        self.clear()
        history = self._runs.history
        offered = self._quantity.offered(history)
        shown = self._quantity.shown(history)
        for name, words in offered:
            action = self.addAction(words)
            action.setCheckable(True)
            action.setChecked(name == shown)
            action.setActionGroup(self._group)
            action.triggered.connect(lambda _=False, name=name: self._choose(name))
        self.menuAction().setEnabled(bool(offered))

    def entries(self) -> list[Entry]:
        """Returns the choices as lines of the palette."""
        offered = self._quantity.offered(self._runs.history)
        return [
            Entry(f"View · Quantity · {words}", "", lambda name=name: self._choose(name)) for name, words in offered
        ]

    def _choose(self, name: str) -> None:
        self._quantity.choose(self._runs.history, name)
