"""The frame around every panel: a title, the network it speaks of, small controls, and the view itself.

Panels are built before their view exists (plots come after the first paint); a scene given earlier is shown as soon as
the view is there.
"""

from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from vgdesk.ui.panels.elided_label import ElidedLabel


class View(Protocol):
    """Is what stands inside a card: draws one scene, or nothing for None, as often as it is told."""

    def render(self, scene: Any) -> None:
        """Shows the scene."""


class Card(QFrame):
    """Is one panel. `shown` tells that it became visible, so that it can be brought up to date."""

    shown = Signal(str)

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key, self.title = key, title
        self.scene: Any = None
        self.view: QWidget | None = None
        self.setProperty("card", True)
        self.setAccessibleName(f"{title} panel")
        self._subject = ElidedLabel()
        self._subject.setProperty("role", "dim")
        self._header = QHBoxLayout()
        self._header.setSpacing(8)
        heading = QLabel(title)
        heading.setProperty("role", "title")
        self._header.addWidget(heading)
        self._header.addWidget(self._subject, 1)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(12, 8, 12, 10)
        self._body.setSpacing(6)
        self._body.addLayout(self._header)
        self._room = QWidget()
        self._body.addWidget(self._room, 1)
        self.setMinimumSize(180, 140)

    @property
    def subject(self) -> str:
        """The words that name the network and the moment shown."""
        return self._subject.text()

    def add_control(self, control: QWidget) -> None:
        """Puts a small control at the right of the header."""
        self._header.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_view(self, view: QWidget) -> None:
        """Puts the view in its place."""
        self._body.replaceWidget(self._room, view)
        self._room.deleteLater()
        self.view = view
        self._draw()

    def show_scene(self, scene: Any, subject: str) -> None:
        """Shows a scene and names what it speaks of."""
        self.scene = scene
        self._subject.setText(subject)
        self._draw()

    def focus_view(self) -> None:
        """Gives the keyboard to the view."""
        target = self.view or self
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(self.key)

    def _draw(self) -> None:
        if self.view is not None:
            draw: Any = self.view
            draw.render(self.scene)
