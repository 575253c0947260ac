"""The table of a race: gives the remedies the room that the numbers leave."""

import math

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView

from vgdesk.ui.fonts import text_font
from vgdesk.ui.painting import text_size
from vgdesk.ui.panels.race_delegate import RaceDelegate
from vgdesk.ui.panels.race_model import PROFILE_COLUMN

PROFILE_PIXELS, SMALL_PROFILE_PIXELS = 106, 104
NAME_PIXELS = 168
"""Least width of a remedy's name; where the window is narrower the table scrolls sideways."""
HEADER_PIXELS = 13


class RaceTable(QTableView):
    """Gives the remedies the room that the numbers leave, but never less than their words need to be told apart."""

    def __init__(self) -> None:
        super().__init__()
        self._widths: dict[int, int] = {}

    def show_widths(self, widths: dict[int, int]) -> None:
        """Makes the columns with numbers so wide."""
        self._widths = widths
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._widths:
            room = self.viewport().width() - sum(self._widths.values())
            profile = PROFILE_PIXELS if room - PROFILE_PIXELS > NAME_PIXELS else SMALL_PROFILE_PIXELS
            name = max(NAME_PIXELS, room - profile)
            self.setColumnWidth(PROFILE_COLUMN, profile)
            self.setColumnWidth(0, name)
            self._fit_rows(name)

    def _fit_rows(self, name_pixels: int) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, RaceDelegate):
            for row in range(self.model().rowCount()):
                self.setRowHeight(row, delegate.row_pixels(row, name_pixels))


def header_pixels() -> int:
    """Returns the height of two lines of a header."""
    return math.ceil(2 * text_size("γ", text_font(HEADER_PIXELS).pixelSize())[1]) + 12
