"""The panels of a window, each made when it is first asked for.

Before the first paint those of the workspace on show are made; the others are made once the window has been seen.
Their modules are imported then, too (`vgdesk.ui.start.later_cards`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vgdesk.ui.chrome.workspaces import PANELS
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.panels.network_card import NetworkCard
from vgdesk.ui.panels.quantity_card import QuantityCard

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


class Cards(dict[str, Card]):
    """Holds the panels that have been made, by their keys; asking for another one makes it."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self._first: dict[str, Callable[[], Card]] = {
            "network": lambda: NetworkCard(window.desk),
            "derivation": self._derivation,
            "profile": lambda: QuantityCard("profile", "Gradient per layer", window.desk),
            "heatmap": lambda: QuantityCard("heatmap", "Heat map", window.desk),
            "loss": lambda: Card("loss", "Loss"),
            "lag": lambda: Card("lag", "Lag"),
        }

    def __missing__(self, key: str) -> Card:
        card = self[key] = self._first[key]() if key in self._first else self._later(key)
        if key in ("network", "derivation", "profile"):
            card.add_back(self._window.actions_by_id["release"])
        if key == "network":
            for name in ("edit_network", "network_table"):
                card.add_action(self._window.actions_by_id[name])
        return card

    def missing(self) -> list[str]:
        """Returns the keys of the panels that have not been made."""
        return [key for key in (*self._first, *sorted(PANELS - set(self._first))) if key not in self]

    def _derivation(self) -> Card:
        card = DerivationCard(self._window.desk)
        card.check_asked.connect(self._window.actions_by_id["show_check"].trigger)
        return card

    def _later(self, key: str) -> Card:
        from vgdesk.ui.start.later_cards import later_card

        return later_card(key, self._window)
