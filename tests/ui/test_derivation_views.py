"""The derivation on show told path by path, in matrices and as a ledger, chosen like a person chooses it."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.person import Person
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.ui.actions.file_menu import FILE_ACTIONS
from vgdesk.ui.panels.derivation_card import DerivationCard


@pytest.mark.parametrize(
    ("words", "seen"), [("paths", "path by path"), ("matrices", "in matrices"), ("ledger", "its ledger")]
)
def test_the_gradient_is_told_in_another_way(person: Person, words: str, seen: str):
    card = person.window.cards["derivation"]
    person.chooses(card.views, words)  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == seen, "the other view")
    person.waits_for_calm()
    ink = person.looks_at(person.view("derivation"))[:, :, :3].astype(int)
    assert (ink.sum(axis=2) < 300).mean() > 0.002


def test_the_steps_come_back(person: Person):
    card = person.window.cards["derivation"]
    person.chooses(card.views, "steps")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == "step by step", "the steps")
    person.waits_for_calm()


def test_another_weight_is_told_in_the_chosen_way(person: Person):
    card = person.window.cards["derivation"]
    person.chooses(card.views, "ledger")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == "its ledger", "the ledger")
    person.window.desk.session.choose_weight("w9")
    person.waits_for(lambda: (card.scene.wrt, card.scene.kind) == ("w9", "its ledger"), "the other weight's ledger")
    person.waits_for_calm()


def test_a_normalised_network_is_told_in_matrices_too(person: Person):
    card = person.window.cards["derivation"]
    hidden = DenseLayer(width=2, activation="tanh", normalisation="layer")
    network = FeedForward(inputs=2, layers=(hidden, DenseLayer(width=2, activation="sigmoid")))
    rule = ScaledGaussian(sigma_w=1.0)
    person.window.desk.session.open(
        msgspec.structs.replace(example("mazur"), name="normalised", network=network, initialisation=rule)
    )
    person.chooses(card.views, "matrices")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: bool(card.scene and card.scene.experiment == "normalised"), "its derivation")
    person.waits_for(lambda: card.scene.kind == "in matrices", "its matrices")


def test_the_ledger_has_its_waterfall_under_it_and_the_steps_have_none(person: Person):
    card = person.window.cards["derivation"]
    person.chooses(card.views, "ledger")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == "its ledger", "the ledger")
    assert card.waterfall.isVisible()  # pyright: ignore[reportAttributeAccessIssue]
    person.chooses(card.views, "steps")  # pyright: ignore[reportAttributeAccessIssue]
    person.waits_for(lambda: card.scene.kind == "step by step", "the steps")
    assert not card.waterfall.isVisible()  # pyright: ignore[reportAttributeAccessIssue]


def test_the_waterfall_is_exported_where_it_is_the_picture_clicked_last(person: Person, tmp_path: Path):
    card = person.window.cards["derivation"]
    assert isinstance(card, DerivationCard)
    person.chooses(card.views, "ledger")
    person.waits_for(lambda: card.drawn_waterfall is not None, "the waterfall")
    assert card.waterfall is not None
    person.view("network").setFocus()
    QTest.mouseClick(card.waterfall.viewport(), Qt.MouseButton.LeftButton, pos=card.waterfall.rect().center())
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "waterfall.csv")
    person.waits_for(lambda: (tmp_path / "waterfall.csv").exists(), "the file")
    assert (tmp_path / "waterfall.csv").read_text().count("\n") > len(card.drawn_waterfall.bars)
    person.chooses(card.views, "steps")
    person.waits_for(lambda: card.drawn_waterfall is None, "no waterfall beside the steps")


def test_whoever_types_waterfall_finds_how_to_export_it():
    assert "waterfall" in next(action for action in FILE_ACTIONS if action.id == "export_figure").also
