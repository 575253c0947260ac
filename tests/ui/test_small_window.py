"""A window of 1024 x 700 with a side panel open: titles stay whole, plots have room, nothing is a few letters."""

from PySide6.QtWidgets import QLabel

from tests.ui.person import Person
from vgdesk.ui.panels.elided_label import ElidedLabel


def titles(person: Person) -> list[QLabel]:
    """Returns the titles of the panels on show."""
    cards = [person.window.cards[key] for key in person.window.stage.visible]
    return [label for card in cards for label in card.findChildren(QLabel) if label.text() == card.heading]


def test_titles_are_whole_beside_a_side_panel(person: Person):
    person.window.resize(1024, 700)
    for workspace in ("derive", "train", "theory"):
        person.presses(f"workspace_{workspace}")
        person.presses("settings")
        person.waits_for(lambda: person.window.side.is_open, "the settings")
        person.waits_for_calm()
        for title in titles(person):
            assert title.width() >= title.sizeHint().width(), (workspace, title.text())
        person.presses("settings")


def test_plots_become_tabs_beside_a_side_panel_and_come_back(person: Person):
    person.window.resize(1024, 700)
    person.presses("workspace_derive")
    assert {"profile", "heatmap", "loss"} <= set(person.window.stage.visible)
    person.presses("settings")
    person.waits_for(lambda: "heatmap" not in person.window.stage.visible, "the tabs")
    assert person.window.cards["profile"].width() > 500
    person.presses("settings")
    person.waits_for(lambda: "heatmap" in person.window.stage.visible, "the plots side by side")


def test_a_label_shows_nothing_rather_than_a_few_letters(qtbot):
    label = ElidedLabel("Sigmoid, 20 layers on digits")
    qtbot.addWidget(label)
    label.least_pixels = 90
    label.resize(40, 20)
    empty = ElidedLabel("")
    qtbot.addWidget(empty)
    empty.resize(40, 20)
    assert label.grab().toImage() == empty.grab().toImage()
    assert label.toolTip() == label.text()
    label.resize(100, 20)
    empty.resize(100, 20)
    assert label.grab().toImage() != empty.grab().toImage()
