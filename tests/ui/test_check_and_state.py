"""The three-way check is always on show, and a person finds a state for the factors they want."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.ui.person import Person
from vgdesk.spec.library import example
from vgdesk.ui.panels.check_dialog import CheckDialog
from vgdesk.ui.panels.find_state_dialog import TARGET, FindStateDialog


def opened(person: Person, kind):
    person.waits_for(lambda: person.window.findChild(kind) is not None, "the dialog")
    dialog = person.window.findChild(kind)
    person.waits_for(dialog.isVisible, "the dialog on show")
    return dialog


def find_dialog(person: Person) -> FindStateDialog:
    person.presses("find_state")
    return opened(person, FindStateDialog)


def types_target(person: Person, dialog: FindStateDialog, row: int, text: str) -> None:
    table = dialog.factors
    table.setFocus()
    table.setCurrentCell(row, TARGET)
    if table.viewport().findChild(QLineEdit) is None:
        QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    person.waits_for(lambda: table.item(row, TARGET).text() == text, "the typed target")
    person.waits_for(lambda: table.viewport().findChild(QLineEdit) is None, "the end of the editing")


def is_gone(person: Person, kind) -> None:
    person.waits_for(lambda: person.window.findChild(kind) is None, "the dialog closed")


def test_the_three_numbers_stand_below_the_derivation(person: Person):
    line = person.window.cards["derivation"].line  # pyright: ignore[reportAttributeAccessIssue]
    assert isinstance(line, QLabel)
    assert line.isVisible()
    assert "symbolic 0.0015 = backprop 0.0015 = difference 0.0015" in line.text()
    assert line.text().endswith("slope 2.00")
    assert line.fontMetrics().horizontalAdvance(line.text()) <= line.width()


def test_a_click_on_the_badge_lists_every_gradient(person: Person):
    badge = person.window.cards["derivation"].badge  # pyright: ignore[reportAttributeAccessIssue]
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    dialog = opened(person, CheckDialog)
    assert dialog.table.rowCount() == 13
    assert [dialog.table.item(0, column).text() for column in range(4)] == ["w₁", "0.0015", "0.0015", "0.0015"]
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    assert len(person.window.findChildren(CheckDialog)) == 1
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    is_gone(person, CheckDialog)


def test_what_no_state_can_have_is_said_and_the_dialog_stays(person: Person):
    dialog = find_dialog(person)
    assert not dialog.find_button.isEnabled()
    types_target(person, dialog, 0, "much")
    assert not dialog.find_button.isEnabled()
    types_target(person, dialog, 0, "")
    types_target(person, dialog, 1, "0.3")
    for row in range(dialog.free.count()):
        if dialog.free.item(row).text() not in ("w₁", "b₃"):
            dialog.free.item(row).setCheckState(Qt.CheckState.Unchecked)
    QTest.mouseClick(dialog.find_button, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: "lies in (0, 0.05], so it is never 0.3" in dialog.words.text(), "the reason")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    is_gone(person, FindStateDialog)
    assert person.window.desk.session.formula == example("insurance")


def test_a_state_is_found_shown_and_left_again_by_choosing_the_former_network(person: Person):
    dialog = find_dialog(person)
    types_target(person, dialog, 0, "0.06")
    types_target(person, dialog, 1, "0.04")
    QTest.mouseClick(dialog.find_button, Qt.MouseButton.LeftButton)
    is_gone(person, FindStateDialog)
    desk = person.window.desk
    assert desk.session.formula.name == "insurance-state"
    person.waits_for(lambda: desk.formulas.derivation.experiment == "insurance-state", "its derivation")
    assert [factor.value for factor in desk.formulas.derivation.factors] == [0.06, 0.04]
    person.waits_for(lambda: desk.formulas.verification is not None, "its check")
    assert desk.formulas.verification.passed
    chooser = person.window.cards["network"].chooser  # pyright: ignore[reportAttributeAccessIssue]
    assert chooser.findData("insurance-state") > chooser.findData("insurance") >= 0
    person.chooses(chooser, example("insurance").title)
    assert desk.session.formula == example("insurance")
    person.waits_for(lambda: desk.formulas.derivation.experiment == "insurance", "the former derivation")
    person.waits_for_calm()
