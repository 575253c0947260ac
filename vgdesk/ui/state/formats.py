"""What number formats store of the training experiment's gradient: asked for in a process of its own, then shown."""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.studies import FormatsJob, Found
from vgdesk.records.format_loss import FormatReport
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies


class Formats(QObject):
    """Holds the report on show. `changed` tells of a new one, of a new question, and of a failure."""

    changed = Signal()

    def __init__(self, session: Session, studies: Studies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._studies = session, studies
        self.report: FormatReport | None = None
        self.title, self.failure = "", ""
        self._number, self._asked = -1, (None, 0)
        self._is_wanted = False
        self.step = 0
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(self._fail)
        session.training_changed.connect(lambda _: self._ask() if self._is_wanted else None)

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._number >= 0

    @property
    def last_step(self) -> int:
        """The last step that can be asked for."""
        return self._session.training.training.steps

    def follow(self, is_wanted: bool) -> None:
        """Says whether the answer is on show, so that it has to follow the experiment on the desk."""
        self._is_wanted = is_wanted
        if is_wanted:
            self._ask()

    def choose_step(self, step: int) -> None:
        """Asks for the gradient after so many updates."""
        self.step = step
        self._ask()

    def _ask(self) -> None:
        experiment: Experiment = self._session.training
        wanted = (experiment, min(self.step, self.last_step))
        if wanted == self._asked:
            return
        if self.is_running:
            self._studies.cancel(self._number)
        self._asked, self.report, self.failure = wanted, None, ""
        self.title = experiment.title
        self._number = self._studies.begin(
            FormatsJob(experiment=experiment, step=wanted[1]), "comparing number formats"
        )
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
            self._asked = (None, 0)
            self.changed.emit()
