"""A check that fails is red, names the weight, and lists it."""

import msgspec
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from vgdesk.engine.events import VerificationReady
from vgdesk.spec.library import example
from vgdesk.study.verify import verify
from vgdesk.ui.panels.check_dialog import CheckDialog
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.theme import LIGHT


@pytest.fixture
def spoiled(monkeypatch):
    """Returns the check of a kernel whose gradient of w9 is wrong by a tenth of itself."""
    import vgdesk.study.verify as study

    right = study.gradient

    def wrong(*arguments):
        found = right(*arguments)
        weights = [array.copy() for array in found.weights]
        weights[1][0, 0] *= 1.1
        return msgspec.structs.replace(found, weights=tuple(weights))

    monkeypatch.setattr(study, "gradient", wrong)
    return verify(example("insurance"))


@pytest.fixture
def desk(qtbot, spoiled):
    """Returns states to which the failed check was the answer, and a card that shows them."""
    owner = QObject()
    desk = make_desk(owner, "light", None)
    card = DerivationCard(desk)
    qtbot.addWidget(card)
    owner.setParent(card)
    card.show()
    before = desk.jobs.ask().verify(desk.session.formula)
    desk.formulas.verify()
    desk.jobs.answered.emit(VerificationReady(before + 1, spoiled))
    yield desk, card
    desk.jobs.close()


def test_badge_and_line_are_red_and_name_the_weight(desk):
    states, card = desk
    assert card.badge.text() == "w9 differs"
    assert "disagree at w9" in card.badge.toolTip()
    states.session.choose_weight("w9")
    assert "≠" in card.line.text()
    assert card.line.text().endswith("slope 1.00")
    assert LIGHT.alert in card.line.styleSheet()


def test_the_list_marks_the_weight_in_words_and_in_colour(desk, qtbot):
    states, _ = desk
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = CheckDialog(parent, states.formulas, states.themes)
    marked = [row for row in range(13) if dialog.table.item(row, 0).text().endswith(" differs")]
    assert [dialog.table.item(row, 0).text() for row in marked] == ["w9 differs"]
    assert dialog.table.item(marked[0], 2).foreground().color() == QColor(LIGHT.alert)
    assert "1.00 (back-propagated)" in dialog.sentence.text()
