"""A person draws a network of their own, by mouse, by keyboard and in the table, and takes it all back."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui.person import Person
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.library import example
from vgdesk.ui.panels.diagram_editor import DiagramEditor
from vgdesk.ui.panels.network_table import NetworkTable


def board(person: Person) -> DiagramEditor:
    view = person.view("network")
    assert isinstance(view, DiagramEditor)
    return view


def presses_plus(person: Person, adds: str, layer: int) -> None:
    person.waits_for_calm()
    handle = next(one for one in board(person).handles if (one.adds, one.layer) == (adds, layer))
    QTest.mouseClick(board(person), Qt.MouseButton.LeftButton, pos=handle.area.center().toPoint())
    person.waits_for_calm()


def begins_anew(person: Person) -> None:
    person.presses("new_network")
    waits_for_numbers(person)


def waits_for_numbers(person: Person) -> None:
    person.waits_for(lambda: person.window.desk.formulas.start is not None, "the derivation")
    person.waits_for_calm()


def draws_two_two_one(person: Person) -> None:
    begins_anew(person)
    presses_plus(person, "unit", 0)
    presses_plus(person, "layer", 0)
    presses_plus(person, "unit", 1)
    waits_for_numbers(person)


def widths(person: Person) -> tuple[int, ...]:
    return person.window.desk.session.formula.feed_forward.widths


def unit(layer: int, number: int) -> Place:
    return Place(PlaceKind.UNIT, layer, number)


def clicks_unit(person: Person, layer: int, number: int) -> None:
    person.waits_for_calm()
    person.clicks("network", lambda reference: reference.place == unit(layer, number))


def table(person: Person) -> NetworkTable:
    person.presses("network_table")
    made = [one for one in person.window.findChildren(NetworkTable) if one.isVisible()][-1]
    person.waits_for(lambda: made.weights.table.item(0, 4).text() != "", "the numbers")
    return made


def test_clicks_build_a_two_two_one_network_from_nothing_and_its_derivation_appears(person: Person):
    draws_two_two_one(person)
    assert widths(person) == (2, 2, 1)
    derivation = person.window.desk.formulas.derivation
    assert derivation is not None
    assert derivation.experiment == person.window.desk.session.formula.name
    assert [len(h) for h in derivation.state.activations] == [2, 2, 1]
    assert person.window.cards["derivation"].scene is not None
    person.waits_for(lambda: person.window.desk.formulas.verification is not None, "the check")
    assert person.window.desk.formulas.verification.passed


def test_clicks_on_two_units_remove_and_add_their_connection(person: Person):
    draws_two_two_one(person)
    for expected in ((2,), (1, 2)):
        clicks_unit(person, 0, 1)
        clicks_unit(person, 1, 1)
        assert person.window.desk.session.formula.feed_forward.layer_sources(1, 1) == expected


def test_delete_removes_the_chosen_unit_and_undo_brings_it_back(person: Person):
    draws_two_two_one(person)
    before = person.window.desk.session.contents
    clicks_unit(person, 1, 2)
    QTest.keyClick(board(person), Qt.Key.Key_Delete)
    assert widths(person) == (2, 1, 1)
    assert person.window.actions_by_id["undo"].text() == "&Undo remove unit"
    person.presses("undo")
    assert person.window.desk.session.contents == before
    person.presses("redo")
    assert widths(person) == (2, 1, 1)


def test_everything_can_be_drawn_by_keyboard(person: Person):
    begins_anew(person)
    board(person).setFocus()
    for key, expected in (("+", (2, 1)), ("l", (2, 1, 1))):
        QTest.keyClicks(board(person), key)
        assert widths(person) == expected
        person.waits_for_calm()
    QTest.keyClick(board(person), Qt.Key.Key_Escape)
    assert not person.window.desk.editor.is_on


def test_a_double_click_renames_a_unit(person: Person):
    draws_two_two_one(person)
    circle = next(index for index, node in enumerate(board(person)._scene.nodes) if node.place == unit(1, 1))
    centre = board(person)._layout.centre(circle).toPoint()
    QTest.mouseDClick(board(person), Qt.MouseButton.LeftButton, pos=QPoint(centre))
    line = next(one for one in board(person).findChildren(QLineEdit) if one.isVisible())
    line.selectAll()
    QTest.keyClicks(line, "Attention")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert person.window.desk.session.formula.feed_forward.unit_name(1, 1) == "Attention"


def test_a_refused_edit_says_why_and_changes_nothing(person: Person):
    begins_anew(person)
    clicks_unit(person, 1, 1)
    QTest.keyClick(board(person), Qt.Key.Key_Delete)
    assert "outputs must be at least 1" in person.message()
    assert widths(person) == (1, 1)


def test_a_weight_typed_into_the_table_reaches_the_derivation(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.weights.table.item(0, 4).setText("2.5")
    waits_for_numbers(person)
    assert person.window.desk.formulas.start.weights[0][0, 0] == 2.5
    assert person.window.actions_by_id["undo"].text() == "&Undo change w1"
    dialog.reject()


def test_no_number_in_the_table_is_refused_and_the_old_one_comes_back(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    shown = dialog.weights.table.item(0, 4).text()
    dialog.weights.table.item(0, 4).setText("much")
    assert "w1 must be a number, got 'much'" in dialog.words.text()
    person.waits_for(lambda: dialog.weights.table.item(0, 4).text() == shown, "the old number")
    dialog.reject()


def test_the_table_takes_connections_widths_and_examples(person: Person):
    draws_two_two_one(person)
    dialog = table(person)
    dialog.weights.table.item(1, 0).setCheckState(Qt.CheckState.Unchecked)
    assert person.window.desk.session.formula.feed_forward.layer_sources(1, 1) == (1,)
    dialog.layers.table.item(1, 1).setText("3")
    assert widths(person) == (2, 3, 1)
    dialog.examples.table.item(0, 2).setText("0.25")
    assert person.window.desk.session.formula.task.targets == ((0.25,),)
    dialog.reject()


def test_redo_has_two_pairs_of_keys(person: Person):
    keys = [keys.toString() for keys in person.window.actions_by_id["redo"].shortcuts()]
    assert keys == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_an_opened_example_is_undone_with_everything_it_replaced(person: Person):
    before = person.window.desk.session.contents
    person.window.desk.session.open(example("mazur"))
    QApplication.processEvents()
    person.presses("undo")
    assert person.window.desk.session.contents == before
