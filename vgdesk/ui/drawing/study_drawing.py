"""Draws what long studies come to: the map of a sweep, and what number formats store of the gradient."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.number_formats import format_scene
from vgdesk.present.saturation import saturation_scene
from vgdesk.present.sweep_map import LINE_LABEL, SweepMap, sweep_map
from vgdesk.spec.trainability import trainability_title
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.maps import LINE_FIELDS, Maps


class StudyDrawing(QObject):
    """Draws "map", "formats" and "saturation"."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {"map": self._draw_map, "formats": self._draw_formats, "saturation": self._draw_saturation}

    def _draw_map(self) -> None:
        maps = self._desk.maps
        self._cards["map"].show_scene(map_scene(maps), map_words(maps))

    def _draw_formats(self) -> None:
        formats = self._desk.formats
        formats.ask()  # here, because this is called only while the panel is on show
        scene = None if formats.report is None else format_scene(formats.report, formats.title)
        self._cards["formats"].show_scene(scene, formats.title)

    def _draw_saturation(self) -> None:
        asked = self._desk.saturations
        asked.ask()  # as above
        scene = None if asked.found is None else saturation_scene(asked.found, asked.title)
        self._cards["saturation"].show_scene(scene, asked.title)


def map_scene(maps: Maps) -> SweepMap | None:
    """Returns the picture of the sweep on show."""
    if maps.plan is None:
        return None
    sweep = maps.plan.sweep
    has_line = all(name in [axis.field for axis in sweep.axes] for name in LINE_FIELDS)
    title = trainability_title(sweep) if has_line else sweep.experiment.title
    return sweep_map(maps.rows, maps.fields, maps.measure, maps.values, title, maps.limits, LINE_LABEL)


def map_words(maps: Maps) -> str:
    """Returns how far the sweep is, e.g. "412 of 900 trained · Tanh, 20 layers × 16, on digits"."""
    if maps.plan is None:
        return ""
    title = maps.plan.sweep.experiment.title
    if not maps.total:
        return f"{'reading the table' if maps.is_running else 'nothing was trained'} · {title}"
    rests = "" if maps.is_running or maps.done == maps.total else ", stopped"
    return f"{maps.done:,} of {maps.total:,} trained{rests} · {title}"
