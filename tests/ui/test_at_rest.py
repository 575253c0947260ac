"""Nothing is painted while nothing changes: a paint that asks for the next one takes a whole core."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.paints import Paints
from tests.ui.patient_bot import PatientBot
from tests.ui.person import Person
from vgdesk.ui.chrome.workspaces import WORKSPACES


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (960, 640)])
def test_no_workspace_paints_while_the_training_rests(
    person: Person, qapp: QApplication, qtbot: PatientBot, width: int, height: int
):
    person.rests()
    person.window.resize(width, height)
    paints = Paints(qapp)
    for workspace in WORKSPACES:
        person.window.stage.show_workspace(workspace)
        person.waits_for_calm()
        qtbot.waitUntil(paints.is_still)
    qapp.removeEventFilter(paints)
