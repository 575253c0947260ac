"""The remedy race of the window: begun, followed lane by lane, cancelled; the selected lane is applied."""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.studies import Found, RaceJob
from vgdesk.records.race import AS_IT_IS, Race
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.remedies import Remedies
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies

STEPS = 500


class Races(QObject):
    """Holds the latest race, which stays when another experiment is laid on the desk; `changed` tells of progress."""

    changed = Signal()
    examined = Signal(object, object)
    """Carries what was raced and the diagnosis of it as it is, which saw every sign."""

    def __init__(self, session: Session, studies: Studies, remedies: Remedies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._studies, self._remedies = session, studies, remedies
        self._number = -1
        self._race: Race | None = None
        self._raced: Experiment | None = None
        self._applied: Experiment | None = None
        self._selected, self._was_stale = "", False
        session.training_changed.connect(lambda _: self._follow_desk())
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(lambda number, _: self._end(number))

    @property
    def race(self) -> Race | None:
        """The race so far; None before the first training has ended."""
        return self._race

    @property
    def raced(self) -> Experiment | None:
        """What was sick."""
        return self._raced

    @property
    def is_stale(self) -> bool:
        """Whether the desk holds another experiment than the one that was raced, with or without a lane's remedy."""
        return self._raced is not None and self._session.training not in (self._raced, self._applied)

    @property
    def is_running(self) -> bool:
        """Whether lanes are being trained."""
        return self._number >= 0

    @property
    def selected(self) -> str:
        """Name of the lane that is selected, "" for none."""
        return self._selected

    def begin(self, combinations: tuple[str, ...] = ()) -> None:
        """Races the experiment on the desk against every remedy, and against further combinations, from the start."""
        self.cancel()
        self._race, self._raced, self._selected = None, self._session.training, ""
        self._applied, self._was_stale = None, False
        job = RaceJob(experiment=self._raced, combinations=combinations, steps=STEPS)
        self._number = self._studies.begin(job, "racing remedies")
        self.changed.emit()

    def begin_with_ticked(self) -> None:
        """Races as `begin` does, and lets the ticked remedies take part together."""
        chosen = self._remedies.chosen
        is_several = chosen is not None and len(self._remedies.ticked) > 1
        self.begin((chosen.name,) if chosen is not None and is_several else ())

    def cancel(self) -> None:
        """Ends the race; the lanes that are through stay."""
        if self.is_running:
            self._studies.cancel(self._number)
            self._end(self._number)

    def select(self, name: str) -> None:
        """Selects a lane, "" for none."""
        if name != self._selected:
            self._selected = name
            self.changed.emit()

    def apply_selected(self) -> None:
        """Puts the raced experiment with the selected lane's remedy on the desk and trains it, unless it is stale."""
        if self._raced is None or not self._selected or self.is_stale:
            return
        if self._selected == AS_IT_IS:
            self._remedies.put_on_desk(self._raced, "apply no remedy")
        else:
            self._remedies.apply(self._raced, self._selected)
        self._applied = self._session.training
        self._follow_desk()

    def _follow_desk(self) -> None:
        if self.is_stale is not self._was_stale:
            self._was_stale = self.is_stale
            self.changed.emit()

    def _take(self, number: int, part: object) -> None:
        if number == self._number and isinstance(part, Found) and part.race is not None:
            self._race = part.race
            current = next((lane for lane in part.race.lanes if lane.name == AS_IT_IS and lane.trials), None)
            if current is not None:
                self.examined.emit(self._raced, current.trials[0].diagnosis)
            self.changed.emit()

    def _end(self, number: int) -> None:
        if number == self._number:
            self._number = -1
            self.changed.emit()
