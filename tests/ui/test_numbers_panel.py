"""What-if at the window: numbers are dragged and typed, and everything on show follows."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.person import Person
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import Derivation, Place, PlaceKind
from vgdesk.ui.panels.number_row import NumberRow
from vgdesk.ui.panels.numbers_card import NumbersCard


@pytest.fixture(autouse=True)
def open_panel(person: Person) -> None:
    """Has the panel open, every row made and no number changed."""
    if not person.window.numbers.is_open:
        person.presses("edit_numbers")
    person.waits_for(lambda: panel(person).is_complete, "the rows")
    if person.window.desk.what_if.changes:
        person.presses("reset_numbers")
    comes_to_rest(person)


def panel(person: Person) -> NumbersCard:
    card = person.window.numbers.card
    assert isinstance(card, NumbersCard)
    return card


def row(person: Person, name: str) -> NumberRow:
    return panel(person).rows[name]


def comes_to_rest(person: Person) -> None:
    desk = person.window.desk
    person.waits_for(lambda: desk.what_if.is_settled and not desk.formulas.is_live, "the exact derivation")
    person.waits_for_calm()


def types_number(person: Person, name: str, text: str) -> None:
    field = row(person, name).field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def derivation(person: Person) -> Derivation:
    found = person.window.desk.formulas.derivation
    assert found is not None
    return found


def result(person: Person) -> str:
    sheet = person.window.cards["derivation"].scene
    assert isinstance(sheet, EquationSheet)
    return next(step.lines[-1].text for step in sheet.steps if step.title.startswith("Result"))


def test_every_number_of_the_network_has_its_row(person: Person):
    assert list(panel(person).rows)[:5] == ["age", "education", "income", "savings", "t1"]
    assert list(panel(person).rows)[-4:] == ["b1", "b2", "b3", "eta"]


def test_what_is_typed_changes_diagram_and_derivation(person: Person):
    before, diagram = result(person), person.looks_at(person.view("network"))
    types_number(person, "age", "0.9")
    person.waits_for(lambda: result(person) != before, "another result")
    comes_to_rest(person)
    assert (person.looks_at(person.view("network")) != diagram).any()
    assert derivation(person).state.activations[0][0] == 0.9


def test_a_step_of_the_slider_is_followed_before_the_exact_derivation_is_asked_for(person: Person):
    row(person, "age").slider.setFocus()
    before = derivation(person)
    QTest.keyClick(row(person, "age").slider, Qt.Key.Key_PageUp)
    formulas = person.window.desk.formulas
    assert formulas.is_live
    assert derivation(person).value != before.value
    live = derivation(person).value
    comes_to_rest(person)
    assert derivation(person).value == pytest.approx(live, rel=1e-12)


def test_a_name_can_be_dragged(person: Person):
    handle = row(person, "age").handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(handle, QPoint(55, 5))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(55, 5))
    assert row(person, "age").field.value() == pytest.approx(0.4)
    assert person.window.desk.formulas.is_live
    comes_to_rest(person)


def test_the_experiment_on_the_desk_becomes_the_edited_one_and_back(person: Person):
    types_number(person, "w1", "0.7")
    comes_to_rest(person)
    session = person.window.desk.session
    assert session.formula.initialisation.weights[0][0][0] == 0.7
    assert session.formula.title == "Will this person buy insurance? (other numbers)"
    person.presses("reset_numbers")
    comes_to_rest(person)
    assert session.formula.name == "insurance"
    assert row(person, "w1").field.value() == 0.0


def test_the_derived_weight_stays_while_numbers_change(person: Person):
    person.window.desk.session.choose_weight("w9")
    person.waits_for(lambda: derivation(person).wrt == "w9", "the other weight")
    comes_to_rest(person)
    types_number(person, "age", "0.8")
    comes_to_rest(person)
    assert derivation(person).wrt == "w9"
    person.window.desk.session.choose_weight("w1")
    person.waits_for(lambda: derivation(person).wrt == "w1", "the first weight")


def test_the_learning_rate_changes_the_update(person: Person):
    types_number(person, "eta", "0.25")
    comes_to_rest(person)
    update = derivation(person).steps[-1]
    assert "η = 0.25" in update.note


def test_the_ledger_follows(person: Person):
    person.window.desk.formulas.choose_view("ledger")
    person.waits_for(lambda: person.window.desk.formulas.view is not None, "the ledger")
    types_number(person, "age", "0.6")
    formulas = person.window.desk.formulas
    assert formulas.is_live
    assert formulas.view.value == pytest.approx(derivation(person).value, rel=1e-12)
    comes_to_rest(person)
    person.window.desk.formulas.choose_view("steps")
    person.waits_for_calm()


def test_the_symbolic_profile_follows_before_the_exact_one(person: Person):
    person.clicks("network", lambda one: bool(one.place) and one.place.kind is PlaceKind.EDGE)
    person.waits_for_calm()
    before = person.window.cards["profile"].scene
    types_number(person, "age", "0.6")
    assert person.window.desk.formulas.is_live
    live = person.window.desk.formulas.profile
    comes_to_rest(person)
    after = person.window.desk.formulas.profile
    assert live is not None
    assert after is not None
    np.testing.assert_allclose(live.log10_norm, after.log10_norm, rtol=0, atol=1e-12)
    assert person.window.cards["profile"].scene != before
    types_number(person, "age", "0.5")
    comes_to_rest(person)
    assert person.window.desk.selection.pinned is not None
    person.presses("release")


def test_the_filter_shows_what_bears_its_words(person: Person):
    QTest.keyClicks(panel(person).filter, "in")
    seen = [name for name, one in panel(person).rows.items() if one.isVisible()]
    panel(person).filter.clear()
    assert seen == ["income", "savings"]
    assert row(person, "w1").isVisible()


def test_pointing_at_a_connection_lights_up_its_row(person: Person):
    person.points_at("network", lambda one: bool(one.place) and one.place.kind is PlaceKind.EDGE)
    place = person.window.desk.selection.current.place
    lit = [one.number.place for one in panel(person).rows.values() if one.property("lit")]
    person.points_elsewhere()
    assert lit == [place]


def test_another_network_brings_its_own_numbers(person: Person):
    types_number(person, "age", "0.6")
    comes_to_rest(person)
    session = person.window.desk.session
    session.choose_formula(session.find("classic-chain"))
    person.waits_for(lambda: "age" not in panel(person).rows and panel(person).is_complete, "the chain's numbers")
    assert not person.window.desk.what_if.changes
    session.choose_formula(session.find("insurance"))
    person.waits_for(lambda: "age" in panel(person).rows and panel(person).is_complete, "the former numbers")
    comes_to_rest(person)


def test_telling_other_numbers_imports_no_algebra():
    code = "import sys, vgdesk.present.live, vgdesk.ui.state.what_if; print({'sympy', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def drags(person: Person, place: Place, pixels: int) -> None:
    """Drags what stands for a place in the diagram upwards, as soon as its number is known."""
    person.waits_for_calm()
    view = person.view("network")
    at = person.finds("network", lambda reference: reference.place == place)
    QTest.mouseMove(view, at)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 6):
        QTest.mouseMove(view, at - QPoint(0, pixels * step // 5))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at - QPoint(0, pixels))


def test_an_input_is_dragged_on_the_diagram_and_everything_follows(person: Person):
    before, value = result(person), row(person, "age").field.value()
    drags(person, Place(PlaceKind.UNIT, 0, 1), 50)
    assert row(person, "age").field.value() == pytest.approx(value + 0.5)
    assert person.window.desk.formulas.is_live
    person.waits_for(lambda: result(person) != before, "another result")
    comes_to_rest(person)


def test_a_weight_is_dragged_by_its_connection(person: Person):
    drags(person, Place(PlaceKind.EDGE, 2, 1, 1), -40)
    assert person.window.desk.what_if.changes["w9"] == pytest.approx(-0.476 - 0.4, abs=1e-3)
    comes_to_rest(person)
    assert derivation(person).value != pytest.approx(0.0015)


def test_a_hidden_unit_is_dragged_by_its_bias(person: Person):
    drags(person, Place(PlaceKind.UNIT, 1, 2), 20)
    assert set(person.window.desk.what_if.changes) == {"b2"}
    comes_to_rest(person)


def test_a_trembling_click_changes_nothing(person: Person):
    drags(person, Place(PlaceKind.UNIT, 0, 1), 3)
    assert not person.window.desk.what_if.changes


def test_page_up_changes_the_number_that_was_walked_to(person: Person):
    value = row(person, "age").field.value()
    person.window.desk.selection.pin(None)
    person.view("network").setFocus()
    person.clicks("network", lambda reference: reference.place == Place(PlaceKind.UNIT, 0, 1))
    person.types(Qt.Key.Key_PageUp)
    assert row(person, "age").field.value() == pytest.approx(value + 0.04)
    comes_to_rest(person)
