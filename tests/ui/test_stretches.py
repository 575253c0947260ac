"""No single stretch of the window's thread is long: work comes in turns, and a theme is put on panel by panel."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer

from tests.ui.person import Person
from vgdesk.ui.gauges import stretches
from vgdesk.ui.gauges.stretches import StretchMeter
from vgdesk.ui.theme import THEMES
from vgdesk.ui.turns import take_turns


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Makes the thread's processor time go on by what a test says, and by nothing else."""
    used = [0.0]
    monkeypatch.setattr(stretches.time, "thread_time", lambda: used[0])

    def work(seconds: float) -> None:
        used[0] += seconds

    return work


def test_a_stretch_is_what_happens_in_one_turn_of_the_loop(qtbot, work: Callable[[float], None]):
    meter = StretchMeter()
    take_turns(meter, lambda: work(2.0), lambda: work(3.0))
    meter.begin()
    qtbot.waitUntil(lambda: [stretch for stretch in meter.stretches if stretch] == [2.0, 3.0])
    assert meter.longest == 3.0


def test_waiting_is_no_stretch(qtbot, work: Callable[[float], None]):
    meter = StretchMeter()
    meter.begin()
    qtbot.wait(80)
    assert len(meter.stretches) > 0
    assert meter.longest == 0.0


def test_pieces_are_done_in_order_with_a_turn_between_them(qtbot):
    done: list[str] = []
    owner = QObject()
    take_turns(owner, lambda: done.append("first"), lambda: done.append("second"))
    QTimer.singleShot(0, owner, lambda: done.append("between"))
    assert done == []
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done.index("first") < done.index("between") < done.index("second")


def test_pieces_end_with_their_owner(qtbot):
    done: list[str] = []
    owner = QObject()
    take_turns(owner, owner.deleteLater, lambda: done.append("late"))
    with qtbot.waitSignal(owner.destroyed):
        pass
    qtbot.wait(20)
    assert done == []


def test_a_piece_that_fails_does_not_keep_back_those_after_it(qtbot):
    done: list[str] = []
    owner = QObject()

    def fail() -> None:
        raise ValueError("cannot be done")

    with qtbot.captureExceptions() as failures:
        take_turns(owner, fail, lambda: done.append("after"))
        qtbot.waitUntil(lambda: done == ["after"])
    assert [kind for kind, *_ in failures] == [ValueError]


class _Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_the_window_is_painted_in_the_new_theme_without_anybody_touching_it(person: Person, qtbot):
    person.rests()
    paints = _Paints()
    card = person.window.cards["derivation"]
    card.installEventFilter(paints)
    for _ in range(4):
        qtbot.wait(50)  # what is still to be painted of before
        before = paints.count
        person.window.update()  # a request to paint is on its way: it comes while nothing is painted
        person.window.actions_by_id["theme"].trigger()
        qtbot.waitUntil(lambda before=before: paints.count > before)
        assert person.window.updatesEnabled()
    card.removeEventFilter(paints)


@pytest.mark.parametrize("workspace", ["train", "claims"])
def test_a_panel_that_was_put_away_has_the_new_theme_when_it_comes_back(person: Person, workspace: str):
    person.rests()
    person.presses(f"workspace_{workspace}")
    person.presses("workspace_theory")
    person.presses("theme")
    person.presses(f"workspace_{workspace}")
    person.waits_for_calm()
    card = person.window.cards["loss" if workspace == "train" else "claims"]
    theme = person.window.desk.themes.current
    assert card.grab().toImage().pixelColor(card.width() // 2, 8).name() == theme.panel
    assert theme.panel != THEMES["light" if theme.name == "dark" else "dark"].panel


def test_panels_without_a_place_wait_outside_the_window(person: Person):
    person.presses("workspace_derive")
    card = person.window.cards["claims"]
    assert person.window.stage.attic.holds(card)
    assert not person.window.isAncestorOf(card)
    person.presses("workspace_claims")
    assert person.window.isAncestorOf(card)
    assert not person.window.stage.attic.holds(card)
