"""The frame around every panel: a title, the network it speaks of, small controls, and the view itself.

Panels are built before their view exists (plots come after the first paint); a scene given earlier is shown as soon as
the view is there.
"""

from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from vgdesk.ui.panels.elided_label import ElidedLabel

HEADER_PIXELS = 31
"""Height of every header, with controls or without: titles stand on one line, and nothing jumps."""

LEAST_SUBJECT_PIXELS = 90
"""Room below which three letters and … of the network's name would stand beside the title."""


class View(Protocol):
    """Is what stands inside a card: draws one scene, or nothing for None, as often as it is told."""

    def render(self, scene: Any) -> None:
        """Shows the scene."""


class Card(QFrame):
    """Is one panel.

    `shown` tells that it became visible, so that it can be brought up to date; `renamed` carries key and heading.
    """

    shown = Signal(str)
    renamed = Signal(str, str)

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key, self.title = key, title
        self.scene: Any = None
        self.view: QWidget | None = None
        self.is_followed = False
        """Whether a twin speaks of this panel's scene, so that it is drawn even where it cannot be seen."""
        self._back: QToolButton | None = None
        self.setProperty("card", True)
        self.setAccessibleName(f"{title} panel")
        self._subject = ElidedLabel(keeps_end=True)
        self._subject.setProperty("role", "dim")
        self._subject.least_pixels = LEAST_SUBJECT_PIXELS
        self._header = QHBoxLayout()
        self._header.setSpacing(8)
        self._header.addStrut(HEADER_PIXELS)
        self._heading = ElidedLabel(title)
        self._heading.setProperty("role", "title")
        self._header.addWidget(self._heading)
        self._header.addWidget(self._subject, 1)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(12, 6, 12, 10)
        self._body.setSpacing(6)
        self._body.addLayout(self._header)
        self._room = QWidget()
        self._body.addWidget(self._room, 1)
        self.setMinimumSize(180, 140)

    @property
    def subject(self) -> str:
        """The words that name the network and the moment shown."""
        return self._subject.text()

    def show_heading(self, words: str) -> None:
        """Changes the words above the panel, and on its tab; its name stays."""
        if words != self._heading.text():
            self._heading.setMinimumWidth(0)  # a label asks for its least width even where its words are shorter
            self._heading.setText(words)
            self._fit_heading()
            self.renamed.emit(self.key, words)

    @property
    def heading(self) -> str:
        """The words above the panel."""
        return self._heading.text()

    def add_control(self, control: QWidget) -> None:
        """Puts a small control at the right of the header."""
        self._header.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_action(self, action: QAction, has_words: bool = False) -> None:
        """Puts a button that shows an action's icon, and its words if asked, at the right of the header."""
        button = QToolButton()
        button.setDefaultAction(action)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if has_words else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        button.setAccessibleName(action.text().replace("&", ""))
        self.add_control(button)

    def add_back(self, action: QAction) -> None:
        """Puts a button at the right of the header that turns the panel back; hidden until `show_scene` asks for it."""
        self._back = QToolButton()
        self._back.setDefaultAction(action)
        self._back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._back.setAccessibleName(f"Back from what is pinned: {self.title}")
        self._back.hide()
        self.add_control(self._back)

    def set_view(self, view: QWidget) -> None:
        """Puts the view in its place; it takes the keyboard where that has waited for it at the panel."""
        self._body.replaceWidget(self._room, view)
        self._room.deleteLater()
        self.view = view
        self._draw()
        if self.hasFocus():
            self.focus_view()

    def add_below(self, view: QWidget, sheet_share: int, own_share: int) -> None:
        """Puts a second view under the first; both have their share of the height."""
        above = self.view or self._room
        self._body.setStretchFactor(above, sheet_share)
        self._body.addWidget(view, own_share)

    def show_scene(
        self, scene: Any, subject: str, is_turned: bool = False, explanation: str = "", brief: str = ""
    ) -> None:
        """Shows a scene and names what it speaks of, `brief` where there is little room for it.

        A panel that a pin has turned offers the way back.
        """
        self.scene = scene
        if self._back is not None:
            self._back.setVisible(is_turned)
        self._subject.explanation, self._subject.briefs = explanation, (brief,) if brief else ()
        self._subject.setText(subject)
        self._draw()

    def point_out(self, is_meant: bool) -> None:
        """Frames the panel as the one to look at, or takes the frame away."""
        if bool(self.property("pointed")) is not is_meant:
            self.setProperty("pointed", is_meant)
            self.style().unpolish(self)
            self.style().polish(self)

    def focus_view(self) -> None:
        """Gives the keyboard to the view."""
        target = self.view or self
        target.show()  # one that was put in its place a moment ago is hidden until the next turn, and takes no keyboard
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(self.key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_heading()

    def event(self, event: QEvent) -> bool:
        """Fits the title anew when a control has come or gone: that asks for another layout, not for another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_heading()
        return super().event(event)

    def _fit_heading(self) -> None:
        """Keeps the title whole while there is room beside the controls; in a very narrow panel it ends in …."""
        controls = [widget for widget in self._in_header() if not isinstance(widget, ElidedLabel)]
        room = self._header_room() - sum(widget.minimumSizeHint().width() + 8 for widget in controls) - 8
        self._heading.setMinimumWidth(max(0, min(self._heading.sizeHint().width(), room)))

    def _room_for(self, control: QWidget, is_subject_cut: bool = False) -> int:
        """Returns the pixels that are left for a control where all else in the header, or but the subject, is whole."""
        others = [widget for widget in self._in_header() if widget is not control]
        room = self._header_room() - sum(widget.sizeHint().width() + 8 for widget in others)
        spared = self._subject.sizeHint().width() - LEAST_SUBJECT_PIXELS
        return room + max(0, spared) if is_subject_cut and self._subject in others else room

    def _in_header(self) -> list[QWidget]:
        """Returns what is shown in the header, from left to right."""
        places = [self._header.itemAt(place) for place in range(self._header.count())]
        widgets = [place.widget() for place in places if place is not None]
        return [widget for widget in widgets if widget is not None and not widget.isHidden()]

    def _header_room(self) -> int:
        margins = self._body.contentsMargins()
        return self.width() - margins.left() - margins.right()

    def _draw(self) -> None:
        if self.view is not None:
            draw: Any = self.view
            draw.render(self.scene)
