"""Long derivations are spelt in another process: the window's thread only receives, lays out and paints them."""

import pytest

from tests.builders import chain
from tests.ui.person import Person
from vgdesk.present import sheet
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.state.selection import Reference

DEPTH = 50


@pytest.fixture
def spelt_here(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The formulas that were spelt in the window's process."""
    spelt: list[object] = []
    real = sheet.inked_typst
    monkeypatch.setattr(sheet, "inked_typst", lambda formula: (spelt.append(formula), real(formula))[1])
    return spelt


def test_the_formula_of_a_layer_is_spelt_as_it_is_trained(person: Person, spelt_here: list[object]):
    # The opposite case: shows that the list of the next test would not stay empty by itself.
    person.presses("workspace_train")
    desk = person.window.desk
    desk.selection.pin(Reference(desk.session.training.name, Place(PlaceKind.LAYER, 1)))
    person.waits_for(lambda: bool(spelt_here), "the layer's formula")


def test_no_line_of_fifty_layers_is_spelt_in_the_windows_process(person: Person, spelt_here: list[object]):
    card = person.window.cards["derivation"]
    fifty = chain([0.9] * DEPTH, [0.1] * DEPTH, 0.5, 0.2, "tanh")
    person.window.desk.session.open(fifty)
    person.waits_for(lambda: bool(card.scene and card.scene.experiment == fifty.name), "its derivation")
    for words, kind in (("matrices", "in matrices"), ("ledger", "its ledger"), ("steps", "step by step")):
        person.chooses(card.views, words)  # pyright: ignore[reportAttributeAccessIssue]
        person.waits_for(lambda kind=kind: card.scene.kind == kind, words)
    person.waits_for_calm()
    assert spelt_here == []
