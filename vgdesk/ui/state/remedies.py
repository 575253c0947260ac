"""The remedies for what is trained: what each would change, which are ticked, and how they get onto the desk.

Offers are made one after the other between two frames: of a network of a hundred layers all of them take 40 ms.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.diagnosis.remedies.catalogue import JOIN, REMEDIES, apply_remedies, offer
from vgdesk.diagnosis.remedies.titles import with_remedy_named
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Offer
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import EXAMPLES
from vgdesk.ui.state.edits import renamed
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.runs import Runs, RunState
from vgdesk.ui.state.session import Session


class Remedies(QObject):
    """Holds the offers; `changed` fires when there are others, or others are ticked."""

    changed = Signal()

    def __init__(self, session: Session, runs: Runs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runs, self._messages = session, runs, messages
        self._offers: dict[str, Offer] = {}
        self._ticked: tuple[str, ...] = ()
        self._chosen: Offer | None = None
        self._begun = False
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._offer_next)
        session.training_changed.connect(lambda _: self._begin_anew())

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered, in the order of the catalogue; nothing before `begin` and while offers are being made."""
        return tuple(self._offers.values()) if self.is_complete else ()

    @property
    def is_complete(self) -> bool:
        """Whether every remedy has been looked at."""
        return len(self._offers) == len(REMEDIES)

    @property
    def ticked(self) -> tuple[str, ...]:
        """Names of the remedies that are ticked."""
        return self._ticked

    @property
    def chosen(self) -> Offer | None:
        """What is ticked, as one offer, which may have a reason why it does not go together; None for nothing."""
        return self._chosen

    @property
    def can_apply(self) -> bool:
        """Whether what is ticked can be applied."""
        return self._chosen is not None and self._chosen.experiment is not None

    def begin(self) -> None:
        """Begins to make offers; nobody looks at them before."""
        if not self._begun:
            self._begun = True
            self._begin_anew()

    def tick(self, name: str, is_ticked: bool) -> None:
        """Takes a remedy into the combination, or out of it."""
        kept = tuple(one for one in self._ticked if one != name)
        self._tick((*kept, name) if is_ticked else kept)

    def apply_ticked(self) -> None:
        """Puts the experiment with what is ticked on the desk and trains it."""
        if self._chosen is not None:
            self.apply(self._session.training, self._chosen.name)

    def apply(self, experiment: Experiment, names: str) -> None:
        """Puts an experiment with a remedy, or several joined by "+", on the desk as one edit, and trains it."""
        try:
            title = offer(experiment, names).title
            changed = treated(experiment, apply_remedies(experiment, names), title)
        except SpecError as error:
            self._messages.post(str(error), "remedy")
            return
        self._messages.settle("remedy")
        self.put_on_desk(changed, f"apply {title}")

    def put_on_desk(self, experiment: Experiment, words: str) -> None:
        """Trains another experiment from the beginning; `words` say in the menu what is undone."""
        was_running = self._runs.state in (RunState.RUNNING, RunState.STARTING)
        self._session.edit_training(experiment, words)
        if not was_running:
            self._runs.restart()

    def _tick(self, names: tuple[str, ...]) -> None:
        self._ticked = names
        self._chosen = offer(self._session.training, JOIN.join(names)) if self._goes_together(names) else self._chosen
        if not names:
            self._chosen = None
        self.changed.emit()

    def _goes_together(self, names: tuple[str, ...]) -> bool:
        """Whether no two set the same thing; what was ticked last gives way where they do."""
        if not names:
            return False
        try:
            offer(self._session.training, JOIN.join(names))
        except SpecError as error:
            self._messages.post(str(error), "remedy")
            self._ticked = names[:-1]
            return False
        self._messages.settle("remedy")
        return True

    def _begin_anew(self) -> None:
        self._offers, self._ticked, self._chosen = {}, (), None
        if self._begun:
            self._timer.start()
            self.changed.emit()

    def _offer_next(self) -> None:
        missing = [name for name in REMEDIES if name not in self._offers]
        if missing:
            self._offers[missing[0]] = offer(self._session.training, missing[0])
        if self.is_complete:
            self._timer.stop()
            self.changed.emit()


def treated(before: Experiment, after: Experiment, remedy: str) -> Experiment:
    """Returns the treated experiment under a name of its own; its title says with what it was treated."""
    named = renamed(after)
    return named if named.name in EXAMPLES else with_remedy_named(before, named, remedy)
