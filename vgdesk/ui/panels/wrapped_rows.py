"""Rows of a list whose text is broken into lines: none is wider than the list, each as high as its lines need.

Of Qt's own delegate about one row in ten asks for a few pixels more than the list is wide. All rows are then painted so
wide, and the last word of a line stands beyond the edge.
"""

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from vgdesk.ui.typeset import unbroken

SPARE = 4
"""Pixels of height over what the lines need, in sum above and below."""
_TALL = 100_000


class WrappedRows(QStyledItemDelegate):
    """Measures the rows of a list with word wrap; the list must adjust its layout when it is resized."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.text = unbroken(option.text)  # pyright: ignore[reportAttributeAccessIssue]

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = self._view.viewport().width() - 2 * self._view.spacing()
        hint = super().sizeHint(option, index)
        return QSize(min(hint.width(), width), max(self.pixels(index, width), 1))

    def pixels(self, index: QModelIndex | QPersistentModelIndex, width: int) -> int:
        """Returns how high a row of this width must be."""
        option = QStyleOptionViewItem()
        option.initFrom(self._view)  # pyright: ignore[reportAttributeAccessIssue]
        option.rect = QRect(0, 0, width, _TALL)  # pyright: ignore[reportAttributeAccessIssue]
        option.widget = self._view  # pyright: ignore[reportAttributeAccessIssue]
        self.initStyleOption(option, index)
        style = self._view.style()
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, self._view)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self._view) + 1
        words = QRect(0, 0, room.width() - 2 * margin, _TALL)
        metrics = QFontMetrics(option.font)  # pyright: ignore[reportAttributeAccessIssue]
        needed = metrics.boundingRect(words, Qt.TextFlag.TextWordWrap, unbroken(str(index.data() or "")))
        return math.ceil(needed.height()) + SPARE
