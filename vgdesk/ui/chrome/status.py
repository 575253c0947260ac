"""The status bar: verdict and where the run stands at the left, what the processes do at the right.

Good news ("Wrote profile.csv") takes the left place for a few seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from vgdesk.ui.painting import PART
from vgdesk.ui.panels.elided_label import ElidedLabel

if TYPE_CHECKING:
    from vgdesk.ui.state.desk import Desk

NEWS_MS = 4000
LEAST_VERDICT_PIXELS, SPACING_PIXELS, ANY_PIXELS = 60, 24, 16_777_215
KEPT_PARTS, LEAST_RUN_PIXELS, MOST_KEPT_PIXELS, PIXELS_AT_ONCE = 3, 160, 520, 20
"""Step, loss and the gradient next to the input stay to be seen beside a verdict, which is whole in its tooltip.

Their room grows by some pixels at once, so that the verdict does not tremble with every digit.
"""


class Status(QStatusBar):
    """Shows two sentences that never push each other out of the window."""

    def __init__(self, desk: Desk, verdict: QWidget) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._sentence = "starting"
        self._run, self._jobs = ElidedLabel(self._sentence), QLabel()
        self._run.setContentsMargins(10, 3, 10, 3)
        self._jobs.setContentsMargins(10, 3, 10, 3)
        self._run.setObjectName("status")
        self._keep_room()
        self._jobs.setProperty("role", "dim")
        self._jobs.setObjectName("activity")
        self._news = QTimer(self, interval=NEWS_MS, singleShot=True)
        self._news.timeout.connect(self._go_back)
        self._verdict = verdict
        self.addWidget(self._run, 1)
        self.addPermanentWidget(verdict)  # what a menu says in passing may hide the run, not the verdict
        self.addPermanentWidget(self._jobs)
        desk.when_complete(lambda: desk.jobs.activity_changed.connect(self._jobs.setText))
        desk.messages.told.connect(self._tell)

    def show_run(self, sentence: str) -> None:
        """Shows where the run stands."""
        self._sentence = sentence
        self._keep_room()
        if not self._news.isActive():
            self._run.setText(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _keep_room(self) -> None:
        """Keeps room for what is told first, whatever the verdict says; only the width of the window limits it."""
        kept = PART.join(self._sentence.split(PART)[:KEPT_PARTS])
        margins = self._run.contentsMargins()
        width = self._run.fontMetrics().horizontalAdvance(kept) + margins.left() + margins.right() + 2
        width = -(-width // PIXELS_AT_ONCE) * PIXELS_AT_ONCE
        self._run.setMinimumWidth(min(max(LEAST_RUN_PIXELS, width), MOST_KEPT_PIXELS))

    def _tell(self, sentence: str) -> None:
        self._run.setText(sentence)
        self._news.start()
        self._share_room()

    def _go_back(self) -> None:
        self._run.setText(self._sentence)
        self._share_room()

    def _share_room(self) -> None:
        """Has the verdict give way to news, for as long as it stands: the verdict is back in a moment, news is not."""
        left = self.width() - self._run.sizeHint().width() - self._jobs.sizeHint().width() - SPACING_PIXELS
        has_news = self._news.isActive()
        self._verdict.setMaximumWidth(max(LEAST_VERDICT_PIXELS, left) if has_news else ANY_PIXELS)
