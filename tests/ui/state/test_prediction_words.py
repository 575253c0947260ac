"""What is said where a prediction is not there speaks of the quantity on show."""

import pytest
from PySide6.QtCore import QObject

from vgdesk.engine.client import Engine
from vgdesk.engine.events import PredictionReady
from vgdesk.records.prediction import Prediction
from vgdesk.spec.library import example
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.predictions import NOT_PREDICTED, Predictions
from vgdesk.ui.state.session import Session

REASON = "the state grows by itself"


class Unpredicted(Engine):
    """Answers nothing by itself: the request has the number 7."""

    def predict(self, experiment: object) -> int:
        return 7


@pytest.fixture
def predictions(qapp):
    """Those of a desk with an LSTM of which theory has nothing to say."""
    owner, session = QObject(), Session()
    jobs = Jobs(Unpredicted(), Messages(owner), owner)
    made = Predictions(session, jobs, owner)
    session.choose_training(example("adding-lstm-200"))
    nothing = Prediction(experiment="adding-lstm-200", profiles=(), reason=REASON)
    jobs.answered.emit(PredictionReady(generation=7, prediction=nothing))
    yield made
    jobs.close()


def test_the_reason_is_that_of_a_quantity_that_theory_speaks_of(predictions: Predictions):
    assert predictions.words("state") == f"no prediction: {REASON}"


@pytest.mark.parametrize("quantity", ["cell-path", "cell", "weight", "forget-gate"])
def test_what_theory_never_predicts_is_not_blamed_on_this_network(predictions: Predictions, quantity: str):
    assert predictions.words(quantity) == f"no prediction: {NOT_PREDICTED}"
