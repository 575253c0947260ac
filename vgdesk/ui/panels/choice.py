"""A combo box of (key, words) pairs that tells only what a person chose.

`show_choice` sets what is shown without a signal; `chosen` fires only for a person's choice. So state and widget cannot
chase each other, and no signal is ever blocked.
"""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

ROOM_AROUND_TEXT = 44
"""Pixels for frame, padding and arrow."""


class Choice(QComboBox):
    """Offers keys by their words."""

    chosen = Signal(str)

    def __init__(self, name: str, tip: str, letters: int = 8) -> None:
        super().__init__()
        self._widest = 0
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def offer(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Replaces what is offered; the popup is as wide as its longest words."""
        self.clear()
        for key, words in pairs:
            self.addItem(words, key)
        width = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self._widest = width
        self.view().setMinimumWidth(width + 40)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        least = super().sizeHint()
        return QSize(max(least.width(), self._widest + ROOM_AROUND_TEXT), least.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()

    def show_choice(self, key: str, words: str = "") -> None:
        """Shows a key; one that is not offered is added under its words."""
        if self.findData(key) < 0:
            self.addItem(words or key, key)
        self.setCurrentIndex(self.findData(key))

    def keys(self) -> list[str]:
        """Returns the offered keys in order."""
        return [self.itemData(index) for index in range(self.count())]
