"""What a colour means in every picture; the window's theme and the file exporter say which colour that is."""

from enum import StrEnum


class Tone(StrEnum):
    """What a colour means."""

    MEASURED = "measured"
    SYMBOLIC = "symbolic"
    THEORY = "theory"
    ALERT = "alert"
    HELD_OUT = "held-out"
