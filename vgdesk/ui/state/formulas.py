"""The derivation on show: asks for it whenever the formula experiment or the weight changes, and has it checked.

What was shown stays until the new one arrives, so that nothing flickers.
"""

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import DerivationReady, JobFailed, VerificationReady, ViewReady
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import Derivation, NetworkState, Verification
from vgdesk.records.derivation_views import VIEWS, GradientView
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment, Network
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session


class Formulas(QObject):
    """Holds derivation, symbolic profile and verification of the formula experiment."""

    derivation_changed = Signal()
    derived = Signal()
    """The exact derivation has come, is being made anew, could not be made, or gives way to changed numbers."""
    view_changed = Signal(str)
    verification_changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._derivation: Derivation | None = None
        self._profile: GradientProfile | None = None
        self._verification: Verification | None = None
        self._view_name, self._view = VIEWS[0], None
        self._sheet: EquationSheet | None = None
        self._view_sheet: EquationSheet | None = None
        self._wanted_derivation = self._wanted_verification = self._wanted_view = -1
        self._changes: dict[str, float] = {}
        self._is_live = False
        self._failure = ""
        self._awaits_derivation = self._awaits_verification = True

        self._asked_for: Experiment | None = None
        self._shown_for: Experiment | None = None
        jobs.answered.connect(self._take)
        session.formula_changed.connect(self._forget)
        session.weight_changed.connect(lambda _: self.derive())

    @property
    def derivation(self) -> Derivation | None:
        """The derivation of the session's weight, or the one before while it is being made."""
        return self._derivation

    @property
    def exact(self) -> Derivation | None:
        """The derivation of the formula experiment and the chosen weight at rest; None while it is being made."""
        return None if self._is_live or self._awaits_derivation else self._derivation

    @property
    def failure(self) -> str:
        """Why there is no derivation of the chosen weight, in a sentence; "" where there is, or may come."""
        return self._failure

    @property
    def start(self) -> NetworkState | None:
        """The formula experiment's numbers at its start values; None until they are known."""
        shown, now = self._shown_for, self._session.formula
        if self._derivation is None or shown is None:
            return None
        drawn_by = ("network", "initialisation", "seed", "start_values")
        is_same = all(getattr(shown, name) == getattr(now, name) for name in drawn_by)
        return self._derivation.state if is_same else None

    @property
    def view_name(self) -> str:
        """How the gradient is told: one of `vgdesk.records.derivation_views.VIEWS`."""
        return self._view_name

    @property
    def view(self) -> GradientView | None:
        """The chosen view of the derivation on show; None for its steps, or while the view is being made."""
        derivation, view = self._derivation, self._view
        is_same = derivation and view and (view.experiment, view.wrt) == (derivation.experiment, derivation.wrt)
        return view if is_same else None

    @property
    def sheet(self) -> EquationSheet | None:
        """The equations of the chosen view, or of the steps while that is being made; spelt in another process.

        While numbers are being changed (`is_live`) they are those of the last rest.
        """
        return self._view_sheet if self.view else self._sheet

    @property
    def awaits_view(self) -> bool:
        """Whether the chosen view is still being made: what is shown stays until it arrives."""
        return self._wanted_view >= 0

    @property
    def profile(self) -> GradientProfile | None:
        """The formula experiment's symbolic gradients per layer."""
        return self._profile

    @property
    def verification(self) -> Verification | None:
        """Whether three routes agree on every gradient of the formula experiment; None until that is known."""
        return self._verification

    @property
    def is_live(self) -> bool:
        """Whether numbers are being changed: what is shown is of this frame, the exact derivation is yet to come."""
        return self._is_live

    @property
    def is_awaited(self) -> bool:
        """Whether derivation, view or verification are still to come, or were never asked for."""
        return self._awaits_derivation or self._awaits_verification or self.awaits_view

    def derive(self) -> None:
        """Asks for the derivation of the session's weight."""
        self._awaits_derivation, self._failure = True, ""
        self._asked_for = self._session.formula
        chosen = self._session.formula, self._session.weight, self._changes
        self._wanted_derivation = self._jobs.ask().derive(*chosen)
        self._jobs.note("derivation", f"deriving ∂L/∂{self._session.weight}", self._wanted_derivation)
        if not self._is_live:
            self._view = None

        self._show()
        self.derived.emit()

    def derive_with(self, changes: Mapping[str, float]) -> None:
        """Asks for the derivation with some numbers changed; they stay changed until another network is chosen."""
        self._changes = dict(changes)
        self.derive()
        self._doubt()

    def tell(self, derivation: Derivation, profile: GradientProfile | None, view: GradientView | None) -> None:
        """Shows numbers that were changed just now; answers that are still on their way are of former ones."""
        was_at_rest = bool(self._failure) or not self._is_live
        self._wanted_derivation = self._wanted_view = -1
        self._awaits_derivation, self._failure = False, ""
        self._is_live = True
        self._derivation, self._view = derivation, view
        self._profile = profile or self._profile
        self.derivation_changed.emit()
        if was_at_rest:
            self.derived.emit()

    def rename(self, experiment: Experiment) -> None:
        """Has what is shown speak of an experiment that has the same numbers, until that one's derivation comes."""
        named = {"experiment": experiment.name}
        if self._derivation is not None:
            self._derivation = msgspec.structs.replace(self._derivation, **named, title=experiment.title)
        if self._profile is not None:
            self._profile = msgspec.structs.replace(self._profile, **named)
        if self._view is not None:
            self._view = msgspec.structs.replace(self._view, **named, title=experiment.title)
        self.derivation_changed.emit()

    def choose_view(self, name: str) -> None:
        """Tells the gradient in another way."""
        if name != self._view_name:
            self._view_name, self._view = name, None
            self.view_changed.emit(name)
            self.derivation_changed.emit()
            self._show()

    def _show(self) -> None:
        """Asks for the chosen view, unless it is the derivation itself."""
        self._wanted_view = -1
        self._jobs.settle("view")
        if self._view_name != VIEWS[0]:
            chosen = self._session.formula, self._session.weight, self._view_name, self._changes
            self._wanted_view = self._jobs.ask().show(*chosen)

    def verify(self) -> None:
        """Asks for the comparison of the three routes."""
        self._awaits_verification = True
        self._wanted_verification = self._jobs.ask().verify(self._session.formula, self._changes)
        self._jobs.note("verification", "checking the gradients three ways", self._wanted_verification)

    def _forget(self, experiment: Experiment) -> None:
        self._changes = {}
        self._drop_of_another_network(experiment)
        self._doubt()

    def _doubt(self) -> None:
        """Forgets the last check, which was of other numbers, and asks for one of these."""
        self._verification = None
        self.verification_changed.emit()
        self.verify()

    def _drop_of_another_network(self, experiment: Experiment) -> None:
        """Lets go of a derivation of the same name whose network was edited: its places may be no more."""
        derivation = self._derivation
        if derivation and derivation.experiment == experiment.name and _network(self._shown_for) != experiment.network:
            self._derivation = self._profile = self._view = None
            self.derivation_changed.emit()

    def _take(self, event: object) -> None:
        match event:
            case DerivationReady() if event.generation == self._wanted_derivation:
                self._derivation, self._profile, self._sheet = event.derivation, event.profile, event.sheet
                self._is_live = self._awaits_derivation = False
                self._shown_for = self._asked_for
                self._jobs.settle("derive")
                self.derivation_changed.emit()
                self.derived.emit()
            case ViewReady() if event.generation == self._wanted_view:
                self._view, self._view_sheet, self._wanted_view = event.view, event.sheet, -1
                self.derivation_changed.emit()
            case VerificationReady() if event.generation == self._wanted_verification:
                self._verification, self._awaits_verification = event.verification, False
                self._jobs.settle("verify")
                self.verification_changed.emit()
            case JobFailed() if event.generation == self._wanted_derivation:
                self._awaits_derivation, self._failure = False, event.sentence
                self._jobs.complain("derive", event.sentence)
                self.derived.emit()
            case JobFailed() if event.generation == self._wanted_view:
                self._wanted_view = -1
                self._jobs.complain("view", event.sentence)
                self.derivation_changed.emit()
            case JobFailed() if event.generation == self._wanted_verification:
                self._awaits_verification = False
                self._jobs.complain("verify", event.sentence)
            case _:
                pass


def _network(experiment: Experiment | None) -> Network | None:
    return experiment.network if experiment else None
