"""A line of text that gives way: it never forces its panel to be wider, and ends in … where it does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOption, QWidget


class ElidedLabel(QLabel):
    """Shows as much of its text as there is room for.

    Its tooltip is the `explanation`, with the whole text before it where that is cut.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._explanation = self._brief = ""
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

    @property
    def brief(self) -> str:
        """What is shown instead where the text does not fit, before anything is cut; "" for nothing."""
        return self._brief

    @brief.setter
    def brief(self, words: str) -> None:
        if words != self._brief:
            self._brief = words
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        metrics = self.fontMetrics()
        fits = not self._brief or metrics.horizontalAdvance(self.text()) <= room.width()
        shown = metrics.elidedText(self.text() if fits else self._brief, Qt.TextElideMode.ElideRight, room.width())
        whole = self.text() if shown != self.text() else ""
        self.setToolTip("\n".join(filter(None, (whole, self._explanation))))
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawItemText(
            painter, room, int(self.alignment()), option.palette, self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()
