"""Symbols in running text, typeset: the index of σ_w, W_hh or z_Awareness smaller and lower, as formulas have it, and
no quantity such as |∂L/∂h| broken over two lines.

Unicode has no subscript for most letters, so what Qt lays out itself (labels, tooltips) is told in rich text, and what
is painted by hand is cut into pieces. Both find their indices by the one pattern here.
"""

import html
import re

INDEX = re.compile(r"(?<=\b[^\W\d_])_([^\W¹²³⁰-⁹]+)")
"""The index of a single letter; "batch_size" and "sigma_w" are words."""

QUANTITY = re.compile(r"\|[^|\s]+\|[²³]?|∂\w+/∂\w+")
"""A magnitude between its strokes, or a derivative. Unicode allows a line to end after each stroke and each slash."""
_BREAKS = re.compile(r"(?<=[|/])(?=.)")
WORD_JOINER = "\u2060"
"""Takes no room, and no line ends there."""


def unbroken(text: str) -> str:
    """Returns a text, for whatever breaks it into lines, in which no line ends inside a quantity."""
    return QUANTITY.sub(lambda found: _BREAKS.sub(WORD_JOINER, found[0]), text)


def rich(text: str) -> str:
    """Returns plain text as rich text with its indices lowered, lines kept; for labels and tooltips."""
    return INDEX.sub(r"<sub>\1</sub>", html.escape(unbroken(text), quote=False)).replace("\n", "<br>")
