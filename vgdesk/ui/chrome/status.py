"""The status bar: verdict and where the run stands at the left, what the processes do at the right.

Good news ("Wrote profile.csv") takes the left place for a few seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStatusBar

from vgdesk.ui.chrome.verdict_button import VerdictButton
from vgdesk.ui.painting import PART, without_last_parts
from vgdesk.ui.panels.elided_label import ElidedLabel

if TYPE_CHECKING:
    from vgdesk.ui.state.desk import Desk

NEWS_MS = 4000
SPACING_PIXELS, ANY_PIXELS = 24, 16_777_215
KEPT_PARTS, LEAST_RUN_PIXELS, MOST_KEPT_PIXELS, PIXELS_AT_ONCE, HELD_PIXELS = 3, 160, 520, 20, 120
"""Step, loss and the gradient next to the input stay to be seen beside a verdict, which is whole in its tooltip.

Their room grows by some pixels at once, and is given back when it is much too large: the verdict beside it neither
trembles with every digit nor jumps where 0.031 follows 5.41×10⁻².
"""


class Status(QStatusBar):
    """Shows two sentences and a verdict that never push each other out of the window, nor lie on one another."""

    def __init__(self, desk: Desk, verdict: VerdictButton) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._sentence = "starting"
        self._run, self._jobs = ElidedLabel(self._sentence), ElidedLabel()
        self._run.setContentsMargins(10, 3, 10, 3)
        self._jobs.setContentsMargins(10, 3, 10, 3)
        self._run.setObjectName("status")
        self._run.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it has what is left
        self._jobs.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._jobs.setProperty("role", "dim")
        self._jobs.setObjectName("activity")
        self._news = QTimer(self, interval=NEWS_MS, singleShot=True)
        self._news.timeout.connect(self._go_back)
        self._verdict = verdict
        self.addWidget(self._run, 1)
        self.addPermanentWidget(verdict)  # what a menu says in passing may hide the run, not the verdict
        self.addPermanentWidget(self._jobs)
        self._keep_room()
        verdict.changed.connect(self._share_room)
        desk.when_complete(lambda: desk.jobs.activity_changed.connect(self.show_activity))
        desk.messages.told.connect(self._tell)

    @property
    def has_news(self) -> bool:
        """Whether news stands where the run's sentence goes."""
        return self._news.isActive()

    def show_run(self, sentence: str) -> None:
        """Shows where the run stands."""
        self._sentence = sentence
        self._keep_room()
        if not self.has_news:
            self._run.setText(sentence)

    def show_activity(self, words: str) -> None:
        """Shows what the processes do; its end is cut where there is no room for all of it."""
        self._jobs.setText(words)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _keep_room(self) -> None:
        """Keeps room for what is told first, whatever the verdict says; only the width of the window limits it."""
        kept = PART.join(self._sentence.split(PART)[:KEPT_PARTS])
        width = min(max(LEAST_RUN_PIXELS, _room_for(self._run, kept)), MOST_KEPT_PIXELS)
        if not 0 <= self._run.minimumWidth() - width <= HELD_PIXELS:
            self._run.setMinimumWidth(width)
            self._share_room()

    def _tell(self, sentence: str) -> None:
        self._run.setText(sentence)
        self._news.start()
        self._share_room()

    def _go_back(self) -> None:
        self._run.setText(self._sentence)
        self._share_room()

    def _share_room(self) -> None:
        """Has the verdict give way to what the processes do, and both to news: the verdict is back in a moment."""
        has_news, least = self.has_news, self._verdict.least_pixels
        run = self._run.sizeHint().width() if has_news else self._run.minimumWidth()
        left = self.width() - SPACING_PIXELS - run
        room = max(0, left - least)
        words = without_last_parts(self._jobs.text(), lambda some: _room_for(self._jobs, some) <= room)
        self._jobs.setFixedWidth(min(_room_for(self._jobs, words), room))
        self._verdict.setMaximumWidth(max(least, left - self._jobs.width()) if has_news else ANY_PIXELS)


def _room_for(label: ElidedLabel, words: str) -> int:
    """Returns the pixels that a label needs for some words, rounded up."""
    margins = label.contentsMargins()
    width = label.fontMetrics().horizontalAdvance(words) + margins.left() + margins.right() + 2
    return -(-width // PIXELS_AT_ONCE) * PIXELS_AT_ONCE
