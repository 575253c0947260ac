"""Dragging a number on the diagram: an input's circle, a connection's weight, a unit's bias; up is more.

The numbers may still be on their way when a drag begins; what was dragged until then counts when they arrive.
"""

from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.live import Adjustable
from vgdesk.ui.panels.number_row import slider_range
from vgdesk.ui.state.what_if import WhatIf

THRESHOLD = 4.0
"""Pixels: a click whose hand trembles is no drag."""
PIXELS_PER_RANGE = 400.0
"""So far must be dragged for the whole range of a slider."""
FINE = 0.1


class NumberDrag:
    """Turns pixels into values of the number at a place; everything on show follows each change."""

    def __init__(self, what_if: WhatIf) -> None:
        self._what_if = what_if
        self._place: Place | None = None
        self._from = self._last = 0.0
        self._start: float | None = None
        self._moved = 0.0

    @property
    def place(self) -> Place | None:
        """Where the number stands that is being dragged; None while none is."""
        return self._place if self._start is not None else None

    def begin(self, place: Place | None, y: float) -> None:
        """Notes where the mouse was pressed, and has the numbers got ready."""
        self._place, self._from, self._last, self._start, self._moved = place, y, y, None, 0.0
        if place is not None and is_number(place):
            self._what_if.offer()

    def get_ready(self) -> None:
        """Has the numbers got ready, because one may be dragged soon."""
        self._what_if.offer()

    def move(self, y: float, is_fine: bool = False) -> bool:
        """Follows the mouse; returns whether a number is being dragged."""
        if self._place is None or (self._start is None and abs(y - self._from) < THRESHOLD):
            return False
        self._moved += (self._last - y) * (FINE if is_fine else 1.0)
        self._last = y
        number = self.number(self._place)
        if number is None:
            return False
        if self._start is None:
            self._start = self._what_if.value(number.name)
        self._put(number, self._start + self._moved * _pixel(number))
        return True

    def end(self) -> None:
        """Lets go."""
        self._place = self._start = None

    def step(self, place: Place, pixels: float) -> bool:
        """Changes the number of a place as a drag over so many pixels would; returns whether there is one."""
        self._what_if.offer()
        number = self.number(place)
        if number is None:
            return False
        self._put(number, self._what_if.value(number.name) + pixels * _pixel(number))
        return True

    def number(self, place: Place) -> Adjustable | None:
        """Returns the number of a place: of a unit that is no input its bias."""
        wanted = _number_place(place)
        return next((number for number in self._what_if.numbers if number.place == wanted), None)

    def _put(self, number: Adjustable, value: float) -> None:
        low, high = (0.0, 1.0) if number.is_probability else (-1e6, 1e6)
        self._what_if.change(number.name, float(f"{min(high, max(low, value)):.4g}"))


def is_number(place: Place) -> bool:
    """Whether a place may have a number of its own."""
    return place.kind in (PlaceKind.EDGE, PlaceKind.UNIT, PlaceKind.BIAS)


def _number_place(place: Place) -> Place:
    is_hidden = place.kind is PlaceKind.UNIT and place.layer > 0
    return Place(PlaceKind.BIAS, place.layer, place.unit) if is_hidden else place


def _pixel(number: Adjustable) -> float:
    low, high = slider_range(number)
    return (high - low) / PIXELS_PER_RANGE
