"""The verdict at the left of the status bar, in every workspace: what becomes of the gradient.

A click opens the Diagnose workspace.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from vgdesk.present.diagnosis import mean_words, verdict_lines, verdict_tone
from vgdesk.records.finding import Diagnosis
from vgdesk.ui.tint import tint

_MARGIN = 18


class VerdictButton(QPushButton):
    """Shows a diagnosis in one line, in fewer words where there is little room; only the last of these ends in …."""

    changed = Signal()

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ("",)
        self._mean = ""
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
        return self._lines[0]

    @property
    def least_pixels(self) -> int:
        """The room for the verdict without its numbers; 0 where there is none."""
        head, colon, _ = self._lines[-1].partition(":")
        width = self.fontMetrics().horizontalAdvance(f"{head}{colon}…" if colon else head)
        return width + _MARGIN + 4 if self.words else 0

    def show_diagnosis(self, diagnosis: Diagnosis | None) -> None:
        """Shows another diagnosis; None for none."""
        lines, self._mean = verdict_lines(diagnosis), mean_words(diagnosis)
        self.setVisible(bool(lines[0]))
        if lines != self._lines:
            self._lines = lines
            self.setAccessibleDescription(self.words)
            self.updateGeometry()
            self._fit()
            self.changed.emit()
        if diagnosis is not None:
            tint(self, verdict_tone(diagnosis.verdict))

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.words) + _MARGIN + 4
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.least_pixels, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = [(line, self._elided(line)) for line in self._lines]
        self.setText(next((line for line, elided in shown if line == elided), shown[-1][1]))
        self.setToolTip("\n".join(filter(None, (self.words, self._mean, "Open the Diagnose workspace"))))

    def _elided(self, line: str) -> str:
        return self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width() - _MARGIN)
