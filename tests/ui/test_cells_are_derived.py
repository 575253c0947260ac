"""A cell through time at the window: chosen from the list, told in every view, its numbers changed and followed."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.person import Person
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.library import example


@pytest.fixture
def cell(person: Person):
    """Has the simple cell of four steps derived, and the insurance network again afterwards."""
    chooser = person.window.cards["network"].chooser
    person.chooses(chooser, example("four-steps-rnn").title)
    is_derived(person, "four-steps-rnn")
    yield person.window.desk
    if person.window.desk.what_if.changes:
        person.presses("reset_numbers")
    person.chooses(chooser, example("insurance").title)
    is_derived(person, "insurance")


def is_derived(person: Person, name: str) -> None:
    formulas = person.window.desk.formulas
    person.waits_for(lambda: formulas.derivation.experiment == name and not formulas.is_live, "the derivation")
    person.waits_for(
        lambda: formulas.verification is not None and formulas.verification.experiment == name, "the check"
    )
    person.waits_for_calm()


def test_a_cell_is_chosen_from_the_list_and_checked_three_ways(person: Person, cell):
    assert cell.formulas.verification.passed
    shown = [len(h) for h in cell.formulas.derivation.state.activations]
    assert shown == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("view", VIEWS)
def test_a_cell_is_told_in_every_view(person: Person, cell, view: str):
    cell.formulas.choose_view(view)
    person.waits_for_calm()
    assert person.window.cards["derivation"].scene.steps
    cell.formulas.choose_view("steps")
    person.waits_for_calm()


def test_the_states_in_the_diagram_follow_a_number_that_is_typed(person: Person, cell):
    before = [float(h[0]) for h in cell.formulas.derivation.state.activations[1:]]
    person.presses("edit_numbers")
    card = person.window.numbers.card
    person.waits_for(lambda: card.is_complete and "u1" in card.rows, "the rows")
    field = card.rows["u1"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.25")
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.waits_for(lambda: cell.what_if.changes.get("u1") == 0.25, "the change")
    person.waits_for(lambda: cell.what_if.is_settled and not cell.formulas.is_live, "the exact derivation")
    now = [float(h[0]) for h in cell.formulas.derivation.state.activations[1:]]
    assert now[0] == before[0]  # nothing comes before the first step
    assert all(a != b for a, b in zip(now[1:], before[1:], strict=True))
    person.presses("edit_numbers")


def test_dragging_a_time_step_changes_no_shared_number(person: Person, cell):
    view, place = person.view("network"), Place(PlaceKind.UNIT, 2, 1)
    at = person.finds("network", lambda reference: reference.place == place)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view, at - QPoint(0, 40))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at - QPoint(0, 40))
    assert not cell.what_if.changes
