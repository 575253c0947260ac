"""A line of names is whole where two lines hold it, and counts what it leaves out where they do not."""

import pytest
from pytestqt.qtbot import QtBot

from vgdesk.ui.panels.names_label import MOST_LINES, NamesLabel

NAMES = tuple(f"remedy number {number}" for number in range(1, 13))


def shown(qtbot: QtBot, width: int) -> NamesLabel:
    label = NamesLabel("Cured by")
    qtbot.addWidget(label)
    label.resize(width, 60)
    label.show_names(NAMES)
    return label


def test_all_names_are_told_where_there_is_room(qtbot: QtBot):
    label = shown(qtbot, 1200)
    assert all(name in label.text() for name in NAMES)
    assert label.toolTip() == ""


@pytest.mark.parametrize("width", [300, 450, 600])
def test_names_that_do_not_fit_are_counted_and_told_in_the_tooltip(qtbot: QtBot, width: int):
    label = shown(qtbot, width)
    told = sum(f"{name}," in f"{label.text().replace(' and', ',')}," for name in NAMES)
    assert label.text().endswith(f" and {len(NAMES) - told} more")
    assert label.heightForWidth(width) <= (MOST_LINES + 0.5) * label.fontMetrics().lineSpacing()
    assert all(name in label.toolTip() for name in NAMES)


def test_a_line_that_is_made_wider_tells_more(qtbot: QtBot):
    label = shown(qtbot, 300)
    before = label.text()
    label.resize(600, 60)
    label.grab()
    assert len(label.text()) > len(before)
    label.show_names(())
    assert label.isHidden()
