"""The state objects of one window, made once and handed to whoever needs them."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings

from vgdesk.engine.client import Engine
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
from vgdesk.ui.state.memory import Memory
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.network_editor import NetworkEditor
from vgdesk.ui.state.phases import Phases
from vgdesk.ui.state.plans import Plans
from vgdesk.ui.state.predictions import Predictions
from vgdesk.ui.state.programs import Programs
from vgdesk.ui.state.quantity import Quantity
from vgdesk.ui.state.races import Races
from vgdesk.ui.state.remedies import Remedies
from vgdesk.ui.state.runs import Runs
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.sheet_route import SheetRoute
from vgdesk.ui.state.spectra import Spectra
from vgdesk.ui.state.state_search import StateSearch
from vgdesk.ui.state.studies import Studies
from vgdesk.ui.state.tables import Tables
from vgdesk.ui.state.view import View, resolve
from vgdesk.ui.state.what_if import WhatIf
from vgdesk.ui.theme import THEMES, ThemeState


@dataclass(frozen=True)
class Desk:
    """Bundles the states: what is studied, what is pointed at, what runs, what is derived, how it looks."""

    session: Session
    selection: Selection
    themes: ThemeState
    messages: Messages
    jobs: Jobs
    runs: Runs
    formulas: Formulas
    memory: Memory
    tables: Tables
    quantity: Quantity
    predictions: Predictions
    studies: Studies
    state_search: StateSearch
    what_if: WhatIf
    plans: Plans
    phases: Phases
    spectra: Spectra
    sheet_route: SheetRoute
    programs: Programs
    history: History
    editor: NetworkEditor
    claims: Claims
    diagnoses: Diagnoses
    remedies: Remedies
    races: Races
    maps: Maps
    formats: Formats
    comparisons: Comparisons
    kept_files: KeptFiles

    @property
    def view(self) -> View:
        """Which network each panel speaks of now."""
        return resolve(self.session, self.selection.pinned)


def make_desk(owner: QObject, theme: str, settings: QSettings | None, experiment: Experiment | None = None) -> Desk:
    """Makes the states of one window, owned by `owner`; no process is started yet.

    An experiment that is given lies on the desk in place of the first examples.
    """
    session, selection, messages = Session(owner), Selection(owner), Messages(owner)
    if experiment is not None:
        session.open(experiment)
    jobs = Jobs(Engine(), messages, owner)
    formulas = Formulas(session, jobs, owner)

    runs, studies = Runs(session, jobs, owner), Studies(jobs, owner)
    remedies = Remedies(session, runs, messages, owner)
    memory, comparisons = Memory(settings), Comparisons(runs, studies, messages, owner)

    predictions, plans = Predictions(session, jobs, owner), Plans(session, jobs, owner)

    return Desk(
        session=session,
        selection=selection,
        themes=ThemeState(THEMES[theme], owner),
        messages=messages,
        jobs=jobs,
        runs=runs,
        formulas=formulas,
        memory=memory,
        tables=Tables(session, jobs, messages, owner),
        quantity=Quantity(owner),
        studies=studies,
        state_search=StateSearch(session, jobs, messages, owner),
        what_if=WhatIf(session, formulas, jobs, owner),
        predictions=predictions,
        plans=plans,
        phases=Phases(session, jobs, predictions, plans, owner),
        spectra=Spectra(session, jobs, owner),
        sheet_route=SheetRoute(owner),
        programs=Programs(session, jobs, owner),
        history=History(session, owner),
        editor=NetworkEditor(session, selection, messages, formulas, owner),
        claims=Claims(studies, owner),
        diagnoses=Diagnoses(session, runs, studies, owner),
        remedies=remedies,
        races=Races(session, studies, remedies, owner),
        maps=Maps(session, studies, messages, owner),
        formats=Formats(session, studies, owner),
        comparisons=comparisons,
        kept_files=KeptFiles(comparisons, studies, jobs, memory, owner),
    )
