"""The panel of a sweep's map: what its colours tell is chosen here, and the axes where there are more than two."""

from vgdesk.present.sweep_map import MEASURE_WORDS
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.maps import Maps

WIDEST = 200
"""Pixels of a choice; its list is as wide as its longest words."""


class MapCard(Card):
    """Frames the map."""

    def __init__(self, maps: Maps) -> None:
        super().__init__("map", "Map of a sweep")
        self._maps = maps
        self.along_x = Choice("Field along x", "The field whose values run to the right", 4)
        self.along_y = Choice("Field along y", "The field whose values run upwards", 4)
        self.measures = Choice("Colours of the map", "Choose what the colours tell", 4)
        self.measures.offer(MEASURE_WORDS.items())
        self.measures.show_choice(maps.measure)
        self.measures.chosen.connect(maps.choose_measure)
        self.along_x.chosen.connect(lambda field: maps.choose_fields(field, maps.fields[1]))
        self.along_y.chosen.connect(lambda field: maps.choose_fields(maps.fields[0], field))
        for chooser in (self.along_x, self.along_y, self.measures):
            chooser.setMaximumWidth(WIDEST)
            self.add_control(chooser)
        self._offered: list[str] = []
        maps.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        fields = [axis.field for axis in self._maps.plan.sweep.axes] if self._maps.plan else []
        self.measures.show_choice(self._maps.measure)
        for chooser, shown in zip((self.along_x, self.along_y), self._maps.fields, strict=True):
            if fields != self._offered:
                chooser.offer((field, field) for field in fields)
            chooser.setVisible(len(fields) > 2)
            if len(fields) > 2:
                chooser.show_choice(shown)
        self._offered = fields
