"""A line that names as many of several things as two lines of text hold, and counts the others; its tooltip has all."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from vgdesk.present.race import listed
from vgdesk.ui.typeset import unbroken

MOST_LINES = 2


class NamesLabel(QLabel):
    """Shows what `lead` says of all `names`; hidden where there is none."""

    def __init__(self, lead: str) -> None:
        super().__init__()
        self._lead = lead
        self._names: tuple[str, ...] = ()
        self.setWordWrap(True)
        self.hide()

    def show_names(self, names: tuple[str, ...]) -> None:
        """Names other things."""
        self._names = names
        self.setVisible(bool(names))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = listed(self._lead, self._names)
        most = next((most for most in range(len(self._names), 1, -1) if self._has_room(most)), 1)
        words = unbroken(listed(self._lead, self._names, most))
        if words != self.text():
            self.setText(words)
        self.setToolTip(whole if most < len(self._names) else "")

    def _has_room(self, most: int) -> bool:
        words = unbroken(listed(self._lead, self._names, most))
        room = QRect(0, 0, self.contentsRect().width(), 10_000)
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        return needed.height() <= MOST_LINES * self.fontMetrics().lineSpacing()
