"""The paper a picture is drawn on: colours, sizes, heading, and how it becomes bytes.

Colours are those of the light theme. Measures are inches and points, so that every picture sits in a page of text
without scaling. matplotlib's settings are its own defaults, never those of the user's machine, and identifiers inside
the files are salted with a constant: the same picture has the same bytes everywhere.
"""

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgdesk.present.scenes import Tone

TEXT = "#161b26"
DIM = "#5b6675"
GRID = "#e6eaef"
TONE_COLOURS = {
    Tone.MEASURED: "#3a6cb3",
    Tone.ALERT: "#c2410c",
    Tone.SYMBOLIC: "#4a5568",
    Tone.THEORY: "#5b6675",
    Tone.HELD_OUT: "#161b26",
}

WIDTH = 6.4
"""Inches: the text width of an A4 or letter page with usual margins."""

_PLOT_HEIGHT = 2.5
_TITLE_LINE, _SUBTITLE_LINE = 0.22, 0.17
_DOTS_PER_INCH = 200

_SETTINGS: dict[Any, object] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": TEXT,
    "axes.edgecolor": DIM,
    "axes.labelcolor": TEXT,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": DIM,
    "ytick.color": DIM,
    "xtick.labelcolor": TEXT,
    "ytick.labelcolor": TEXT,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.hashsalt": "vgdesk",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}
_NO_DATES = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": "vgdesk"},
    ".pdf": {"CreationDate": None, "Creator": "vgdesk", "Producer": None},
}


@contextmanager
def paper() -> Iterator[None]:
    """Applies the settings while a picture is made and encoded."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def axes_under_heading(title: str, subtitle: str, left: float = 0.72, right: float = 0.2, below: float = 0.5) -> Axes:
    """Returns the axes of a new figure with its heading; margins are inches from the plot to the paper's edge."""
    title_text = textwrap.fill(_printable(title), 74, max_lines=2, placeholder=" …")
    subtitle_text = textwrap.fill(_printable(subtitle), 100, max_lines=2, placeholder=" …")
    lines = _TITLE_LINE * (title_text.count("\n") + bool(title_text))
    heading = 0.1 + lines + _SUBTITLE_LINE * (subtitle_text.count("\n") + bool(subtitle_text)) + 0.12
    height = heading + _PLOT_HEIGHT + below
    figure = Figure(figsize=(WIDTH, height))
    style = {"ha": "left", "va": "top", "parse_math": False, "linespacing": 1.25}
    figure.text(0.1 / WIDTH, 1 - 0.1 / height, title_text, size=10.5, weight="bold", **style)
    figure.text(0.1 / WIDTH, 1 - (0.1 + lines) / height, subtitle_text, size=8.5, color=DIM, **style)
    return figure.add_axes((left / WIDTH, below / height, 1 - (left + right) / WIDTH, _PLOT_HEIGHT / height))


def say_empty(axes: Axes) -> None:
    """Writes into an axes without data that there is none."""
    axes.set(xticks=[], yticks=[])
    axes.text(0.5, 0.5, "no step recorded yet", transform=axes.transAxes, ha="center", va="center", color=DIM)


def encoded(axes: Axes, suffix: str) -> bytes:
    """Returns the picture as the bytes of a .png, .svg or .pdf file."""
    buffer = io.BytesIO()
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    figure.savefig(buffer, format=suffix[1:], dpi=_DOTS_PER_INCH, facecolor="white", metadata=_NO_DATES[suffix])
    return buffer.getvalue()


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
