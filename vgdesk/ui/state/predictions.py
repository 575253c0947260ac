"""The prediction of the training experiment: asked for whenever that changes, shown over whatever is measured."""

from PySide6.QtCore import QObject, Signal

from vgdesk.engine.messages import JobFailed, PredictionReady
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session


class Predictions(QObject):
    """Holds what theory says about the training experiment."""

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._prediction: Prediction | None = None
        self._wanted = -1
        jobs.answered.connect(self._take)
        session.training_changed.connect(lambda _: self.ask())

    @property
    def prediction(self) -> Prediction | None:
        """The latest prediction; None until it is known, and where it cannot be made."""
        return self._prediction

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted >= 0

    def profile(self, quantity: str) -> GradientProfile | None:
        """Returns the prediction of a quantity, or None where theory has none."""
        return self._prediction.profile(quantity) if self._prediction else None

    def ask(self) -> None:
        """Asks for the prediction; the former one is that of another network and is forgotten."""
        self._prediction = None
        self._wanted = self._jobs.ask().predict(self._session.training)
        self.changed.emit()

    def _take(self, event: object) -> None:
        match event:
            case PredictionReady() if event.generation == self._wanted:
                self._prediction, self._wanted = event.prediction, -1
                self.changed.emit()
            case JobFailed() if event.generation == self._wanted:
                # a task that cannot be read is complained about by the training, which needs it too
                self._wanted = -1
            case _:
                pass
