"""Looks for a state of the formula experiment in the symbolic process, and puts what is found on the desk."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, StateFound
from vgdesk.present.found_state import state_sentence
from vgdesk.spec.lowered import lowered
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session

_JOB = "state"


class StateSearch(QObject):
    """Searches, one at a time. `ended` carries the sentence, and whether a state was found and is on show."""

    ended = Signal(str, bool)

    def __init__(self, session: Session, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._messages = session, jobs, messages
        self._wanted = -1
        jobs.answered.connect(self._take)

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted >= 0

    def search(self, wrt: str, targets: dict[str, float], free: Iterable[str]) -> None:
        """Asks for numbers that give factors of dL/d(wrt) these values."""
        self._wanted = self._jobs.ask().find_state(self._session.formula, wrt, targets, free)
        self._jobs.note(_JOB, "searching for a state", self._wanted)

    def give_up(self) -> None:
        """Lets the answer come to nothing."""
        self._wanted = -1
        self._jobs.note(_JOB, "")

    def _take(self, event: object) -> None:
        match event:
            case StateFound() if event.generation == self._wanted:
                self.give_up()
                sentence, experiment = lowered(state_sentence(event.found)), event.found.experiment
                if experiment is not None:
                    self._session.choose_found(experiment, event.found.wrt)
                    self._messages.tell(sentence)
                self.ended.emit(sentence, experiment is not None)
            case JobFailed() if event.generation == self._wanted:
                self.give_up()
                self.ended.emit(event.sentence, False)
            case _:
                pass
