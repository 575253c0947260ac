"""While the point of the phase diagram is moved, theory's equations hold: all their numbers are of one network."""

import re

import pytest

from tests.ui.person import Person
from vgdesk.present.sheet import sheet_text
from vgdesk.spec.library import example

PRODUCT = re.compile(r"= ([\d.]+) × ([\d.]+)(?: \+ ([\d.]+))? = ([\d.]+)")


def theory(person: Person) -> None:
    """Opens digits-sigmoid-20 in the Theory workspace."""
    desk = person.window.desk
    desk.session.choose_training(example("digits-sigmoid-20"))
    person.presses("workspace_theory")
    person.waits_for(lambda: desk.phases.grid is not None and not desk.phases.is_awaited, "the phase diagram")
    person.waits_for(lambda: not desk.predictions.is_awaited, "the prediction")
    person.waits_for_calm()


def told(person: Person) -> str:
    sheet = person.window.cards["derivation"].scene
    return sheet_text(sheet) if sheet else ""


def test_the_equations_of_a_dragged_network_are_true(person: Person):
    theory(person)
    desk = person.window.desk
    desk.phases.drag_to(3.0, 0.5)
    person.waits_for(lambda: desk.predictions.is_preview, "the prediction of the dragged network")
    person.waits_for_calm()
    shown = told(person)
    lines = PRODUCT.findall(shown)
    assert len(lines) == 2
    for weight, mean, bias, whole in lines:
        assert float(weight) == pytest.approx(9.0)
        assert float(weight) * float(mean) + float(bias or 0) == pytest.approx(float(whole), rel=0.01)
    assert "Measured" not in shown  # another network was measured
    desk.phases.give_up()
    person.waits_for(lambda: "= 1.6 in layer 1" in told(person), "the sheet of the network on the desk")


def test_theory_stays_on_show_until_it_has_answered_of_the_network_let_go(person: Person):
    theory(person)
    desk = person.window.desk
    before = told(person).partition("Measured")[0]
    title = person.subject("derivation")
    assert "by theory" in before
    desk.jobs.answered.disconnect()  # as long as the worker plans, nothing is predicted
    desk.phases.drag_to(3.0, 0.5)
    desk.phases.drop()
    person.waits_for_calm()
    assert desk.predictions.prediction is None
    assert told(person).partition("Measured")[0] == before
    assert person.subject("derivation") == title
