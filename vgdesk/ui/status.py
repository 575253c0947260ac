"""The status bar: where the run stands at the left, what the processes do at the right."""

from PySide6.QtWidgets import QLabel, QStatusBar

from vgdesk.ui.panels.elided_label import ElidedLabel
from vgdesk.ui.state.jobs import Jobs


class Status(QStatusBar):
    """Shows two sentences that never push each other out of the window."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._run, self._jobs = ElidedLabel("starting"), QLabel()
        self._run.setContentsMargins(10, 3, 10, 3)
        self._jobs.setContentsMargins(10, 3, 10, 3)
        self._run.setObjectName("status")
        self._jobs.setProperty("role", "dim")
        self._jobs.setObjectName("activity")
        self.addWidget(self._run, 1)
        self.addPermanentWidget(self._jobs)
        jobs.activity_changed.connect(self._jobs.setText)

    def show_run(self, sentence: str) -> None:
        """Shows where the run stands."""
        self._run.setText(sentence)
