"""A person unfolds single factors of paths, matrices and ledger: by click, by keyboard, by menu."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.person import Person, sheet_of
from vgdesk.present.unfolding import Unfolding
from vgdesk.spec.library import example


@pytest.fixture(autouse=True)
def folded(person: Person) -> Iterator[None]:
    """Begins with nothing pinned and nothing unfolded, and ends with the steps."""
    person.window.desk.session.choose_formula(example("mazur"))
    person.window.desk.selection.pin(None)
    yield
    person.window.desk.selection.pin(None)
    person.chooses(person.window.cards["derivation"].views, "steps")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for_calm()
    sheet_of(person).unfold(Unfolding())


def told(person: Person) -> str:
    return sheet_of(person).widget().accessibleDescription()


def chooses_view(person: Person, words: str, kind: str) -> None:
    card = person.window.cards["derivation"]
    person.chooses(card.views, words)  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(
        lambda: card.scene is not None and (card.scene.kind, card.scene.experiment) == (kind, "mazur"), "the other view"
    )
    person.waits_for_calm()
    sheet_of(person).unfold(Unfolding())


def place_of(person: Person, factor: str) -> QPoint:
    """Returns a point of the sheet at which a factor stands, scrolled to."""
    point = sheet_of(person).where(factor)[0].center()
    sheet_of(person).ensureVisible(point.x(), point.y())
    return point


def clicks(person: Person, factor: str) -> None:
    QTest.mouseClick(sheet_of(person).widget(), Qt.MouseButton.LeftButton, pos=place_of(person, factor))


VIEWS = [
    ("paths", "path by path", "s2", "s₂ = ∂o1/∂zₒ₁ = σ′(zₒ₁) = σ′(1.11) = 0.187"),
    ("matrices", "in matrices", "W2", "W⁽²⁾ = [w₅, w₆; w₇, w₈] = [0.4, 0.45; 0.5, 0.55]"),
    ("matrices", "in matrices", "delta2", "δₒ₁ = (o1 − t₁) · σ′(zₒ₁) = (0.751 − 0.01) × 0.187 ≈ 0.138"),
    ("ledger", "its ledger", "s3", "s₃ = ∂zₒ₁/∂h1 = w₅ = 0.4"),
]


@pytest.mark.parametrize(("words", "kind", "factor", "line"), VIEWS)
def test_a_click_unfolds_a_factor_of_a_view_and_a_second_one_folds_it(person: Person, words, kind, factor, line):
    chooses_view(person, words, kind)
    assert line not in told(person)
    clicks(person, factor)
    assert line in told(person)
    assert set(sheet_of(person).unfolding.factors) == {factor}
    person.waits_for_calm()
    clicks(person, factor)
    assert line not in told(person)


def test_enter_unfolds_the_factor_that_the_arrows_have_reached(person: Person):
    chooses_view(person, "matrices", "in matrices")
    canvas = sheet_of(person).widget()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    person.types(Qt.Key.Key_Right)
    reached = sheet_of(person).focused_factor
    assert reached is not None
    person.types(Qt.Key.Key_Return)
    assert set(sheet_of(person).unfolding.factors) == {reached[1]}


def test_the_layer_of_a_clicked_array_is_unfolded_by_the_menu(person: Person):
    chooses_view(person, "matrices", "in matrices")
    clicks(person, "slope1")
    person.presses("unfold_layer")
    assert {"slope1", "delta1"} <= set(sheet_of(person).unfolding.factors)


def test_the_menu_of_a_right_click_unfolds_what_lies_under_the_mouse(person: Person):
    chooses_view(person, "ledger", "its ledger")
    offered = sheet_of(person).actions()
    QTest.mouseClick(sheet_of(person).widget(), Qt.MouseButton.RightButton, pos=place_of(person, "s2"))
    next(action for action in offered if action.text() == "&Unfold factor").trigger()
    assert set(sheet_of(person).unfolding.factors) == {"s2"}
    next(action for action in offered if action.text() == "F&old everything").trigger()
    assert sheet_of(person).unfolding.is_folded


def test_what_is_unfolded_below_a_table_is_scrolled_to(person: Person):
    chooses_view(person, "ledger", "its ledger")
    sheet_of(person).verticalScrollBar().setValue(0)
    clicks(person, "s1")
    assert sheet_of(person).verticalScrollBar().value() > 0


def test_an_unfolded_factor_follows_the_numbers(person: Person):
    chooses_view(person, "paths", "path by path")
    clicks(person, "s3")
    person.window.desk.what_if.offer()
    person.waits_for(lambda: bool(person.window.desk.what_if.numbers), "the numbers")
    person.window.desk.what_if.change("w5", 0.123)
    person.waits_for(lambda: "∂zₒ₁/∂h1 = w₅ = 0.123" in told(person), "the changed weight")
    person.window.desk.what_if.reset()
    person.waits_for(lambda: "∂zₒ₁/∂h1 = w₅ = 0.4" in told(person), "the former weight")
