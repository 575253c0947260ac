"""The diagram whose numbers can be dragged: an input's circle, a connection, a unit (its bias), up or down.

Shift makes it ten times finer; Page Up and Page Down do the same by keyboard. While the network is being drawn, and
while the diagram shows another one, nothing can be dragged.
"""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from vgdesk.ui.panels.diagram_view import DiagramView
from vgdesk.ui.panels.number_drag import NumberDrag, is_number
from vgdesk.ui.state.network_editor import NetworkEditor
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.state.what_if import WhatIf
from vgdesk.ui.theme import ThemeState

STEP = 4.0
"""A key changes a number as a drag over so many pixels: a hundredth of its range."""


class DiagramNumbers(DiagramView):
    """Is the diagram with numbers that follow the mouse; without a `WhatIf` they stand still."""

    def __init__(
        self,
        selection: Selection,
        themes: ThemeState,
        editor: NetworkEditor,
        what_if: WhatIf | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._editor = editor
        self._drag = NumberDrag(what_if) if what_if is not None else None
        super().__init__(selection, themes, parent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self._drag is not None and self._has_numbers and event.button() == Qt.MouseButton.LeftButton:
            reference = self.reference_at(event.position())
            self._drag.begin(reference.place if reference else None, event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._drag is not None:
            self._drag.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._drag is not None and self._drag.move(event.position().y(), is_fine):
            return  # the number that is dragged stays lit, whatever the mouse passes over
        super().mouseMoveEvent(event)
        self._show_what_can_be_dragged(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._step_number(event):
            super().keyPressEvent(event)

    @property
    def _shows_edited(self) -> bool:
        """Whether the network on show is the one of the formula, and not the trained one that a pin turned to."""
        return self._scene is not None and self._scene.experiment == self._editor.experiment.name

    @property
    def _has_numbers(self) -> bool:
        """Whether the numbers on show are those of the formula network, which may be changed."""
        return self._shows_edited and not self._editor.is_on

    def _show_what_can_be_dragged(self, position: QPointF) -> None:
        if self._drag is None or self._editor.is_on:
            return
        reference = self.reference_at(position) if self._has_numbers else None
        is_draggable = reference is not None and reference.place is not None and is_number(reference.place)
        self.setCursor(Qt.CursorShape.SizeVerCursor if is_draggable else Qt.CursorShape.ArrowCursor)
        if is_draggable:
            self._drag.get_ready()

    def _step_number(self, event: QKeyEvent) -> bool:
        """Changes the number of the lit place by Page Up and Page Down; returns whether that was asked for."""
        pixels = {Qt.Key.Key_PageUp: STEP, Qt.Key.Key_PageDown: -STEP}.get(Qt.Key(event.key()))
        place = self._lit_place()
        if self._drag is None or pixels is None or place is None or not self._has_numbers:
            return False
        return self._drag.step(place, pixels)
