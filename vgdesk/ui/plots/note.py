"""The sentence below a plot: broken into lines that fit, as many as the picture can spare.

Where that is not enough, its last parts (between "; ") are left out, and only then words are cut.
"""

from vgdesk.ui.painting import TICK_PIXELS, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS

_SHARE = 0.15
"""The picture comes first: a note keeps at most this share of a low panel; its whole text is in the tooltip."""

_PART = "; "


def note_lines(note: str, width: float, height: float, pixels: float = TICK_PIXELS) -> list[str]:
    """Returns the lines of a note in a plot of this width and height, in letters of this height, all in pixels.

    The last one is shortened when it is drawn where it is too long.
    """
    most = max(1, int(height * _SHARE / LINE_PIXELS))
    lines = broken(note, width, pixels)
    while len(lines) > most and _PART in note:
        note = note.rpartition(_PART)[0]
        lines = broken(note, width, pixels)
    return lines if len(lines) <= most else [*lines[: most - 1], " ".join(lines[most - 1 :])]


def broken(text: str, width: float, pixels: float = TICK_PIXELS) -> list[str]:
    """Returns a text in lines of letters `pixels` high that are no wider than that, as far as its words allow."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):  # a no-break space keeps its words together
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, pixels)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
