"""What number formats store of the training experiment's gradient: asked for in a process of its own, then shown."""

from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.engine.studies import FormatsJob, Found
from vgdesk.records.format_loss import FormatReport
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies

PAUSE_MS = 300
"""Time for further edits before a process is begun for them."""


class Formats(QObject):
    """Holds the report on show. `changed` tells of a new one, of a new question, and of a failure."""

    changed = Signal()

    def __init__(self, session: Session, studies: Studies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._studies = session, studies
        self.report: FormatReport | None = None
        self.title, self.failure = "", ""
        self.step = 0
        self._number = -1
        self._asked: tuple[Experiment, int] | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._begin)
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._number >= 0

    @property
    def last_step(self) -> int:
        """The last step that can be asked for."""
        return self._session.training.training.steps

    def ask(self) -> None:
        """Asks about the experiment on the desk, unless that was asked before; edits in a row are asked about once."""
        if self._question != self._asked and not self._timer.isActive():
            self._timer.start()

    def choose_step(self, step: int) -> None:
        """Asks for the gradient after so many updates."""
        self.step = step
        self.ask()

    @property
    def _question(self) -> tuple[Experiment, int]:
        return self._session.training, min(self.step, self.last_step)

    def _begin(self) -> None:
        if self.is_running:
            self._studies.cancel(self._number)
        experiment, step = self._asked = self._question
        self.report, self.title, self.failure = None, experiment.title, ""
        self._number = self._studies.begin(FormatsJob(experiment=experiment, step=step), "comparing number formats")
        self.changed.emit()

    def _take(self, number: int, part: object) -> None:
        if number == self._number and isinstance(part, Found) and part.formats is not None:
            self.report = part.formats
            self.changed.emit()

    def _end(self, number: int) -> None:
        if number == self._number:
            self._number = -1
            self.changed.emit()

    def _fail(self, number: int, sentence: str) -> None:
        if number == self._number:
            self._number, self.failure = -1, sentence
            self.changed.emit()
