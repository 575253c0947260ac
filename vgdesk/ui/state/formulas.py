"""The derivation on show: asks for it whenever the formula experiment or the weight changes, and has it checked.

What was shown stays until the new one arrives, so that nothing flickers.
"""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.messages import DerivationReady, JobFailed, VerificationReady
from vgdesk.records.derivation import Derivation, Verification
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session


class Formulas(QObject):
    """Holds derivation, symbolic profile and verification of the formula experiment."""

    derivation_changed = Signal()
    verification_changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._derivation: Derivation | None = None
        self._profile: GradientProfile | None = None
        self._verification: Verification | None = None
        self._wanted_derivation = self._wanted_verification = -1
        jobs.answered.connect(self._take)
        session.formula_changed.connect(self._forget)
        session.weight_changed.connect(lambda _: self.derive())

    @property
    def derivation(self) -> Derivation | None:
        """The derivation of the session's weight, or the one before while it is being made."""
        return self._derivation

    @property
    def profile(self) -> GradientProfile | None:
        """The formula experiment's symbolic gradients per layer."""
        return self._profile

    @property
    def verification(self) -> Verification | None:
        """Whether three routes agree on every gradient of the formula experiment; None until that is known."""
        return self._verification

    def derive(self) -> None:
        """Asks for the derivation of the session's weight."""
        self._jobs.note("derivation", f"deriving ∂L/∂{self._session.weight}")
        self._wanted_derivation = self._jobs.ask().derive(self._session.formula, self._session.weight)

    def verify(self) -> None:
        """Asks for the comparison of the three routes."""
        self._jobs.note("verification", "checking the gradients three ways")
        self._wanted_verification = self._jobs.ask().verify(self._session.formula)

    def _forget(self, _: Experiment) -> None:
        self._verification = None
        self.verification_changed.emit()
        self.verify()

    def _take(self, event: object) -> None:
        match event:
            case DerivationReady() if event.generation == self._wanted_derivation:
                self._derivation, self._profile = event.derivation, event.profile
                self._jobs.settle("derive")
                self.derivation_changed.emit()
            case VerificationReady() if event.generation == self._wanted_verification:
                self._verification = event.verification
                self._jobs.settle("verify")
                self.verification_changed.emit()
            case JobFailed() if event.generation == self._wanted_derivation:
                self._jobs.complain("derive", event.sentence)
            case JobFailed() if event.generation == self._wanted_verification:
                self._jobs.complain("verify", event.sentence)
            case _:
                pass
