"""The panel of the network diagram, with the choice of the small network whose derivation is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.session import is_readable

if TYPE_CHECKING:
    from vgdesk.ui.state.desk import Desk


class NetworkCard(Card):
    """Frames the diagram."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("network", "Network")
        self.chooser = Choice("Derived network", "Choose the small network whose gradient is derived", 12)
        self._session = session = desk.session
        self.chooser.chosen.connect(lambda name: session.choose_formula(session.find(name)))
        self.word = QLabel("Derived")
        self.word.setProperty("role", "dim")
        self.word.setBuddy(self.chooser)
        self.add_control(self.word)
        self.add_control(self.chooser)
        session.formula_changed.connect(self._follow)
        self.chooser.show_choice(session.formula.name, session.formula.title)
        desk.when_complete(lambda: self._follow(session.formula))  # reading twenty files can wait

    def show_choice(self, visible: bool) -> None:
        """Shows the choice of the derived network only while that is what the diagram shows."""
        self.word.setVisible(visible)
        self.chooser.setVisible(visible)

    def _follow(self, experiment: Experiment) -> None:
        """Offers the bundled networks and, below them, those that were on the desk: the way back to the former one."""
        bundled, opened = (example(name) for name in EXAMPLES), self._session.opened
        groups = [[(item.name, item.title) for item in items if is_readable(item)] for items in (bundled, opened)]
        self.chooser.offer(*(group for group in groups if group))
        self.chooser.show_choice(experiment.name, experiment.title)
