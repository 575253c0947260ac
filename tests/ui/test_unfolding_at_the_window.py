"""A person unfolds the derivation at the window: by click, by menu, by layer, everything, and folds it again."""

import pytest
from PySide6.QtGui import QGuiApplication

from tests.builders import reader
from tests.ui.person import Person, sheet_of
from vgdesk.present.unfolding import Unfolding
from vgdesk.spec.sequences import AddingProblem
from vgdesk.ui.state.selection import Reference


@pytest.fixture(autouse=True)
def folded(person: Person) -> None:
    """Begins with nothing pinned and nothing unfolded."""
    person.window.desk.selection.pin(None)
    person.waits_for_calm()
    sheet_of(person).unfold(Unfolding())


def test_nothing_to_fold_greys_the_action(person: Person):
    fold = person.window.actions_by_id["fold_everything"]
    assert not fold.isEnabled()
    person.presses("unfold_everything")
    assert fold.isEnabled()
    person.presses("fold_everything")
    assert sheet_of(person).unfolding.is_folded


def test_the_pinned_factor_is_unfolded_by_the_menu(person: Person):
    desk = person.window.desk
    scene = person.window.cards["derivation"].scene
    desk.selection.pin(Reference(scene.experiment, scene.factor_place["d2"], "d2"))
    person.presses("unfold_factor")
    assert set(sheet_of(person).unfolding.factors) == {"d2"}


def test_without_a_factor_the_menu_says_what_to_do(person: Person):
    person.window.setFocus()
    sheet_of(person).widget().clearFocus()
    person.presses("unfold_factor")
    assert person.window.desk.messages.sentence.startswith("Click a factor of the derivation first")
    person.window.desk.messages.dismiss()


def test_the_layer_of_a_pinned_unit_is_unfolded(person: Person):
    person.clicks("network", lambda reference: reference.layer == 2)
    person.presses("unfold_layer")
    assert sheet_of(person).unfolding.layers == {2}
    assert "Backward rule, layer 2" in sheet_of(person).widget().accessibleDescription()


def test_spoken_words_are_copied(person: Person):
    person.presses("copy_spoken")
    assert "Step 1: Chain rule." in QGuiApplication.clipboard().text()


def test_a_recurrent_network_says_why_it_cannot_be_drawn(person: Person):
    desk = person.window.desk
    former = desk.session.formula
    desk.session.choose_formula(reader(AddingProblem(length=3, count=4), width=2, name="small-rnn"))
    for action in ("edit_network", "network_table"):
        person.presses(action)
        assert desk.messages.sentence == (
            "small-rnn has a recurrent network; only feed-forward ones are edited unit by unit"
        )
        assert not desk.editor.is_on
        desk.messages.dismiss()
    desk.session.choose_formula(former)
    person.waits_for_calm()
