"""Programs that compute the gradient on show: asked for when somebody copies one, and forgotten when copied."""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, ProgramReady
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session


class Programs(QObject):
    """Asks for a program; `written` carries its language and its source."""

    written = Signal(str, str)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._wanted = -1
        jobs.answered.connect(self._take)

    def write(self, language: str) -> None:
        """Asks for a program in "numpy" or "sympy" that computes the derivative of the session's weight."""
        self._wanted = self._jobs.ask().write_program(self._session.formula, self._session.weight, language)

    def _take(self, event: object) -> None:
        match event:
            case ProgramReady() if event.generation == self._wanted:
                self._wanted = -1
                self._jobs.settle("program")
                self.written.emit(event.language, event.source)
            case JobFailed() if event.generation == self._wanted:
                self._wanted = -1
                self._jobs.complain("program", event.sentence)
            case _:
                pass
