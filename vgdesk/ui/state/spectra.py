"""The spectrum of the training network: singular values of its Jacobian, or eigenvalues of W_hh and decay over the lag.

Asked for once somebody looks, and then whenever the network changes. The *counterexample* to the eigenvalue rule can be
shown in place of a recurrent network's spectrum, whatever lies on the desk.
"""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, SpectrumReady
from vgdesk.records.jacobian import JacobianSpectrum
from vgdesk.records.spectrum import RecurrentSpectrum
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session


class Spectra(QObject):
    """Holds what is known of the spectra; nothing is asked before `begin`."""

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._jacobian: JacobianSpectrum | None = None
        self._recurrent: RecurrentSpectrum | None = None
        self._reason = ""
        self._wanted = -1
        self._asked: Experiment | None = None
        self._has_begun = self._is_counterexample = False
        jobs.answered.connect(self._take)
        session.training_changed.connect(lambda _: self._follow())

    @property
    def jacobian(self) -> JacobianSpectrum | None:
        """The spectrum of a feed-forward network; while another is made, that of the network before."""
        return self._jacobian

    @property
    def recurrent(self) -> RecurrentSpectrum | None:
        """The spectrum of W_hh of a recurrent network, or of the counterexample."""
        return self._recurrent

    @property
    def reason(self) -> str:
        """Why there is no spectrum; else empty."""
        return self._reason

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted >= 0

    @property
    def is_counterexample(self) -> bool:
        """Whether the counterexample is shown in place of the network's own spectrum."""
        return self._is_counterexample

    @property
    def is_recurrent(self) -> bool:
        """Whether eigenvalues are what there is to see: of a recurrent network, or of the counterexample."""
        return self._is_counterexample or isinstance(self._session.training.network, Recurrent)

    def begin(self) -> None:
        """Begins to follow the desk: somebody looks."""
        if not self._has_begun:
            self._has_begun = True
            self._ask()

    def turn_counterexample(self) -> None:
        """Shows the counterexample, or the network's own spectrum again."""
        self._is_counterexample = not self._is_counterexample
        self._has_begun = True
        self._ask()

    def _follow(self) -> None:
        """Leaves the counterexample for a network that is new on the desk."""
        self._is_counterexample = False
        self._ask()

    def _ask(self) -> None:
        if self._has_begun:
            self._asked = None if self._is_counterexample else self._session.training
            self._wanted = self._jobs.ask().find_spectrum(self._asked)
        self.changed.emit()

    def _take(self, event: object) -> None:
        if getattr(event, "generation", None) != self._wanted:
            return
        match event:
            case SpectrumReady():
                self._jacobian, self._recurrent, self._reason = event.jacobian, event.recurrent, ""
            case JobFailed():
                self._jacobian, self._recurrent, self._reason = None, None, event.sentence
            case _:
                return
        self._wanted = -1
        self.changed.emit()
