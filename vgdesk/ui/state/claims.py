"""What became of the claims that were tested in this window, which are being tested, and whose experiment is opened."""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.studies import ClaimExperiment, ClaimsJob, OpenClaimJob
from vgdesk.records.claim import ClaimOutcome, claims
from vgdesk.ui.state.studies import Studies


class Claims(QObject):
    """Tests claims in processes of their own; each outcome arrives as soon as it is found.

    `opened` carries a claim's number and the experiment that was asked for.
    """

    changed = Signal()
    opened = Signal(int, object)

    def __init__(self, studies: Studies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studies = studies
        self._jobs: dict[int, set[int]] = {}
        self._opening = -1
        self.last_opened = 1
        self.outcomes: dict[int, ClaimOutcome] = {}
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(lambda number, _: self._end(number))

    @property
    def running(self) -> frozenset[int]:
        """Numbers of the claims whose outcome is still to come."""
        return frozenset().union(*self._jobs.values())

    def test(self, *numbers: int) -> None:
        """Begins to test claims, all of them without numbers; those that are being tested already are left alone."""
        asked = numbers or tuple(known.number for known in claims())
        wanted = tuple(number for number in asked if number not in self.running)
        if wanted:
            words = f"testing claim {wanted[0]}" if len(wanted) == 1 else f"testing {len(wanted)} claims"
            self._jobs[self._studies.begin(ClaimsJob(numbers=wanted), words)] = set(wanted)
            self.changed.emit()

    def open(self, number: int, arm: str) -> None:
        """Asks for the experiment of a claim's arm; one that was asked for before and is not here yet is forgotten."""
        self._studies.cancel(self._opening)
        self.last_opened = number
        self._opening = self._studies.begin(OpenClaimJob(number=number, arm=arm), f"opening claim {number}")

    def stop(self) -> None:
        """Ends all tests; what has been found stays."""
        for job in list(self._jobs):
            self._studies.cancel(job)
            self._end(job)

    def _take(self, job: int, part: object) -> None:
        if job in self._jobs and isinstance(part, ClaimOutcome):
            self.outcomes[part.number] = part
            self._jobs[job].discard(part.number)
            self.changed.emit()
        elif job == self._opening and isinstance(part, ClaimExperiment):
            self.opened.emit(part.number, part.experiment)

    def _end(self, job: int) -> None:
        if self._jobs.pop(job, None) is not None:
            self.changed.emit()
