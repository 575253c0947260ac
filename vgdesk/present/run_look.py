"""How the runs of a comparison look on screen and on paper: each its own colour, dash and marker.

Four colours that differ in lightness, too; the fifth run begins again with them, with its markers hollow.
"""

from dataclasses import dataclass
from enum import StrEnum

from vgdesk.present.scenes import Tone


class Dash(StrEnum):
    """How a line is broken."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    MIXED = "dash and dot"


class Marker(StrEnum):
    """What stands at the points of a line."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"


@dataclass(frozen=True)
class Look:
    """Is how one run is drawn."""

    tone: Tone
    dash: Dash
    marker: Marker
    is_hollow: bool

    @property
    def words(self) -> str:
        """The look in words, for screen readers."""
        return f"{self.dash} line, {'hollow' if self.is_hollow else 'filled'} {self.marker}s"


_TONES = (Tone.MEASURED, Tone.ALERT, Tone.HELD_OUT, Tone.THEORY)


def look_of(number: int) -> Look:
    """Returns the look of the run at a place, counting from 0."""
    kind, round_number = number % len(_TONES), number // len(_TONES)
    dashes, markers = tuple(Dash), tuple(Marker)
    return Look(_TONES[kind], dashes[kind], markers[kind], is_hollow=round_number % 2 == 1)
