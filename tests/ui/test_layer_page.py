"""A person makes a network deeper in the network table, and can read every column before and after."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.ui.person import Person
from vgdesk.spec.library import example
from vgdesk.ui.panels.layer_page import LayerPage
from vgdesk.ui.panels.network_table import NetworkTable

LISTS = (2, 3, 4)
"""Columns of activations, normalisations and skips."""


def page_of_xor(person: Person) -> LayerPage:
    person.window.desk.session.choose_formula(example("xor"))
    person.presses("network_table")
    page = [one for one in person.window.findChildren(NetworkTable) if one.isVisible()][-1].layers
    person.waits_for(lambda: page.table.rowCount() == 3, "the layers")
    return page


def adds_layer(person: Person, page: LayerPage) -> None:
    button = next(one for one in page.findChildren(QPushButton) if "Add layer" in one.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: page.table.rowCount() == 4, "a row more")


def lists(page: LayerPage) -> list[QWidget]:
    return [page.table.cellWidget(row, column) for row in range(1, 4) for column in LISTS]


def hidden_layers(person: Person) -> list[tuple[int, str]]:
    layers = person.window.desk.session.formula.feed_forward.layers
    return [(layer.width, layer.activation) for layer in layers[:-1]]


def test_the_lists_of_all_layers_stay_whole_when_the_same_layers_are_shown_anew(person: Person):
    page = page_of_xor(person)
    adds_layer(person, page)
    for _ in range(2):  # as when its numbers come, and other ones
        QApplication.processEvents()
        page.render(person.window.desk.session.formula)
    person.waits_for(lambda: all(one.width() >= one.sizeHint().width() for one in lists(page)), "whole lists")
    assert not page.table.horizontalScrollBar().isVisible(), "no column had to go out of sight for it"


def test_a_layer_added_with_nothing_chosen_stands_below_the_output_and_is_like_the_others(person: Person):
    adds_layer(person, page_of_xor(person))
    assert hidden_layers(person) == [(2, "tanh")] * 2


def test_a_layer_added_above_the_inputs_is_like_the_one_above_it(person: Person):
    page = page_of_xor(person)
    page.table.setCurrentCell(0, 0)
    adds_layer(person, page)
    assert hidden_layers(person) == [(2, "tanh")] * 2
