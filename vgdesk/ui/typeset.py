"""Symbols in running text, typeset: the index of σ_w, W_hh or z_Awareness smaller and lower, as formulas have it.

Unicode has no subscript for most letters, so what Qt lays out itself (labels, tooltips) is told in rich text, and what
is painted by hand is cut into pieces. Both find their indices by the one pattern here.
"""

import html
import re

INDEX = re.compile(r"(?<=\b[^\W\d_])_([^\W¹²³⁰-⁹]+)")
"""The index of a single letter; "batch_size" and "sigma_w" are words."""


def rich(text: str) -> str:
    """Returns plain text as rich text with its indices lowered, lines kept; for labels and tooltips."""
    return INDEX.sub(r"<sub>\1</sub>", html.escape(text, quote=False)).replace("\n", "<br>")
