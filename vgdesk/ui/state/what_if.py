"""What if a number were another one: follows every change at once, and asks for the exact derivation when it rests.

While the panel of numbers is open, the derivation on show is kept in a form that can be told with other numbers here,
in well under a millisecond. `REST_MS` after the last change the experiment on the desk becomes the one with these
numbers, and its exact derivation takes over; an experiment that cannot hold them keeps its name, and only what is
derived changes.
"""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.engine.events import JobFailed, LiveReady
from vgdesk.present.live import LiveTeller
from vgdesk.records.live import Adjustable
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.formulas import Formulas
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.number_edits import experiment_with, why_not_kept
from vgdesk.ui.state.session import Session

REST_MS = 150


class WhatIf(QObject):
    """Holds the numbers of the formula experiment and what a person has changed of them."""

    offered = Signal()
    """Other numbers can be changed than before."""
    changed = Signal()
    """Some number has another value."""
    settled = Signal()
    """The numbers rest: the experiment on the desk becomes the one that has them, if it can."""

    def __init__(self, session: Session, formulas: Formulas, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._formulas, self._jobs = session, formulas, jobs
        self._base = session.formula
        self._is_revising = False
        self._teller: LiveTeller | None = None
        self._weight = ""
        self._changes: dict[str, float] = {}
        self._wanted = -1
        self._is_open = False
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._settle)
        jobs.answered.connect(self._take)
        session.formula_changed.connect(self._follow)
        session.weight_changed.connect(lambda _: self._ask())

    @property
    def numbers(self) -> tuple[Adjustable, ...]:
        """What can be changed, with the numbers of the experiment that was chosen; empty until that is known."""
        return self._teller.live.numbers if self._teller else ()

    @property
    def changes(self) -> Mapping[str, float]:
        """What is changed, by name."""
        return dict(self._changes)

    @property
    def sentence(self) -> str:
        """Why the experiment on the desk cannot keep the numbers that are shown; "" where it can, or has them."""
        return why_not_kept(self._base, self.numbers, self._changes) if self._changes else ""

    @property
    def is_settled(self) -> bool:
        """Whether no change waits for its exact derivation to be asked for."""
        return not self._rest.isActive() and self._wanted < 0

    def value(self, name: str) -> float:
        """Returns a number as it is now."""
        known = {number.name: number.value for number in self.numbers}
        return self._changes.get(name, known[name])

    def open(self) -> None:
        """Begins to offer numbers."""
        self._is_open = True
        self._ask()

    def offer(self) -> None:
        """Has the numbers got ready for a single change, without the panel of numbers."""
        if self._wanted < 0:
            self._ask_unless_known()

    def close(self) -> None:
        """Offers no numbers any more; what is changed stays changed."""
        self._is_open = False

    def change(self, name: str, value: float) -> None:
        """Puts another number in; everything on show follows now."""
        if name not in {number.name for number in self.numbers} or self.value(name) == value:
            return
        self._changes[name] = value
        self._tell()

    def reset(self) -> None:
        """Puts all numbers back to those of the experiment that was chosen."""
        if self._changes:
            self._changes.clear()
            self._tell()

    def _tell(self) -> None:
        derivation, teller = self._formulas.derivation, self._teller
        if teller is not None and derivation is not None and self._is_of(derivation.wrt):
            moment = teller.tell(self._changes, derivation)
            view = teller.view(self._formulas.view_name, moment)
            self._formulas.tell(moment.derivation, moment.profile, view)
        self._rest.start()
        self.changed.emit()

    def _is_of(self, wrt: str) -> bool:
        return wrt == self._weight == self._session.weight

    def _settle(self) -> None:
        """Makes the experiment on the desk the edited one, or where it cannot be, derives with the changes."""
        edited = experiment_with(self._base, self.numbers, self._changes) if self._changes else self._base
        self.settled.emit()
        if edited is None:
            self._formulas.derive_with(self._changes)
        elif edited == self._session.formula:
            self._formulas.derive_with({})
        else:
            self._rename(edited)

    def _rename(self, edited: Experiment) -> None:
        """Shows the present numbers under the new name until the exact ones come, so that nothing flickers."""
        self._is_revising = True
        self._session.revise_formula(edited)
        self._is_revising = False
        self._formulas.rename(edited)

    def _follow(self, experiment: Experiment) -> None:
        """Forgets the changes where another network was chosen."""
        if self._is_revising:
            return
        self._base = experiment
        self._changes = {}
        self._rest.stop()
        self._teller = None
        self.offered.emit()

    def _ask(self) -> None:
        """Asks for the numbers of the base experiment: the changes are relative to it."""
        if self._is_open:
            self._ask_unless_known()

    def _ask_unless_known(self) -> None:
        if self._teller is None or self._weight != self._session.weight:
            self._wanted = self._jobs.ask().enliven(self._base, self._session.weight)

    def _take(self, event: object) -> None:
        match event:
            case LiveReady() if event.generation == self._wanted:
                self._wanted = -1
                is_other = self._teller is None or self._teller.live.numbers != event.live.numbers
                self._teller, self._weight = LiveTeller(event.live), event.live.template.wrt
                if is_other:
                    self.offered.emit()
            case JobFailed() if event.generation == self._wanted:
                self._wanted = -1
                self._jobs.complain("what-if", event.sentence)
            case _:
                pass
