"""The diagnosis of the run on show: brought forward with its rows, at most ten times a second, at most a thousandth of
a second at once.

What was seen of a run is a few numbers (`vgdesk.diagnosis.observation`), so an update costs what its new rows cost. At
full speed more rows come than fit: `MOST_ROWS` are read at once and the rest at the next frame.
"""

from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.diagnosis.diagnose import conclude, with_examined
from vgdesk.diagnosis.observation import Observation, begin, observe
from vgdesk.engine.studies import ConfidenceJob, Found
from vgdesk.records.finding import Confidence, Diagnosis
from vgdesk.records.history import RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.runs import Runs
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies

REST_MS, BEHIND_MS = 100, 16
MOST_ROWS = 200
SEEDS = 5
MOST_KEPT = 8
"""Experiments whose answers of other trainings are kept, for those who undo and redo."""


class _Asked(NamedTuple):
    experiment: Experiment
    confidence: Confidence | None
    examined: Diagnosis | None


class Diagnoses(QObject):
    """Holds the diagnosis, None before the first row; `changed` fires when it is another one."""

    changed = Signal()

    def __init__(self, session: Session, runs: Runs, studies: Studies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runs, self._studies = session, runs, studies
        self._seen: Observation | None = None
        self._rows, self._has_ended = 0, False
        self._diagnosis: Diagnosis | None = None
        self._confidence: Confidence | None = None
        self._examined: Diagnosis | None = None
        self._kept: list[_Asked] = []
        self._asking = -1
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._bring_forward)
        runs.rows_changed.connect(self._note)
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end_asking)
        studies.failed.connect(lambda number, _: self._end_asking(number))
        session.training_changed.connect(self._recall)

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The diagnosis, with what other seeds say where they were asked and what other trainings have seen."""
        if self._diagnosis is None:
            return None
        seen = with_examined(self._diagnosis, self._examined) if self._examined else self._diagnosis
        return msgspec.structs.replace(seen, confidence=self._confidence)

    def take_examined(self, experiment: Experiment, diagnosis: Diagnosis) -> None:
        """Takes the signs that the run does not record from another training, if it was one of the same experiment."""
        if experiment == self._session.training and diagnosis != self._examined:
            self._examined = diagnosis
            self._keep()
            self.changed.emit()

    @property
    def is_behind(self) -> bool:
        """Whether there are rows that were not looked at yet."""
        return self._timer.isActive()

    @property
    def is_asking(self) -> bool:
        """Whether other seeds are being trained."""
        return self._asking >= 0

    def ask_seeds(self) -> None:
        """Trains the experiment with several seeds and tells how many agree."""
        if not self.is_asking:
            job = ConfidenceJob(experiment=self._session.training, seeds=SEEDS)
            self._asking = self._studies.begin(job, f"asking {SEEDS} seeds")
            self.changed.emit()

    def _note(self) -> None:
        """Notes that rows came, or that a run began anew."""
        if self._runs.steps < self._rows or self._runs.steps == 0:
            self._begin_anew()
        elif not self._timer.isActive():
            self._timer.start(REST_MS)

    def _begin_anew(self) -> None:
        self._seen, self._rows, self._has_ended = None, 0, False
        self._timer.stop()
        if self._diagnosis is not None:
            self._diagnosis = None
            self.changed.emit()

    def _bring_forward(self) -> None:
        history = self._runs.history
        end = min(history.rows, self._rows + MOST_ROWS)
        ended = end == history.rows and history.outcome is not RunOutcome.RUNNING
        if end == self._rows and ended == self._has_ended and history.evaluations.count == 0:
            return
        seen = self._seen or begin(self._runs.running or self._session.training)
        self._seen = observe(seen, history.part(self._rows, end))
        self._rows, self._has_ended = end, ended
        if end < history.rows:
            self._timer.start(BEHIND_MS)
        found = conclude(self._seen)
        if found != self._diagnosis:
            self._diagnosis = found
            self.changed.emit()

    def _take(self, number: int, part: object) -> None:
        if number == self._asking and isinstance(part, Found) and part.diagnosis is not None:
            self._confidence, self._examined = part.diagnosis.confidence, part.diagnosis
            self._keep()

    def _end_asking(self, number: int) -> None:
        if number == self._asking:
            self._asking = -1
            self.changed.emit()

    def _keep(self) -> None:
        """Keeps what was learned of the experiment on the desk, in place of what was kept of it before."""
        asked = _Asked(self._session.training, self._confidence, self._examined)
        others = [one for one in self._kept if one.experiment != asked.experiment]
        self._kept = [*others[1 - MOST_KEPT :], asked]

    def _recall(self, experiment: Experiment) -> None:
        """Takes up what other trainings said of this experiment, as after an undo; nothing where none was asked."""
        kept = next((one for one in self._kept if one.experiment == experiment), None)
        self._confidence, self._examined = (None, None) if kept is None else (kept.confidence, kept.examined)
        if self.is_asking:
            self._studies.cancel(self._asking)
            self._asking = -1
