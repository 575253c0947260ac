"""Colours by meaning, light and dark, and the palette and style sheet made from them.

Text contrast is at least 4.5:1 on its ground. Blue means measured, orange means alert; nothing is told by colour alone.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from vgdesk.present.tone import Tone


@dataclass(frozen=True)
class Theme:
    """Names every colour of the window as "#rrggbb"."""

    name: str
    window: str
    panel: str
    raised: str
    border: str
    text: str
    dim: str
    accent: str
    accent_text: str
    measured: str
    alert: str
    symbolic: str
    theory: str
    grid: str
    wire: str
    highlight: str
    """Ground of a lit factor; opaque."""

    def tone(self, tone: Tone) -> QColor:
        """Returns the colour of a scene's tone."""
        return QColor(self.text if tone is Tone.HELD_OUT else getattr(self, tone))


LIGHT = Theme(
    name="light",
    window="#f3f5f8",
    panel="#ffffff",
    raised="#e9edf2",
    border="#dbe0e7",
    text="#161b26",
    dim="#5b6675",
    accent="#0b63c4",
    accent_text="#ffffff",
    measured="#3a6cb3",
    alert="#c2410c",
    symbolic="#4a5568",
    theory="#5b6675",
    grid="#e6eaef",
    wire="#c3cad4",
    highlight="#fbe3d8",
)
DARK = Theme(
    name="dark",
    window="#14171c",
    panel="#1c2027",
    raised="#2a3039",
    border="#2f3641",
    text="#e8ecf2",
    dim="#9aa5b4",
    accent="#6cb2ff",
    accent_text="#0c1420",
    measured="#6ea3ea",
    alert="#ff9a5c",
    symbolic="#b4bfcc",
    theory="#9aa5b4",
    grid="#2a3039",
    wire="#4a5362",
    highlight="#4a3326",
)
THEMES = {"light": LIGHT, "dark": DARK}


class ThemeState(QObject):
    """Holds the theme in use; `changed` carries the new `Theme`."""

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def current(self) -> Theme:
        """The theme in use."""
        return self._theme

    def choose(self, name: str) -> None:
        """Switches to "light" or "dark"."""
        if name != self._theme.name:
            self._theme = THEMES[name]
            self.changed.emit(self._theme)
