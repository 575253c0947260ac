"""A panel of a picture of one recorded quantity, with the choice of which."""

from vgdesk.records.history import GradientHistory
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.quantity import Quantity
from vgdesk.ui.state.runs import Runs

WIDEST = 190
"""Pixels of the choice: the words of the run need room, too; the list itself is as wide as its longest words."""


class QuantityCard(Card):
    """Frames profile or heat map."""

    def __init__(self, key: str, title: str, quantity: Quantity, runs: Runs) -> None:
        super().__init__(key, title)
        self._quantity, self._runs = quantity, runs
        self._offered: list[tuple[str, str]] = []
        self.chooser = Choice(f"Quantity: {title}", "Choose what is shown of the recorded run", 4)
        self.chooser.chosen.connect(lambda name: quantity.choose(runs.history, name))
        self.chooser.setMaximumWidth(WIDEST)
        self.add_control(self.chooser)
        runs.rows_changed.connect(self._follow)
        quantity.changed.connect(self._follow)
        self._follow()

    def show_choice(self, visible: bool) -> None:
        """Shows the choice only while the picture is of a run."""
        self.chooser.setVisible(visible and bool(self._offered))

    def _follow(self) -> None:
        history: GradientHistory = self._runs.history
        offered = self._quantity.offered(history)
        if offered != self._offered:
            self._offered = offered
            self.chooser.offer(offered)
        self.chooser.setVisible(bool(offered))
        if offered:
            self.chooser.show_choice(self._quantity.shown(history))
