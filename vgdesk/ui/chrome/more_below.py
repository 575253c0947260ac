"""A list that goes on below its edge fades out there, so that half a row reads as "scroll on" and not as a fault."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from vgdesk.ui.theme import ThemeState

HEIGHT = 26


class MoreBelow(QWidget):
    """Lies over the lower edge of a scroll area while there is something below; the mouse goes through it."""

    def __init__(self, area: QAbstractScrollArea, themes: ThemeState) -> None:
        super().__init__(area)
        self._area, self._themes = area, themes
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        area.viewport().installEventFilter(self)
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(lambda _: self._follow())
        bar.rangeChanged.connect(lambda *_: self._follow())
        themes.changed.connect(self.update)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays at the edge when the area takes another size."""
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        clear, full = QColor(self._themes.current.panel), QColor(self._themes.current.panel)
        clear.setAlpha(0)
        fade = QLinearGradient(QPointF(0, 0), QPointF(0, self.height()))
        fade.setColorAt(0.0, clear)
        fade.setColorAt(1.0, full)
        painter = QPainter(self)
        painter.fillRect(self.rect(), fade)
        painter.end()

    def _follow(self) -> None:
        seen, bar = self._area.viewport().geometry(), self._area.verticalScrollBar()
        self.setGeometry(seen.left(), seen.bottom() + 1 - HEIGHT, seen.width(), HEIGHT)
        self.setVisible(bar.value() < bar.maximum())
        self.raise_()
