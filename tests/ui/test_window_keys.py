"""Keys of the window work while a text field has the keyboard, and the keys of text stay with the field."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from vgdesk.ui.actions.window_keys import WindowKeys


class Greedy(QLineEdit):
    """Claims every key for itself, as text fields under X11 claim Ctrl+E."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


@pytest.fixture
def field(qtbot):
    """A greedy field in a window with the actions "Ctrl+E" and "Ctrl+Z" that note when they are triggered."""
    window, pressed = QWidget(), []
    field = Greedy(window)
    QVBoxLayout(window).addWidget(field)
    for key in ("Ctrl+E", "Ctrl+Z"):
        action = QAction(window)
        action.setShortcut(key)
        action.triggered.connect(lambda _, key=key: pressed.append(key))
        window.addAction(action)
    keys = WindowKeys(window.actions(), window)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field.setFocus()
    yield field, keys, pressed
    window.close()


def test_a_field_that_claims_a_key_keeps_it_without_help(field):
    widget, _, pressed = field
    QTest.keyClick(widget, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


def test_the_window_gets_its_key_from_the_field_that_is_followed(field):
    widget, keys, pressed = field
    keys.follow(None, widget)
    QTest.keyClick(widget, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["Ctrl+E"]


def test_undo_stays_with_the_field(field):
    widget, keys, pressed = field
    keys.follow(None, widget)
    QTest.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


def test_a_field_that_lost_the_keyboard_is_followed_no_more(field):
    widget, keys, pressed = field
    keys.follow(None, widget)
    keys.follow(widget, None)
    QTest.keyClick(widget, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


def test_every_action_of_the_window_watches_the_focus(person):
    assert person.window.findChildren(WindowKeys)
    assert QApplication.instance() is not None
