"""A combo box of (key, words) pairs that tells only what a person chose.

`show_choice` sets what is shown without a signal; `chosen` fires only for a person's choice. So state and widget cannot
chase each other, and no signal is ever blocked.
"""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
)

_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
ROOM_AROUND_TEXT = 44
"""Pixels for frame, padding and arrow."""
LINE_ROOM = 9
"""Height of a line between two groups."""
_Index = QModelIndex | QPersistentModelIndex
MOST_VISIBLE = 30
"""Entries of a popup that are seen without scrolling."""


class _Lines(QStyledItemDelegate):
    """Is the delegate that heeds the style sheet, and draws a line for a separator, which would be an empty row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if not _is_line(index):
            super().paint(painter, option, index)
            return
        rect, palette = option.rect, option.palette  # pyright: ignore[reportAttributeAccessIssue]
        painter.setPen(palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))
        painter.setOpacity(0.5)
        painter.drawLine(rect.left() + 6, rect.center().y(), rect.right() - 6, rect.center().y())
        painter.setOpacity(1.0)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(1, LINE_ROOM) if _is_line(index) else super().sizeHint(option, index)


def _is_line(index: _Index) -> bool:
    return index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator"


class Choice(QComboBox):
    """Offers keys by their words."""

    chosen = Signal(str)
    let_go = Signal()
    """The list has closed and the keyboard did not come here by Tab: who opened it with the mouse goes on elsewhere."""

    def __init__(self, name: str, tip: str, letters: int = 8) -> None:
        super().__init__()
        self._widest = 0
        self._came_by_tab = False
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setToolTip(tip)
        self.setMaxVisibleItems(MOST_VISIBLE)
        self.setItemDelegate(_Lines(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def offer(self, *groups: Iterable[tuple[str, str]]) -> None:
        """Replaces what is offered, a line between groups."""
        self.clear()
        for number, pairs in enumerate(groups):
            if number > 0:
                self.insertSeparator(self.count())
            for key, words in pairs:
                self.addItem(words, key)
        self._widest = self._measure()
        self.updateGeometry()

    def showPopup(self) -> None:
        """Opens the list, as wide as its longest words."""
        self.view().setMinimumWidth(self._measure() + ROOM_AROUND_TEXT)
        super().showPopup()

    def hidePopup(self) -> None:
        was_open = self.view().isVisible()
        super().hidePopup()
        if was_open and not self._came_by_tab:
            QTimer.singleShot(0, self, self.let_go.emit)  # what was chosen is told first

    def focusInEvent(self, e: QFocusEvent) -> None:
        super().focusInEvent(e)
        if e.reason() is not Qt.FocusReason.PopupFocusReason:  # a closing list gives back what was here before it
            self._came_by_tab = e.reason() in _BY_TAB

    def paintEvent(self, e: QPaintEvent) -> None:
        """Shortens the words with an ellipsis where there is no room for them; Qt would cut a letter in two."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 2
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def sizeHint(self) -> QSize:
        least = super().sizeHint()
        return QSize(max(least.width(), self._widest + ROOM_AROUND_TEXT), least.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()

    def shown_width(self) -> int:
        """Returns the width in which the chosen words are whole."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) + ROOM_AROUND_TEXT

    def show_choice(self, key: str, words: str = "") -> None:
        """Shows a key, under these words where some are given; a key that is not offered is added."""
        if self.findData(key) < 0:
            self.addItem(words or key, key)
        elif words:
            self.setItemText(self.findData(key), words)
        self.setCurrentIndex(self.findData(key))

    def keys(self) -> list[str]:
        """Returns the offered keys in order."""
        data = (self.itemData(index) for index in range(self.count()))
        return [key for key in data if key is not None]

    def _measure(self) -> int:
        """Returns the width of the longest words in pixels."""
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(self.itemText(index)) for index in range(self.count())), default=0)
