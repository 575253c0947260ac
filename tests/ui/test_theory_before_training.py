"""The Theory workspace needs no training: what theory says of a layer stands there before the first step."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.patient_bot import PatientBot
from tests.ui.person import Person, sheet_of
from vgdesk.app import make_window


@pytest.fixture
def reader(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Person]:
    """Somebody who opened the Theory workspace in a window that trains nothing yet."""
    window = make_window("theory", "light", None)
    window.views.begins_training = False
    someone = Person(window, PatientBot(request))
    window.resize(1440, 900)
    window.show()
    someone.waits_for(lambda: not window.desk.formulas.is_awaited, "the derivation")
    someone.waits_for(lambda: window.desk.predictions.prediction is not None, "the prediction")
    someone.waits_for_calm()
    yield someone
    window.close()
    window.deleteLater()


def test_theory_is_told_before_the_first_step_and_compared_after_it(reader: Person):
    words = sheet_of(reader).accessibleDescription
    assert "χ" in words()
    assert "Measured" not in words()
    reader.presses("step")
    reader.waits_for(lambda: "Measured at step 1" in words(), "the comparison")
