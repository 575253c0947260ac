"""What the network table refused is told of in the table until it is closed, or the network is another one."""

import pytest

from tests.ui.person import Person
from tests.ui.test_network_editor import table
from vgdesk.spec.library import example
from vgdesk.ui.panels.layer_page import HEADERS, LayerPage
from vgdesk.ui.panels.network_table import NetworkTable


def types_into_dropout(page: LayerPage, text: str) -> None:
    cell = page.table.item(1, HEADERS.index("Dropout"))
    assert cell is not None
    cell.setText(text)


@pytest.fixture
def refused(person: Person) -> NetworkTable:
    made = table(person)
    types_into_dropout(made.layers, "nan")
    assert made.words.text() != ""
    assert person.message() == ""
    return made


def test_the_sentence_is_over_with_the_table(person: Person, refused: NetworkTable):
    refused.reject()
    assert table(person).words.text() == ""
    assert person.message() == ""


def test_the_sentence_is_over_with_the_network(person: Person, refused: NetworkTable):
    person.window.desk.session.open(example("xor"))
    person.waits_for(lambda: refused.words.text() == "", "the table of the other network")
