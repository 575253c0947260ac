"""A derivation that was stopped says so where it would stand, and can be tried again there."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.builders import chain
from tests.engine.waiting import halted
from tests.ui.person import Person
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.typeset import unbroken

DEPTH = 50


def card(person: Person) -> DerivationCard:
    found = person.window.cards["derivation"]
    assert isinstance(found, DerivationCard)
    return found


def stopped(person: Person) -> None:
    """Has the derivation of a long chain stopped as soon as it has begun."""
    person.presses("workspace_derive")
    person.window.desk.session.open(chain([0.9] * DEPTH, [0.1] * DEPTH, 0.5, 0.2, "tanh"))
    person.waits_for(lambda: not person.window.desk.formulas.is_awaited, "its derivation and check")
    jobs = person.window.desk.jobs
    jobs.ask().time_limit = 0.001
    with halted(jobs.pids[1:]):
        person.window.desk.session.choose_weight("w2")
        person.waits_for(card(person).stopped.isVisible, "the note")


def test_the_panel_says_that_the_derivation_was_stopped_and_shows_none_of_another_weight(person: Person):
    stopped(person)
    title = person.window.desk.session.formula.title
    told = f"The derivation of ∂L/∂w₂ of “{title}” took longer than 0.001 s and was stopped."
    assert card(person).stopped.words.text().startswith(unbroken(told))
    assert not person.view("derivation").isVisible()


def test_trying_again_with_more_time_brings_the_derivation(person: Person):
    stopped(person)
    person.window.desk.jobs.ask().time_limit = 60.0
    QTest.mouseClick(card(person).stopped.again, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: bool(card(person).scene and card(person).scene.wrt == "w2"), "its derivation")
    assert person.view("derivation").isVisible()
    assert not card(person).stopped.isVisible()
