"""A list that goes on below its edge fades out there; at its end every row is whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from vgdesk.ui.chrome.more_below import HEIGHT, MoreBelow
from vgdesk.ui.theme import DARK, LIGHT, ThemeState


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def shown(qtbot, request):
    listed = QListWidget()
    listed.addItems([f"finding {number}" for number in range(40)])
    fade = MoreBelow(listed, ThemeState(request.param))
    qtbot.addWidget(listed)
    listed.resize(200, 150)
    with qtbot.waitExposed(listed):
        listed.show()
    return listed, fade


def test_it_lies_on_the_lower_edge_while_there_is_more(shown):
    listed, fade = shown
    assert fade.isVisible()
    assert fade.geometry().bottom() == listed.viewport().geometry().bottom()
    listed.resize(260, 240)
    assert fade.geometry().bottom() == listed.viewport().geometry().bottom()
    assert (fade.width(), fade.height()) == (listed.viewport().width(), HEIGHT)


def test_it_goes_at_the_end_of_the_list(shown):
    listed, fade = shown
    listed.scrollToBottom()
    assert not fade.isVisible()
    listed.scrollToTop()
    assert fade.isVisible()


def test_it_is_away_where_everything_is_seen(shown):
    listed, fade = shown
    listed.resize(200, 2000)
    assert not fade.isVisible()


def test_rows_under_it_are_clicked_as_if_it_were_not_there(shown):
    listed, fade = shown
    row = listed.indexAt(fade.geometry().center() - listed.viewport().pos()).row()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=listed.visualItemRect(listed.item(row)).center())
    assert listed.childAt(fade.geometry().center()) is not fade
    assert listed.currentRow() == row
