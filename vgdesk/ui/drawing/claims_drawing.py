"""Draws the Claims workspace."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.claims import claims_scene
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk


class ClaimsDrawing(QObject):
    """Draws "claims"."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws the panel."""
        return {"claims": self._draw}

    def _draw(self) -> None:
        scene = claims_scene(self._desk.claims.outcomes, self._desk.claims.running)
        self._cards["claims"].show_scene(scene, scene.summary)
