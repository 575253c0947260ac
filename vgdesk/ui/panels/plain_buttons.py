"""The standard buttons of a dialog, without icons.

Some desktops have Qt put their own icon on every standard button, in their own colours: a black X on a dark ground.
Qt asks for it while the button is made, before a style sheet reaches it; so the icon is taken away again.
"""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox


def plain_buttons(kinds: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Returns a dialog's row of standard buttons, words only."""
    box = QDialogButtonBox(kinds)
    strip_icons(box)
    return box


def strip_icons(box: QDialogButtonBox | QMessageBox) -> None:
    """Takes the icons off the buttons that are there."""
    for button in box.buttons():
        button.setIcon(QIcon())
