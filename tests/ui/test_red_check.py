"""A wrong derivative at the window: the check turns red and names the weight, in both themes and without colour."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.ui.person import Person, spoken_name
from vgdesk.engine.events import VerificationReady
from vgdesk.records.derivation import Verification
from vgdesk.spec.library import example
from vgdesk.study import verify as study
from vgdesk.ui.panels.check_dialog import CheckDialog
from vgdesk.ui.theme import THEMES


@pytest.fixture(autouse=True)
def leaves_it_green(person: Person):
    """Has the window, which the tests share, check again, and leaves it light."""
    yield
    desk = person.window.desk
    desk.themes.choose("light")
    desk.formulas.verify()
    person.waits_for(lambda: desk.formulas.verification is not None and desk.formulas.verification.passed, "green")


@pytest.fixture
def wrong(monkeypatch) -> Verification:
    """Returns what the study says of a kernel whose dL/dw3 is off by a millionth of the largest gradient."""
    right = study.gradient

    def spoiled(*arguments):
        found = right(*arguments)
        found.weights[0].setflags(write=True)
        found.weights[0][0, 2] += 1e-6
        return found

    monkeypatch.setattr(study, "gradient", spoiled)
    return study.verify(example("insurance"))


def receives(person: Person, verification: Verification) -> None:
    """Lets the answer of the checking process be this one."""
    desk = person.window.desk
    answers: list[object] = []
    desk.jobs.answered.connect(answers.append)
    desk.formulas.verify()
    person.waits_for(lambda: any(isinstance(answer, VerificationReady) for answer in answers), "the right check")
    number = next(answer.generation for answer in answers if isinstance(answer, VerificationReady))
    desk.jobs.answered.disconnect(answers.append)
    desk.jobs.answered.emit(VerificationReady(number, verification))
    person.waits_for(lambda: desk.formulas.verification is verification, "the wrong check")


def has_colour(person: Person, widget, name: str) -> bool:
    red = QColor(name)
    seen = person.looks_at(widget)[..., :3].astype(int)
    return bool((np.abs(seen - [red.red(), red.green(), red.blue()]).sum(axis=-1) < 12).any())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_derivative_turns_badge_and_line_red_and_names_the_weight(person: Person, wrong, theme: str):
    card = person.window.cards["derivation"]
    person.window.desk.themes.choose(theme)
    person.waits_for(person.window.updatesEnabled, "the theme")
    alert = THEMES[theme].alert
    assert not has_colour(person, card.badge, alert)
    receives(person, wrong)
    person.waits_for(lambda: has_colour(person, card.badge, alert), "a red badge")
    assert card.badge.text() == "w₃ differs"
    assert "w₃" in spoken_name(card.badge)
    assert has_colour(person, card.line, alert)


def test_at_a_kink_the_badge_counts_two_ways_and_the_line_has_no_third(person: Person):
    at_kink = msgspec.structs.replace(study.verify(example("insurance")), at_kink=True, taylor_symbolic=None)
    receives(person, msgspec.structs.replace(at_kink, taylor_backpropagated=None))
    card = person.window.cards["derivation"]
    assert card.badge.text() == "checked two ways"
    assert card.line.text().startswith("symbolic 0.0015 = backprop 0.0015 · error ≤")


def test_the_list_shows_the_wrong_weight_in_red_and_in_words(person: Person, wrong):
    receives(person, wrong)
    QTest.mouseClick(person.window.cards["derivation"].badge, Qt.MouseButton.LeftButton)
    dialog = person.window.findChild(CheckDialog)
    assert isinstance(dialog, CheckDialog)
    names = [dialog.table.item(row, 0).text() for row in range(dialog.table.rowCount())]
    assert [name for name in names if "differs" in name] == ["w₃ differs"]
    alert = QColor(person.window.desk.themes.current.alert)
    assert dialog.table.item(2, 0).foreground().color() == alert != dialog.table.item(1, 0).foreground().color()
    assert "disagree at w₃" in dialog.sentence.text()
    dialog.close()
