"""The state objects of one window, each made once, when it is first asked for, and handed to whoever needs it.

Before the first paint a window needs the first few only: what is studied, what is pointed at, how it looks, what is
remembered. The others speak with the engine or hold arrays; their modules are imported when they are made, and
`Desk.complete` makes all of them once the window has been seen. Who follows one of them waits with `when_complete`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from vgdesk.ui.state.memory import Memory
from vgdesk.ui.state.message_ends import MessageEnds
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.view import View, resolve
from vgdesk.ui.theme import THEMES, ThemeState

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QSettings

    from vgdesk.spec.experiment import Experiment
    from vgdesk.ui.state.claims import Claims
    from vgdesk.ui.state.comparisons import Comparisons
    from vgdesk.ui.state.diagnoses import Diagnoses
    from vgdesk.ui.state.formats import Formats
    from vgdesk.ui.state.formulas import Formulas
    from vgdesk.ui.state.history import History
    from vgdesk.ui.state.jobs import Jobs
    from vgdesk.ui.state.kept_files import KeptFiles
    from vgdesk.ui.state.maps import Maps
    from vgdesk.ui.state.network_editor import NetworkEditor
    from vgdesk.ui.state.phases import Phases
    from vgdesk.ui.state.plans import Plans
    from vgdesk.ui.state.predictions import Predictions
    from vgdesk.ui.state.programs import Programs
    from vgdesk.ui.state.quantity import Quantity
    from vgdesk.ui.state.races import Races
    from vgdesk.ui.state.remedies import Remedies
    from vgdesk.ui.state.runs import Runs
    from vgdesk.ui.state.saturations import Saturations
    from vgdesk.ui.state.sheet_route import SheetRoute
    from vgdesk.ui.state.spectra import Spectra
    from vgdesk.ui.state.state_search import StateSearch
    from vgdesk.ui.state.studies import Studies
    from vgdesk.ui.state.tables import Tables
    from vgdesk.ui.state.what_if import WhatIf


class Desk:
    """Bundles the states: what is studied, what is pointed at, what runs, what is derived, how it looks."""

    def __init__(self, owner: QObject, theme: str, settings: QSettings | None) -> None:
        self._owner = owner
        self._waiting: list[Callable[[], object]] | None = []
        self.session, self.selection, self.messages = Session(owner), Selection(owner), Messages(owner)
        MessageEnds(self.session, self.messages, owner)
        self.themes, self.memory = ThemeState(THEMES[theme], owner), Memory(settings)

    @property
    def view(self) -> View:
        """Which network each panel speaks of now."""
        return resolve(self.session, self.selection.pinned)

    @property
    def is_complete(self) -> bool:
        """Whether every state has been made."""
        return self._waiting is None

    def when_complete(self, then: Callable[[], object]) -> None:
        """Calls `then` once every state is there: now, or in the order of asking."""
        if self._waiting is None:
            then()
        else:
            self._waiting.append(then)

    def complete(self) -> None:
        """Makes the states that nobody has asked for yet, in the order in which they follow each other's signals."""
        for name in LATER_STATES:
            getattr(self, name)
        waiting, self._waiting = self._waiting or [], None
        for then in waiting:
            then()

    @cached_property
    def jobs(self) -> Jobs:
        from vgdesk.engine.client import Engine
        from vgdesk.ui.state.jobs import Jobs
        from vgdesk.ui.state.patience import remembered_seconds

        return Jobs(Engine(remembered_seconds(self.memory)), self.messages, self._owner)

    @cached_property
    def formulas(self) -> Formulas:
        from vgdesk.ui.state.formulas import Formulas

        return Formulas(self.session, self.jobs, self._owner)

    @cached_property
    def runs(self) -> Runs:
        from vgdesk.ui.state.runs import Runs

        runs = Runs(self.session, self.jobs, self._owner)
        runs.begun_again.connect(self.messages.tell)
        return runs

    @cached_property
    def studies(self) -> Studies:
        from vgdesk.ui.state.studies import Studies

        return Studies(self.jobs, self._owner)

    @cached_property
    def remedies(self) -> Remedies:
        from vgdesk.ui.state.remedies import Remedies

        return Remedies(self.session, self.runs, self.messages, self._owner)

    @cached_property
    def predictions(self) -> Predictions:
        from vgdesk.ui.state.predictions import Predictions

        return Predictions(self.session, self.jobs, self._owner)

    @cached_property
    def plans(self) -> Plans:
        from vgdesk.ui.state.plans import Plans

        return Plans(self.session, self.jobs, self._owner)

    @cached_property
    def tables(self) -> Tables:
        from vgdesk.ui.state.tables import Tables

        return Tables(self.session, self.jobs, self.messages, self._owner)

    @cached_property
    def quantity(self) -> Quantity:
        from vgdesk.ui.state.quantity import Quantity

        return Quantity(self._owner)

    @cached_property
    def state_search(self) -> StateSearch:
        from vgdesk.ui.state.state_search import StateSearch

        return StateSearch(self.session, self.jobs, self.messages, self._owner)

    @cached_property
    def what_if(self) -> WhatIf:
        from vgdesk.ui.state.what_if import WhatIf

        return WhatIf(self.session, self.formulas, self.jobs, self._owner)

    @cached_property
    def phases(self) -> Phases:
        from vgdesk.ui.state.phases import Phases

        return Phases(self.session, self.jobs, self.predictions, self.plans, self._owner)

    @cached_property
    def spectra(self) -> Spectra:
        from vgdesk.ui.state.spectra import Spectra

        return Spectra(self.session, self.jobs, self._owner)

    @cached_property
    def sheet_route(self) -> SheetRoute:
        from vgdesk.ui.state.sheet_route import SheetRoute

        return SheetRoute(self._owner)

    @cached_property
    def programs(self) -> Programs:
        from vgdesk.ui.state.programs import Programs

        return Programs(self.session, self.jobs, self._owner)

    @cached_property
    def history(self) -> History:
        from vgdesk.ui.state.history import History

        return History(self.session, self._owner)

    @cached_property
    def editor(self) -> NetworkEditor:
        from vgdesk.ui.state.network_editor import NetworkEditor

        return NetworkEditor(self.session, self.selection, self.messages, self.formulas, self._owner)

    @cached_property
    def claims(self) -> Claims:
        from vgdesk.ui.state.claims import Claims

        return Claims(self.studies, self._owner)

    @cached_property
    def diagnoses(self) -> Diagnoses:
        from vgdesk.ui.state.diagnoses import Diagnoses

        return Diagnoses(self.session, self.runs, self.studies, self._owner)

    @cached_property
    def races(self) -> Races:
        from vgdesk.ui.state.races import Races

        races = Races(self.session, self.studies, self.remedies, self._owner)
        races.examined.connect(self.diagnoses.take_examined)
        return races

    @cached_property
    def maps(self) -> Maps:
        from vgdesk.ui.state.maps import Maps

        return Maps(self.session, self.studies, self.messages, self._owner)

    @cached_property
    def formats(self) -> Formats:
        from vgdesk.ui.state.formats import Formats

        return Formats(self.session, self.studies, self._owner)

    @cached_property
    def saturations(self) -> Saturations:
        from vgdesk.ui.state.saturations import Saturations

        return Saturations(self.session, self.studies, self._owner)

    @cached_property
    def comparisons(self) -> Comparisons:
        from vgdesk.ui.state.comparisons import Comparisons

        return Comparisons(self.runs, self.studies, self.messages, self._owner)

    @cached_property
    def kept_files(self) -> KeptFiles:
        from vgdesk.ui.state.kept_files import KeptFiles

        return KeptFiles(self.comparisons, self.studies, self.jobs, self.memory, self._owner)


LATER_STATES = tuple(name for name, member in vars(Desk).items() if isinstance(member, cached_property))
"""Names of the states that are made when first asked for, in the order of their making."""


def begin_desk(owner: QObject, theme: str, settings: QSettings | None, experiment: Experiment | None = None) -> Desk:
    """Returns a desk with the states of the first paint, owned by `owner`; no process is started yet.

    An experiment that is given lies on the desk in place of the first examples.
    """
    desk = Desk(owner, theme, settings)
    if experiment is not None:
        desk.session.open(experiment)
    return desk


def make_desk(owner: QObject, theme: str, settings: QSettings | None, experiment: Experiment | None = None) -> Desk:
    """Returns a desk with every state made."""
    desk = begin_desk(owner, theme, settings, experiment)
    desk.complete()
    return desk
