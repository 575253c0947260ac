"""The status bar: verdict and where the run stands at the left, what the processes do at the right.

Good news ("Wrote profile.csv") takes the left place for a few seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from vgdesk.ui.panels.elided_label import ElidedLabel

if TYPE_CHECKING:
    from vgdesk.ui.state.desk import Desk

NEWS_MS = 4000
LEAST_RUN_PIXELS = 160
"""Step and loss stay to be seen beside a long verdict, which is whole in its tooltip."""


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
        self._run.setMinimumWidth(LEAST_RUN_PIXELS)
        self._jobs.setProperty("role", "dim")
        self._jobs.setObjectName("activity")
        self._news = QTimer(self, interval=NEWS_MS, singleShot=True)
        self._news.timeout.connect(lambda: self._run.setText(self._sentence))
        self.addWidget(self._run, 1)
        self.addPermanentWidget(verdict)  # what a menu says in passing may hide the run, not the verdict
        self.addPermanentWidget(self._jobs)
        desk.when_complete(lambda: desk.jobs.activity_changed.connect(self._jobs.setText))
        desk.messages.told.connect(self._tell)

    def show_run(self, sentence: str) -> None:
        """Shows where the run stands."""
        self._sentence = sentence
        if not self._news.isActive():
            self._run.setText(sentence)

    def _tell(self, sentence: str) -> None:
        self._run.setText(sentence)
        self._news.start()
