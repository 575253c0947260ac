"""What one question about the training experiment comes to: asked for in a process of its own while somebody looks."""

from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.engine.studies import AnyJob, Found
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies

PAUSE_MS = 300
"""Time for further edits before a process is begun for them."""


class Asked(QObject):
    """Holds the answer on show. `changed` tells of a new one, of a new question, and of a failure.

    Subclasses say what is asked, and take the answer.
    """

    changed = Signal()
    WORDS = ""
    """What is being done, for the status bar."""

    def __init__(self, session: Session, studies: Studies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._studies = session, studies
        self.title, self.failure = "", ""
        self._step, self._is_chosen = 0, False
        self._number = -1
        self._last: AnyJob | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._begin)
        session.training_changed.connect(self._start_over)
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(self._fail)

    def job(self) -> AnyJob:
        """Returns the question as it stands now."""
        raise NotImplementedError

    def hold(self, found: Found | None) -> bool:
        """Takes an answer, or for None lets go of the former; returns whether it was one."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._number >= 0

    @property
    def experiment(self) -> Experiment:
        """What is asked about."""
        return self._session.training

    @property
    def last_step(self) -> int:
        """The last step that can be asked for."""
        return self.experiment.training.steps

    @property
    def step(self) -> int:
        """How many updates are made before."""
        return min(self._step, self.last_step)

    def ask(self) -> None:
        """Asks about the experiment on the desk, unless that was asked before; edits in a row are asked about once."""
        if self.job() != self._last and not self._timer.isActive():
            self._timer.start()

    def choose_step(self, step: int) -> None:
        """Asks about what is there after so many updates; stays there until another experiment lies on the desk."""
        if step != self.step:
            self._step, self._is_chosen = step, True
            self.ask()

    def open_at(self, step: int) -> None:
        """Asks about the step that the window shows when somebody comes to look, unless one was chosen."""
        if not self._is_chosen and step != self._step:
            self._step = max(0, step)
            self.changed.emit()
            self.ask()

    def _start_over(self, _: Experiment) -> None:
        self._step, self._is_chosen = 0, False

    def _begin(self) -> None:
        if self.is_running:
            self._studies.cancel(self._number)
        self._last = self.job()
        self.hold(None)
        self.title, self.failure = self.experiment.title, ""
        self._number = self._studies.begin(self._last, self.WORDS)
        self.changed.emit()

    def _take(self, number: int, part: object) -> None:
        if number == self._number and isinstance(part, Found) and self.hold(part):
            self.changed.emit()

    def _end(self, number: int) -> None:
        if number == self._number:
            self._number = -1
            self.changed.emit()

    def _fail(self, number: int, sentence: str) -> None:
        if number == self._number:
            self._number, self.failure = -1, sentence
            self.changed.emit()
