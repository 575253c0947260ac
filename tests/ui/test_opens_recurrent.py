"""A window that opens with a recurrent network shows of it from the start what it would show of one chosen later."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.drawing import count_colour
from tests.ui.patient_bot import PatientBot
from tests.ui.person import Person
from vgdesk.app import make_window
from vgdesk.spec.library import example
from vgdesk.ui.plots.unit_circle_view import UnitCircleView
from vgdesk.ui.theme import LIGHT


@pytest.fixture
def reader(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Person]:
    """Somebody who opened the Theory workspace with a recurrent network that is not trained yet."""
    window = make_window("theory", "light", None, example("digits-rnn-rows"))
    window.views.begins_training = False
    someone = Person(window, PatientBot(request))
    window.resize(1440, 900)
    window.show()
    someone.waits_for(lambda: window.desk.is_complete, "the states")
    yield someone
    window.close()
    window.deleteLater()


def test_unit_circle_is_on_show_from_the_start(reader: Person):
    cards, spectra = reader.window.cards, reader.window.desk.spectra
    reader.waits_for(cards["circle"].isVisible, "the panel")
    reader.waits_for(lambda: spectra.recurrent is not None, "the eigenvalues")
    reader.waits_for_calm()
    assert not cards["phase"].isVisible()
    view = reader.view("circle")
    assert isinstance(view, UnitCircleView)
    assert view.words.text()
    assert count_colour(view, LIGHT.measured) > 100
