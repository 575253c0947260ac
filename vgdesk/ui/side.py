"""The room at the right of the stage for the training settings: made when first opened, remembered when closed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vgdesk.ui.state.desk import Desk

OPEN, SHUT = "open", "shut"
MEMORY_KEY = "settings"


class Side(QWidget):
    """Shows or hides the training settings; `turned` tells that it did."""

    turned = Signal()

    def __init__(self, desk: Desk, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._desk, self._actions = desk, actions
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 8, 8, 8)
        self.card: QWidget | None = None
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether the settings are on show."""
        return not self.isHidden()

    @property
    def pixels(self) -> int:
        """The width that is taken from the panels."""
        return self.sizeHint().width() if self.is_open else 0

    def open(self) -> None:
        """Opens the settings, unless they are open."""
        if not self.is_open:
            self.turn()

    def open_as_remembered(self) -> None:
        """Opens the settings where they were open when the window was last closed."""
        if self._desk.memory.choice(MEMORY_KEY, (OPEN, SHUT), SHUT) == OPEN:
            self.open()

    def turn(self) -> None:
        """Opens or closes the settings; who opens them has the keyboard in them."""
        if self.card is None:
            self.card = self._make_card()
            self._room.addWidget(self.card)
        self.setVisible(not self.is_open)
        self._desk.memory.write(MEMORY_KEY, OPEN if self.is_open else SHUT)
        self.turned.emit()

    def _make_card(self) -> QWidget:
        from vgdesk.ui.panels.settings_card import SettingsCard

        return SettingsCard(self._desk.session, self._desk.runs, self._actions["settings"], self._actions["reset"])
