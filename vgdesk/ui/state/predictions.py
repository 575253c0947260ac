"""The predictions of the desk's experiments: asked for whenever they change, shown over whatever is measured.

A *preview* is the prediction of a draft that is not on the desk yet: while there is one, it is what is shown.
"""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, PredictionReady
from vgdesk.records.prediction import PREDICTED, PREDICTED_IN_TIME, Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session

NOT_PREDICTED = "theory predicts ∂L/∂W, ∂L/∂z and ∂L/∂h of layers, and ∂L/∂h of time steps"


class Predictions(QObject):
    """Holds what theory says about the training experiment, and about the formula experiment where that is another."""

    changed = Signal()
    previewed = Signal()
    """Comes before `changed` where it is a draft's prediction that has come."""

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._prediction: Prediction | None = None
        self._formula: Prediction | None = None
        self._preview: Prediction | None = None
        self._previewed: Experiment | None = None
        self._draft: Experiment | None = None
        self._next: Experiment | None = None
        self._asked: Experiment | None = None
        self._wanted = -1
        jobs.answered.connect(self._take)
        session.training_changed.connect(lambda _: self.ask())
        session.formula_changed.connect(lambda _: self._ask_formula())

    @property
    def prediction(self) -> Prediction | None:
        """The latest prediction of the training experiment, or of the draft; None until it is known."""
        return self._preview or self._prediction

    @property
    def of(self) -> Experiment:
        """Of which network `prediction` is: while a draft is moved on, not yet the latest one."""
        return self._previewed if self._preview and self._previewed else self._session.training

    @property
    def is_preview(self) -> bool:
        """Whether what is shown is of a draft, and another one may come at any moment."""
        return self._preview is not None

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted >= 0

    def profile(self, quantity: str) -> GradientProfile | None:
        """Returns the prediction of a quantity, or None where theory has none."""
        return self.prediction.profile(quantity) if self.prediction else None

    def of_formula(self, quantity: str) -> GradientProfile | None:
        """Returns the prediction of a quantity of the formula experiment, or None."""
        known = self.prediction if self._session.is_shared else self._formula
        return known.profile(quantity) if known else None

    def words(self, quantity: str, of_formula: bool = False) -> str:
        """Returns why a quantity is not predicted, or what makes its prediction less sure; else empty."""
        known = self.prediction if not of_formula or self._session.is_shared else self._formula
        if known is None:
            return ""
        is_recurrent = isinstance((self._session.formula if of_formula else self._session.training).network, Recurrent)
        if quantity not in (PREDICTED_IN_TIME if is_recurrent else PREDICTED):
            return f"no prediction: {NOT_PREDICTED}"  # whatever else there may be to say of those it predicts
        return f"no prediction: {known.reason}" if known.reason else known.note

    def ask(self) -> None:
        """Asks for the prediction; the former one is that of another network and is forgotten.

        Where a draft comes on the desk, what was shown while it was moved stays until its own has come.
        """
        training = self._session.training
        if self._draft != training:
            self._preview = None
        self._prediction = self._draft = None
        self._send(training)
        self._ask_formula()
        self.changed.emit()

    def preview(self, draft: Experiment) -> None:
        """Asks for the prediction of a draft; the one before stays until it comes. The latest draft wins."""
        self._draft = draft
        if self._asked is None or self._wanted < 0:
            self._send(draft)
        else:
            self._next = draft
        self._jobs.hurry()

    def end_preview(self) -> None:
        """Shows the prediction of what is on the desk again."""
        self._preview = self._draft = None
        self.changed.emit()

    def _ask_formula(self) -> None:
        """Asks for the formula experiment's, after what is being asked for."""
        self._formula = None
        if not self._session.is_shared and self._wanted >= 0:
            self._next = self._session.formula
        elif not self._session.is_shared:
            self._send(self._session.formula)

    def _send(self, experiment: Experiment) -> None:
        self._asked, self._next = experiment, None
        self._wanted = self._jobs.ask().predict(experiment)

    def _take(self, event: object) -> None:
        match event:
            case PredictionReady() if event.generation == self._wanted:
                self._keep(event.prediction)
            case JobFailed() if event.generation == self._wanted and self._asked:
                # a task that cannot be read is complained about by the training, which needs it too
                reason = event.sentence.removesuffix(".")
                self._keep(Prediction(experiment=self._asked.name, profiles=(), reason=reason))
            case _:
                pass

    def _keep(self, prediction: Prediction) -> None:
        asked, self._wanted = self._asked, -1
        if asked == self._session.training:
            self._prediction, self._preview = prediction, None
        elif asked == self._session.formula:
            self._formula = prediction
        elif self._draft is not None:
            self._preview, self._previewed = prediction, asked
            self.previewed.emit()
        if self._next is not None:
            self._send(self._next)
            self._jobs.hurry()
        self.changed.emit()
