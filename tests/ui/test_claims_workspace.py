"""The Claims workspace, used like a person uses it."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu, QToolButton

from tests.ui.person import Person
from vgdesk.ui.panels.claim_dialog import ClaimDialog
from vgdesk.ui.panels.claims_view import ClaimsView

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(person: Person) -> ClaimsView:
    """Returns the claims, opened by the keyboard."""
    person.types(Qt.Key.Key_6, CTRL)
    person.waits_for(lambda: person.window.cards["claims"].view is not None, "the claims")
    view = person.view("claims")
    assert isinstance(view, ClaimsView)
    person.waits_for(lambda: view.is_complete and view.isVisible(), "all cards")
    person.returns_to_window()
    return view


def test_claims_are_made_when_first_opened(person: Person):
    assert person.window.cards["claims"].view is None
    view = opened(person)
    assert len(view.widgets) == 31
    assert [key for key, card in person.window.cards.items() if card.isVisible()] == ["claims"]
    assert person.window.cards["claims"].subject == "0 of 31 tested"


def test_cards_stand_below_each_other_without_overlap(person: Person):
    view = opened(person)
    cards = [view.widgets[number].geometry() for number in sorted(view.widgets)]
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(cards))
    for widget in view.widgets.values():
        assert all(block.rect.bottom() <= widget.height() for block in widget.layout_at(widget.width()).blocks)


def test_a_click_tests_one_claim(person: Person):
    view = opened(person)
    first = view.widgets[1]
    before = first.grab().toImage()
    QTest.mouseClick(first.button, Qt.MouseButton.LeftButton)
    assert 1 in person.window.desk.claims.running
    person.waits_for(lambda: first.button.text() == "Testing…" or bool(first.card.rows), "a button that says so")
    person.waits_for(lambda: 1 in person.window.desk.claims.outcomes, "the outcome")
    person.waits_for(lambda: first.button.text() == "Test again", "the button again")
    assert "Wrong" in first.accessibleDescription()
    assert first.button.hasFocus()
    assert first.grab().toImage() != before
    person.waits_for(lambda: "1 of 31 tested: 1 wrong" in person.window.cards["claims"].subject, "the summary")


def test_the_only_experiment_of_a_claim_is_opened_by_a_click_and_undone(person: Person):
    view = opened(person)
    before = person.window.desk.session.training
    QTest.mouseClick(view.widgets[14].open_button, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: person.window.desk.session.training.name == "claim-14-sigmoid", "the experiment")
    assert person.window.stage.workspace == "train"
    assert person.window.windowTitle().startswith("Claim 14: ten layers of sigmoid")
    assert person.window.actions_by_id["undo"].text().replace("&", "") == "Undo open claim 14"
    person.presses("undo")
    assert person.window.desk.session.training == before


def test_of_several_experiments_one_is_chosen_with_the_keyboard(person: Person):
    view = opened(person)
    view.widgets[31].open_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.widgets[31].open_button, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) == 4
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    name = "claim-31-radius1-2-input0"
    person.waits_for(lambda: person.window.desk.session.training.name == name, "the experiment")
    person.presses("undo")


def test_the_menu_asks_which_claim_and_proposes_the_last(person: Person):
    opened(person)
    person.presses("open_claim")
    dialog = next(one for one in person.window.findChildren(ClaimDialog) if one.isVisible())
    dialog.claim.setCurrentIndex(6)
    assert [dialog.arm.itemData(place) for place in range(2)] == ["saturated", "linear_sw0.5"]
    dialog.arm.setCurrentIndex(1)
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    person.waits_for(lambda: person.window.desk.session.training.name == "claim-7-linear-sw0-5", "the experiment")
    assert person.window.desk.claims.last_opened == 7
    person.presses("undo")


def test_the_keyboard_brings_a_card_into_sight(person: Person):
    view = opened(person)
    view.verticalScrollBar().setValue(0)
    view.widgets[31].button.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.verticalScrollBar().value() > 0
    person.waits_for(lambda: not view.widgets[31].button.visibleRegion().isEmpty(), "the last card in sight")


def test_all_are_tested_by_one_action_and_stopped_by_another(person: Person):
    person.presses("workspace_derive")
    person.presses("test_claims")
    claims = person.window.desk.claims
    assert person.window.stage.workspace == "claims"
    assert len(claims.running) == 31
    person.presses("stop_claims")
    assert not claims.running
    person.waits_for(lambda: not person.window.actions_by_id["stop_claims"].isEnabled(), "nothing to stop")
    person.waits_for(lambda: not person.window.desk.studies.running, "no job")


def test_buttons_and_cards_have_names(person: Person):
    view = opened(person)
    assert view.widgets[7].accessibleName() == "Claim 7: Gradients vanish only because units saturate."
    assert view.widgets[7].button.accessibleName() == "Test claim 7"
    names = {button.accessibleName() for button in person.window.cards["claims"].findChildren(QToolButton)}
    assert {"Test all claims", "Stop testing claims"} <= names


def test_the_other_theme_repaints_the_cards(person: Person):
    view = opened(person)
    light = view.widgets[2].grab().toImage()
    person.presses("theme")
    QApplication.processEvents()
    assert view.widgets[2].grab().toImage() != light
    person.presses("theme")
