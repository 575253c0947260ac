"""Help > Reference shows the pages of `vgdesk reference`, typeset, and stays open beside the window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from tests.ui.person import Person
from vgdesk.present.reference import PAGES
from vgdesk.ui.panels.reference_dialog import ReferenceDialog


def test_the_reference_turns_its_pages_by_the_keyboard_and_sets_tables(person: Person):
    person.presses("reference")
    dialog = person.window.findChild(ReferenceDialog)
    assert isinstance(dialog, ReferenceDialog)
    assert dialog.pages.count() == len(PAGES)
    for _ in range(2):
        QTest.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert dialog.text.toPlainText().startswith("Initialisations")
    assert "<table" in dialog.text.toHtml()
    assert not dialog.isModal()
    buttons = dialog.findChild(QDialogButtonBox).buttons()
    assert all(button.icon().isNull() for button in buttons), "the platform's icon is dark in every theme"
    person.presses("reference")
    assert person.window.findChildren(ReferenceDialog) == [dialog]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
