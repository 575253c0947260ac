"""The derivation says of which network it is wherever another one is trained and no diagram tells it."""

from tests.ui.person import Person
from vgdesk.spec.library import example
from vgdesk.ui.panels.derivation_card import DerivationCard


def origin(person: Person) -> str:
    """Returns what the derivation's panel says of its network below the header, "" where nothing is seen."""
    person.waits_for_calm()
    card = person.window.cards["derivation"]
    assert isinstance(card, DerivationCard)
    return card.origin.text() if card.origin.isVisible() else ""


def test_derivation_of_another_network_than_the_trained_one_says_so_away_from_its_diagram(person: Person):
    person.window.desk.session.choose_training(example("digits-lstm-pixels"))
    for workspace in ("train", "theory"):
        person.presses(f"workspace_{workspace}")
        assert origin(person).startswith(f"Of “{person.window.desk.session.formula.title}”, not of the network")
    person.presses("workspace_derive")
    assert origin(person) == ""


def test_derivation_of_the_trained_network_has_nothing_to_add(person: Person):
    person.window.desk.session.open(example("xor"))
    person.presses("workspace_train")
    assert origin(person) == ""
