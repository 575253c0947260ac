"""What is pinned in one telling of a gradient is lit in the others by what it is, not by what it is called."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.person import Person
from tests.ui.sheets import ground_of
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.theme import LIGHT


def turns_to(person: Person, words: str, kind: str) -> None:
    """Chooses how the gradient is told, and waits for that."""
    card = person.window.cards["derivation"]
    person.chooses(card.views, words)  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == kind, f"the gradient {kind}")
    person.points_elsewhere()  # what the mouse points at is lit before what is pinned
    person.waits_for_calm()


def pins_d1_of_the_steps(person: Person) -> None:
    """Clicks the first factor of ∂L/∂w1 step by step: ∂L/∂Awareness, which comes over w9."""
    turns_to(person, "steps", "step by step")
    person.window.desk.session.choose_weight("w1")
    person.window.desk.selection.pin(None)
    person.waits_for_calm()
    view = person.view("derivation")
    assert isinstance(view, SheetView)
    QTest.mouseClick(view.widget(), Qt.MouseButton.LeftButton, pos=view.where("d1")[0].center())
    assert person.window.desk.selection.pinned.factor == "d1"
    person.points_elsewhere()


def lit_meanings(person: Person) -> set[str]:
    """Returns what the lit factors of the sheet on show stand for."""
    view, scene = person.view("derivation"), person.window.cards["derivation"].scene
    assert isinstance(view, SheetView)
    # the middle of a fraction's edge is its line, so that every place of a factor is looked at
    shown = [(factor, place) for factor in scene.factor_text for place in range(len(view.where(factor)))]
    return {scene.factor_text[one].split(" = ")[1] for one, at in shown if ground_of(view, one, at) == LIGHT.highlight}


def test_a_pinned_factor_lights_the_derivative_over_its_connection_path_by_path(person: Person):
    pins_d1_of_the_steps(person)
    assert lit_meanings(person) == {"∂L/∂Awareness"}
    turns_to(person, "paths", "path by path")
    assert lit_meanings(person) == {"∂z_y/∂Awareness"}
    person.window.desk.selection.pin(None)


def test_the_ledger_lights_the_same_connection(person: Person):
    pins_d1_of_the_steps(person)
    turns_to(person, "ledger", "its ledger")
    assert lit_meanings(person) == {"∂z_y/∂Awareness"}
    person.window.desk.selection.pin(None)


def test_back_in_the_steps_the_pinned_factor_is_lit_again(person: Person):
    pins_d1_of_the_steps(person)
    turns_to(person, "matrices", "in matrices")
    turns_to(person, "steps", "step by step")
    assert lit_meanings(person) == {"∂L/∂Awareness"}
    person.window.desk.selection.pin(None)


def test_a_pinned_factor_of_one_weight_is_not_another_weights_of_that_name(person: Person):
    pins_d1_of_the_steps(person)
    person.window.desk.session.choose_weight("w5")
    person.waits_for(lambda: person.window.cards["derivation"].scene.wrt == "w5", "the other derivation")
    person.waits_for_calm()
    assert lit_meanings(person) == set()
    person.window.desk.selection.pin(None)
