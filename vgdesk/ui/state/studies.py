"""Long jobs of the window: begun, followed part by part, cancelled; the status bar says what is being done.

number = studies.begin(RaceJob(experiment=...), "racing remedies")
studies.progressed.connect(lambda number, part: ...)       parts: `vgdesk.engine.studies.AnyPart`
"""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, StudyFinished, StudyProgress
from vgdesk.engine.studies import AnyJob
from vgdesk.ui.state.jobs import Jobs


class Studies(QObject):
    """Follows long jobs by the number that `begin` returns."""

    progressed = Signal(int, object)
    finished = Signal(int)
    failed = Signal(int, str)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._words: dict[int, str] = {}
        jobs.answered.connect(self._take)

    @property
    def running(self) -> tuple[int, ...]:
        """Numbers of the jobs that are being done."""
        return tuple(self._words)

    def begin(self, job: AnyJob, words: str) -> int:
        """Begins a job; `words` say in the status bar what is done. Returns its number."""
        number = self._jobs.ask().study(job)
        self._words[number] = words
        self._jobs.note(_key(number), words, number)
        return number

    def cancel(self, number: int) -> None:
        """Ends a job; nothing more comes of it, not even `finished`."""
        if number in self._words:
            self._jobs.ask().cancel_study(number)
            self._forget(number)

    def _take(self, event: object) -> None:
        match event:
            case StudyProgress() if event.generation in self._words:
                self.progressed.emit(event.generation, event.part)
            case StudyFinished() if event.generation in self._words:
                self._forget(event.generation)
                self.finished.emit(event.generation)
            case JobFailed() if event.generation in self._words:
                self._forget(event.generation)
                self._jobs.complain("study", event.sentence)
                self.failed.emit(event.generation, event.sentence)
            case _:
                pass

    def _forget(self, number: int) -> None:
        del self._words[number]
        self._jobs.note(_key(number), "")


def _key(number: int) -> str:
    return f"study {number}"
