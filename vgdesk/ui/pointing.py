"""Pointing at things in a drawn widget, by mouse or by keyboard, always through the `Selection`.

A widget says what lies under a position (`reference_at`) and where an arrow key leads (`walked`); this mixin does the
rest, so that every drawn widget behaves alike: hover lights up, click and Enter pin, Esc unpins, arrows walk.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from vgdesk.ui.state.selection import Reference, Selection

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_FAR = 1_000_000
_JUMPS = {Qt.Key.Key_Home: (-_FAR, 0), Qt.Key.Key_End: (_FAR, 0)}
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


class Pointing(_Base):
    """Is mixed in before the Qt class; the widget calls `start_pointing` in its constructor."""

    _selection: Selection
    _has_walked = False

    def start_pointing(self, selection: Selection) -> None:
        """Makes the widget focusable and its pointer tracked."""
        self._selection = selection
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns what lies under a position of the widget, or None."""
        raise NotImplementedError

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns what an arrow key leads to from the lit thing; steps may exceed what there is."""
        raise NotImplementedError

    def pin_at(self, position: QPointF) -> None:
        """Pins what lies under the position; a click beside everything releases the pin."""
        self._selection.pin(self.reference_at(position))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lights up what is under the pointer."""
        self._has_walked = False
        self._selection.hover(self.reference_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pins with the left button; others are left to the window."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pin_at(event.position())
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Does nothing: pressing pins."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Does nothing: a double click must not pin and unpin."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lights up what is under the pointer as soon as it comes in."""
        self._selection.hover(self.reference_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Points at nothing."""
        self._selection.hover(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets go of what was walked to, unless only a menu or another window passes by."""
        if self._has_walked and event.reason() not in _PASSING:
            self._has_walked = False
            self._selection.hover(None)
        self._repaint_focus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the focus ring."""
        self._repaint_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walks with the arrows, Home and End; Enter pins, Esc unpins; other keys are left to the window."""
        key = Qt.Key(event.key())
        if step := (ARROWS | _JUMPS).get(key):
            self._walk(*step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selection.current:
            self._selection.pin(self._selection.current)
        elif key == Qt.Key.Key_Escape and self._selection.current:
            self._selection.pin(None)
        else:
            event.ignore()

    def _walk(self, right: int, up: int) -> None:
        reference = self.walked(right, up)
        if reference:
            self._has_walked = True
            self._selection.hover(reference)

    def _repaint_focus(self) -> None:
        self.update()
