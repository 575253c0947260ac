"""Draws the Compare workspace: profiles, losses and heat maps of all kept runs, and their table."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.comparison import ComparisonScene, comparison_scene
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.compared_card import ComparedCard
from vgdesk.ui.state.desk import Desk

COMPARE_PANELS = ("compared_profiles", "compared_losses", "compared_maps", "compared_runs")


class ComparisonDrawing(QObject):
    """Draws `COMPARE_PANELS` from one scene, which is made anew only when runs or quantity have changed."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._key: tuple[object, object] = (None, None)
        self._scene: ComparisonScene | None = None

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {
            "compared_profiles": self._draw_profiles,
            "compared_losses": self._draw_losses,
            "compared_maps": self._draw_maps,
            "compared_runs": self._draw_runs,
        }

    @property
    def scene(self) -> ComparisonScene | None:
        """The whole comparison, or None without runs."""
        comparisons = self._desk.comparisons
        key = comparisons.runs, comparisons.quantity
        if key[0] is not self._key[0] or key[1] != self._key[1]:
            self._key = key
            self._scene = comparison_scene(*key) if comparisons.runs else None
        return self._scene

    def _draw_profiles(self) -> None:
        scene, card = self.scene, self._cards["compared_profiles"]
        card.show_scene(scene.profiles if scene else None, scene.profiles.subtitle if scene else "")
        if isinstance(card, ComparedCard):
            card.show_choice()

    def _draw_losses(self) -> None:
        scene = self.scene
        subject = scene.losses.note or scene.losses.subtitle if scene else ""
        self._cards["compared_losses"].show_scene(scene.losses if scene else None, subject)

    def _draw_maps(self) -> None:
        scene = self.scene
        subject = " · ".join(part for part in (scene.heatmaps.title, scene.heatmaps.note) if part) if scene else ""
        self._cards["compared_maps"].show_scene(scene.heatmaps if scene else None, subject)

    def _draw_runs(self) -> None:
        scene, count = self.scene, len(self._desk.comparisons.runs)
        self._cards["compared_runs"].show_scene(scene.table if scene else None, f"{count} kept" if count else "")
