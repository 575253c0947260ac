"""The verdict has the colour of what it says, in every workspace and theme, also when nothing is trained any more."""

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget

from tests.ui.person import Person
from vgdesk.present.tone import Tone
from vgdesk.ui.panels.verdict_view import VerdictView


def is_alert(person: Person, widget: QWidget) -> bool:
    """Whether the words are seen in the alert colour of the theme, and in no plain one."""
    theme = person.window.desk.themes.current
    seen = person.looks_at(widget)[..., :3].astype(int)

    def pixels(colour: QColor) -> int:
        return int((np.abs(seen - [colour.red(), colour.green(), colour.blue()]).max(axis=-1) < 16).sum())

    return pixels(theme.tone(Tone.ALERT)) > 20 and pixels(QColor(theme.text)) == 0


def rests_with_a_verdict(person: Person) -> None:
    person.waits_for(lambda: person.window.desk.diagnoses.diagnosis is not None, "a verdict")
    person.rests()
    person.waits_for(lambda: not person.window.desk.diagnoses.is_behind, "the last verdict")
    person.waits_for_calm()


def test_verdict_keeps_its_colour_when_the_workspace_is_left_and_entered_again(person: Person):
    person.presses("workspace_diagnose")
    rests_with_a_verdict(person)
    view = person.view("verdict")
    assert isinstance(view, VerdictView)
    assert is_alert(person, view.verdict)
    person.presses("workspace_claims")
    person.waits_for_calm()
    person.presses("workspace_diagnose")
    person.waits_for_calm()
    assert is_alert(person, view.verdict)


def test_verdict_in_the_status_bar_and_its_panel_follow_the_theme(person: Person):
    person.presses("workspace_diagnose")
    rests_with_a_verdict(person)
    button, view = person.window.findChild(QPushButton, "verdict"), person.view("verdict")
    assert isinstance(button, QPushButton)
    assert isinstance(view, VerdictView)
    for name in ("dark", "light"):
        person.presses("theme")
        person.waits_for(lambda name=name: person.window.desk.themes.current.name == name, name)
        person.waits_for(person.window.updatesEnabled, "the window in its new dress")
        assert is_alert(person, button)
        assert is_alert(person, view.verdict)
