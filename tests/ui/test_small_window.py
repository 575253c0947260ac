"""A small window: panels become tabs, titles stay whole beside a side panel, and nothing is clipped."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabBar, QWidget

from tests.ui.person import Person
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.elided_label import ElidedLabel
from vgdesk.ui.panels.quantity_card import QuantityCard
from vgdesk.ui.window import SMALLEST

README = Path(__file__).parents[2] / "README.md"


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


def test_a_shorter_title_gives_its_room_to_the_network_s_name(qtbot):
    card, name = Card("profile", "Gradient per layer"), "my: c from 2 columns"
    qtbot.addWidget(card)
    card.resize(420, 300)
    card.show()
    label = next(one for one in card.findChildren(ElidedLabel) if one.text() == card.heading)
    card.show_scene(None, name)
    qtbot.waitUntil(lambda: label.width() == label.sizeHint().width())
    width = label.width()
    for heading in ("Gradient per time step, back through time", "Gradient per layer"):
        card.show_heading(heading)
        qtbot.wait(30)
    assert label.width() == width
    subject = next(one for one in card.findChildren(ElidedLabel) if one.text() == name)
    assert subject.shown == name


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


def _squeezed(bar: QWidget) -> list[str]:
    """Returns the names of the widgets that are narrower than they need."""
    shown = [widget for widget in bar.findChildren(QWidget) if widget.isVisible()]
    return [w.accessibleName() for w in shown if w.width() < min(w.minimumSizeHint().width(), w.maximumWidth())]


def test_window_of_the_smallest_size_clips_nothing_and_has_the_derivation_as_a_tab(person: Person):
    person.window.resize(960, 640)
    person.waits_for(lambda: person.window.width() == 960, "the smallest size")
    person.waits_for_calm()
    tabs = next(bar for bar in person.window.stage.findChildren(QTabBar) if bar.isVisible() and bar.count())
    assert [tabs.tabText(number) for number in range(tabs.count())] == ["Network", "Derivation"]
    person.waits_for(lambda: not _squeezed(person.window.toolbar), "a toolbar that clips nothing")
    shown = [widget for widget in person.window.toolbar.findChildren(QWidget) if widget.isVisible()]
    assert all(widget.mapTo(person.window, widget.rect().bottomRight()).x() < 960 for widget in shown)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert person.window.cards["derivation"].isVisible()
    person.window.resize(1440, 900)
    person.waits_for(lambda: person.window.cards["network"].isVisible(), "the wide form")


def _tab_words(person: Person) -> list[str]:
    bars = [bar for bar in person.window.stage.findChildren(QTabBar) if bar.isVisible() and bar.count()]
    return [bar.tabText(number) for bar in bars for number in range(bar.count())]


def test_narrow_train_workspace_has_the_derivation_as_a_tab(person: Person):
    person.window.resize(960, 640)
    person.presses("workspace_train")
    person.waits_for(lambda: "Gradient per layer" in _tab_words(person), "the tabs of this workspace alone")
    tabs = next(bar for bar in person.window.stage.findChildren(QTabBar) if bar.isVisible() and bar.count())
    assert [tabs.tabText(number) for number in range(tabs.count())] == ["Gradient per layer", "Derivation"]
    person.clicks("profile", lambda reference: reference.layer == 3)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    person.waits_for(lambda: "layer 3" in person.view("derivation").accessibleName(), "that layer's formula")
    person.presses("release")
    person.presses("workspace_derive")
    person.window.resize(1440, 900)
    person.waits_for(lambda: person.window.cards["network"].isVisible(), "the wide form")
    person.waits_for_calm()


def test_the_quantity_is_whole_where_there_is_room_beside_it(person: Person):
    card = person.window.cards["profile"]
    assert isinstance(card, QuantityCard)
    for workspace in ("train", "theory"):
        person.window.resize(1440, 900)
        person.presses(f"workspace_{workspace}")
        person.waits_for(lambda: card.chooser.width() >= card.chooser.sizeHint().width(), f"whole words in {workspace}")
        person.window.resize(960, 640)
        person.waits_for(
            lambda: card.chooser.width() < card.chooser.sizeHint().width(), f"a small choice in {workspace}"
        )


def test_the_chosen_quantity_is_whole_where_the_words_of_the_run_can_be_cut(person: Person):
    card = person.window.cards["heatmap"]
    assert isinstance(card, QuantityCard)
    person.window.resize(1440, 900)
    person.presses("workspace_train")
    person.waits_for(card.chooser.isVisible, "the choice")
    offered = card.chooser.keys()
    assert len(offered) > 1
    for name in offered:
        card.chooser.chosen.emit(name)
        person.waits_for(lambda name=name: card.chooser.currentData() == name, f"the choice of {name}")
        person.waits_for(lambda: card.chooser.width() >= card.chooser.shown_width(), f"whole words of {name}")


def test_the_smallest_size_is_the_one_the_readme_names(person: Person):
    size = person.window.size()
    person.window.resize(100, 100)
    person.waits_for(lambda: (person.window.width(), person.window.height()) == SMALLEST, "the smallest window")
    person.window.resize(size)
    assert "at least {}x{} pixels".format(*SMALLEST) in README.read_text(encoding="utf-8")
