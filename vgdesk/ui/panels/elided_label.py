"""A line of text that gives way: it never forces its panel to be wider, and has an … where it does not fit."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOption, QWidget

from vgdesk.ui.painting import without_last_parts

_PARTS = re.compile(r" (?:\+|·|\() ?")
"""What begins a part of a title: "... + tanh", "... · step 3", "... (sigmoid → tanh)"."""
_LEAST = 28
"""Pixels of a title's beginning that are always shown."""


class ElidedLabel(QLabel):
    """Shows as much of its text as there is room for, and nothing where that would be a few letters.

    Its tooltip is the `explanation`, with the whole text before it where that is cut: at its end, or where it
    `keeps_end` before as much of its end as fits, for the end of a title tells what was changed, or when.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, keeps_end: bool = False) -> None:
        super().__init__(text, parent)
        self._explanation = ""
        self._briefs: tuple[str, ...] = ()
        self._keeps_end = keeps_end
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

    @property
    def briefs(self) -> tuple[str, ...]:
        """What is shown instead where the text does not fit: the first of these that does, before anything is cut."""
        return self._briefs

    @briefs.setter
    def briefs(self, texts: tuple[str, ...]) -> None:
        if texts != self._briefs:
            self._briefs = texts
            self.update()

    @property
    def shown(self) -> str:
        """The text, or what of it fits: a brief one, fewer parts of the last of these, or a cut one."""
        metrics, text, width = self.fontMetrics(), self.text(), self.contentsRect().width()

        def fits(words: str) -> bool:
            return metrics.horizontalAdvance(words) <= width

        texts = (text, *self._briefs)
        if fitting := next(filter(fits, texts), ""):
            return fitting
        text = texts[-1]
        for part in _PARTS.finditer(text) if self._keeps_end else ():
            room = width - metrics.horizontalAdvance(text[part.start() :])
            if room >= _LEAST:
                head = metrics.elidedText(text[: part.start()], Qt.TextElideMode.ElideRight, room)
                return head + text[part.start() :]
        whole = text if self._keeps_end else without_last_parts(text, fits)
        cut = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, width)
        return cut if cut == whole or width >= self.least_pixels else ""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.shown
        whole = self.text() if shown != self.text() else ""
        self.setToolTip("\n".join(filter(None, (whole, self._explanation))))
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawItemText(
            painter, room, int(self.alignment()), option.palette, self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()
