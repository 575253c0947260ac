"""No dialog has the desktop's own icons on its buttons, on a desktop that would have Qt draw them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QProxyStyle, QStyle

from tests.ui.person import Person

OPENERS = (
    "shortcuts", "system_information", "about", "reference", "network_table", "show_check", "show_bounds",
    "find_state", "time_limit", "own_activation", "open_claim", "sweep", "trainability", "duplicate_with_change",
)  # fmt: skip


class _DrawsIcons(QProxyStyle):
    """Is Fusion as GNOME, KDE and most other desktops set it."""

    def styleHint(self, hint, option=None, widget=None, returnData=None):
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, returnData)


@pytest.fixture(scope="module")
def on_a_desktop_with_icons(person: Person, qapp: QApplication) -> Iterator[None]:
    qapp.setStyle(_DrawsIcons("Fusion"))
    yield
    qapp.setStyle("Fusion")


@pytest.mark.usefixtures("on_a_desktop_with_icons")
def test_qt_itself_would_draw_icons_here():
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    assert not box.buttons()[0].icon().isNull()


@pytest.mark.usefixtures("on_a_desktop_with_icons")
@pytest.mark.parametrize("opener", OPENERS)
def test_buttons_of_a_dialog_have_words_only(person: Person, opener: str):
    person.presses(opener)
    person.waits_for(lambda: bool(open_dialogs(person)), f"the dialog of {opener}")
    dialog = open_dialogs(person)[0]
    buttons = [button for box in dialog.findChildren(QDialogButtonBox) for button in box.buttons()]
    assert [(bool(button.text()), button.icon().isNull()) for button in buttons] == [(True, True)] * len(buttons)
    assert buttons
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_dialogs(person: Person) -> list[QDialog]:
    return [dialog for dialog in person.window.findChildren(QDialog) if dialog.isVisible()]
