"""A person gives derivations more time."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QSpinBox

from tests.patience import SECONDS
from tests.ui.person import Person


def opened(person: Person) -> QInputDialog:
    person.presses("time_limit")
    person.waits_for(lambda: person.window.findChild(QInputDialog) is not None, "the dialog")
    dialog = person.window.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    return dialog


def test_the_time_limit_is_typed_and_holds_for_what_is_derived_next(person: Person):
    jobs, dialog = person.window.desk.jobs, opened(person)
    assert (dialog.intValue(), dialog.intMinimum(), dialog.intMaximum()) == (SECONDS, 1, 600)
    field = dialog.findChild(QSpinBox)
    assert isinstance(field, QSpinBox)
    field.selectAll()
    QTest.keyClicks(field, "30")
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.waits_for(lambda: jobs.time_limit == 30.0, "the new limit")


def test_escape_changes_nothing(person: Person):
    before, dialog = person.window.desk.jobs.time_limit, opened(person)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    person.waits_for(lambda: not person.window.findChildren(QInputDialog), "the dialog closed")
    assert person.window.desk.jobs.time_limit == before
