"""A line of text that gives way: it never forces its panel to be wider, and ends in … where it does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOption, QWidget

from vgdesk.ui.painting import without_last_parts


class ElidedLabel(QLabel):
    """Shows as much of its text as there is room for, and nothing where that would be a few letters.

    Its tooltip is the `explanation`, with the whole text before it where that is cut.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._explanation = ""
        self.least_pixels = 0
        """Room below which a cut text is not shown at all."""
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def explanation(self) -> str:
        """What the tooltip says beside the text."""
        return self._explanation

    @explanation.setter
    def explanation(self, words: str) -> None:
        if words != self._explanation:
            self._explanation = words
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _shown(self, room: int) -> str:
        metrics = self.fontMetrics()
        whole = without_last_parts(self.text(), lambda words: metrics.horizontalAdvance(words) <= room)
        shown = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room)
        return shown if shown == whole or room >= self.least_pixels else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self._shown(room.width())
        whole = self.text() if shown != self.text() else ""
        self.setToolTip("\n".join(filter(None, (whole, self._explanation))))
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawItemText(
            painter, room, int(self.alignment()), option.palette, self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()
