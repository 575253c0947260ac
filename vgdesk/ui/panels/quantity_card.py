"""A panel of a picture of one recorded quantity, with the choice of which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice

if TYPE_CHECKING:
    from vgdesk.ui.state.desk import Desk

WIDEST_BESIDE_CUT = 190
"""Pixels of the choice where it cannot be whole beside what is left of the words of the run."""


class QuantityCard(Card):
    """Frames profile or heat map."""

    def __init__(self, key: str, title: str, desk: Desk) -> None:
        super().__init__(key, title)
        self._desk = desk
        self._offered: list[tuple[str, str]] = []
        self.chooser = Choice(f"Quantity: {title}", "Choose what is shown of the recorded run", 6)
        self.chooser.chosen.connect(lambda name: desk.quantity.choose(desk.runs.history, name))
        self.chooser.setMaximumWidth(WIDEST_BESIDE_CUT)
        self.add_control(self.chooser)
        self.chooser.hide()
        desk.when_complete(self._begin)

    def show_choice(self, visible: bool) -> None:
        """Shows the choice only while the picture is of a run."""
        self.chooser.setVisible(visible and bool(self._offered))

    def _fit_heading(self) -> None:
        super()._fit_heading()
        whole = self.chooser.sizeHint().width()
        if whole > self._room_for(self.chooser):
            shown = self.chooser.shown_width()
            is_room = shown <= self._room_for(self.chooser, is_subject_cut=True)
            whole = shown if is_room else WIDEST_BESIDE_CUT
        self.chooser.setMaximumWidth(whole)

    def _begin(self) -> None:
        self._desk.runs.rows_changed.connect(self._follow)
        self._desk.quantity.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        history = self._desk.runs.history
        offered = self._desk.quantity.offered(history)
        if offered != self._offered:
            self._offered = offered
            self.chooser.offer(offered)
        self.chooser.setVisible(bool(offered))
        if offered:
            self.chooser.show_choice(self._desk.quantity.shown(history))
            self._fit_heading()
