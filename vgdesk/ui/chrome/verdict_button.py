"""The verdict at the left of the status bar, in every workspace: what becomes of the gradient.

A click opens the Diagnose workspace.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from vgdesk.present.diagnosis import mean_words, verdict_line, verdict_tone
from vgdesk.records.finding import Diagnosis
from vgdesk.ui.tint import tint

_MARGIN = 18


class VerdictButton(QPushButton):
    """Shows a diagnosis in one line and ends it in … where there is no room."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._words = self._mean = ""
        self.setObjectName("verdict")
        self.setFlat(True)
        self.setProperty("verdict", True)
        self.setAccessibleName("Verdict")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        self.hide()

    @property
    def words(self) -> str:
        """The whole line."""
        return self._words

    def show_diagnosis(self, diagnosis: Diagnosis | None) -> None:
        """Shows another diagnosis; None for none."""
        words, self._mean = verdict_line(diagnosis), mean_words(diagnosis)
        self.setVisible(bool(words))
        if words != self._words:
            self._words = words
            self.setAccessibleDescription(words)
            self.updateGeometry()
            self._fit()
        if diagnosis is not None:
            tint(self, verdict_tone(diagnosis.verdict))

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words) + _MARGIN + 4
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - _MARGIN
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))
        self.setToolTip("\n".join(filter(None, (self._words, self._mean, "Open the Diagnose workspace"))))
