"""Menu Derivation: how long a derivation may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def ask_time_limit(window: Window) -> None:
    """Asks for the seconds after which a derivation is stopped."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QDialogButtonBox, QInputDialog

    from vgdesk.ui.panels.plain_buttons import strip_icons
    from vgdesk.ui.state.patience import LEAST, MOST, choose_seconds

    desk = window.desk
    dialog = QInputDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Time limit")
    dialog.setLabelText("Seconds that a derivation, a view or the examination of a formula may take:")
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(LEAST, MOST)
    dialog.setIntValue(round(desk.jobs.time_limit))
    for box in dialog.findChildren(QDialogButtonBox):
        strip_icons(box)
    dialog.intValueSelected.connect(lambda seconds: choose_seconds(desk.jobs.ask(), desk.memory, seconds))
    dialog.open()
