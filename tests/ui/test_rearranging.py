"""Another arrangement of the panels is made once: no panel is restyled or drawn more often than it has to be."""

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.ui.person import Person


class Witness(QObject):
    """Counts the events of some kinds that a window's panels receive."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.seen: Counter[tuple[str, QEvent.Type]] = Counter()
        self._names = {card: key for key, card in person.window.cards.items()}

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if watched in self._names and event.type() in (QEvent.Type.ParentChange, QEvent.Type.StyleChange):
            self.seen[self._names[watched], event.type()] += 1
        return False


@pytest.fixture
def witness(person: Person, qapp: QApplication):
    """Somebody who watches the panels."""
    person.waits_for_calm()
    watcher = Witness(person)
    qapp.installEventFilter(watcher)
    yield watcher
    qapp.removeEventFilter(watcher)


def test_opening_the_settings_moves_every_panel_once(person: Person, witness: Witness):
    person.presses("settings")
    person.waits_for(lambda: person.window.side.is_open, "the settings")
    person.waits_for(lambda: witness.seen[("network", QEvent.Type.ParentChange)] > 0, "the panels to move")
    person.waits_for_calm()
    assert witness.seen[("network", QEvent.Type.ParentChange)] == 1
    assert max(witness.seen.values()) == 1


def test_closing_them_moves_every_panel_once(person: Person, witness: Witness):
    person.presses("settings")
    person.waits_for(lambda: not person.window.side.is_open, "the panels alone")
    person.waits_for(lambda: witness.seen[("network", QEvent.Type.ParentChange)] > 0, "the panels to move")
    person.waits_for_calm()
    assert witness.seen[("network", QEvent.Type.ParentChange)] == 1
    assert max(witness.seen.values()) == 1


def test_a_panel_that_is_up_to_date_is_not_drawn_anew_for_being_shown(person: Person, monkeypatch: pytest.MonkeyPatch):
    person.window.desk.runs.pause()
    person.waits_for_calm()
    card, drawn = person.window.cards["network"], []
    real = card.show_scene
    monkeypatch.setattr(card, "show_scene", lambda *given, **named: (drawn.append(given), real(*given, **named)))
    for _ in range(2):
        person.presses("maximise")
        person.waits_for_calm()
    assert card.isVisible()
    assert drawn == []


def test_a_panel_that_was_hidden_while_something_changed_is_brought_up_to_date(person: Person):
    window = person.window
    window.cards["profile"].focus_view()
    person.presses("maximise")
    person.waits_for(lambda: not window.cards["derivation"].isVisible(), "one panel alone")
    window.desk.session.choose_weight("w9")
    person.waits_for(lambda: bool(window.desk.formulas.sheet and window.desk.formulas.sheet.wrt == "w9"), "w9")
    person.presses("maximise")
    person.waits_for(lambda: bool(window.cards["derivation"].scene.wrt == "w9"), "its derivation")
