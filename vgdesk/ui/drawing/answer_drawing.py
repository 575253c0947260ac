"""Draws the Diagnose workspace's own panels: the verdict, the remedies, and the race."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.diagnosis import verdict_scene
from vgdesk.present.race import RaceScene, race_scene
from vgdesk.records.race import Race
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk


class AnswerDrawing(QObject):
    """Draws "verdict", "remedies" and "race"."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._race: Race | None = None
        self._scene: RaceScene | None = None

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {"verdict": self._draw_verdict, "remedies": self._draw_remedies, "race": self._draw_race}

    def _draw_remedies(self) -> None:
        self._cards["remedies"].show_scene(self._desk.remedies.offers, self._desk.session.training.title)

    def _draw_race(self) -> None:
        race, raced = self._desk.races.race, self._desk.races.raced
        if race is not self._race:
            self._race, self._scene = race, race_scene(race) if race else None
        scene = self._scene
        subject = f"{raced.title} · {scene.words}" if raced and scene else ""
        self._cards["race"].show_scene(scene, subject)

    def _draw_verdict(self) -> None:
        diagnosis = self._desk.diagnoses.diagnosis
        scene = None if diagnosis is None else verdict_scene(diagnosis)
        self._cards["verdict"].show_scene(scene, self._desk.session.training.title)
