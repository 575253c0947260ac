"""The diagram as a drawing board: a plus under every column, a bar between columns, and clicks that connect units.

Below the diagram stands a row of handles (`vgdesk.ui.panels.diagram_handles`). A right click on a unit lists the
activations. By keyboard: arrows walk, Enter chooses and connects, + adds a unit, L a layer, A lists the activations,
Delete removes, F2 renames, Esc lets go and then puts the board away.

While the board is put away, the numbers can be dragged (`vgdesk.ui.panels.diagram_numbers`).
"""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.activation import FORMULA
from vgdesk.ui.panels.activation_menu import activation_menu
from vgdesk.ui.panels.diagram_handles import (
    HANDLES_HEIGHT,
    HINT_HEIGHT,
    Handle,
    columns_of,
    draw_handle,
    draw_hint,
    handles_of,
)
from vgdesk.ui.panels.diagram_layout import DiagramLayout
from vgdesk.ui.panels.diagram_numbers import DiagramNumbers
from vgdesk.ui.panels.unit_line import UnitLine
from vgdesk.ui.state.network_editor import NetworkEditor
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.state.what_if import WhatIf
from vgdesk.ui.theme import ThemeState

LONGEST_FORMULA = 2000


class DiagramEditor(DiagramNumbers):
    """Is the diagram that can be edited; while the editor is off it is the diagram and no more."""

    def __init__(
        self,
        selection: Selection,
        themes: ThemeState,
        editor: NetworkEditor,
        what_if: WhatIf | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._line: QLineEdit | None = None
        self._pointer: QPointF | None = None
        super().__init__(selection, themes, editor, what_if, parent)
        editor.changed.connect(self._follow_editor)

    @property
    def room_below(self) -> int:
        return HANDLES_HEIGHT + HINT_HEIGHT if self._editor.is_on else 0

    @property
    def handles(self) -> list[Handle]:
        """The buttons of the board, from left to right; none while it is put away or too narrow."""
        if not self._is_board or self._scene is None or self._layout is None:
            return []
        return handles_of(columns_of(self._scene, self._layout), self.height())

    def pin_at(self, position: QPointF) -> None:
        if not self._is_board:
            super().pin_at(position)
            return
        handle = self._handle_at(position)
        if handle is not None:
            self._use(handle)
            return
        reference = self.reference_at(position)
        place = reference.place if reference else None
        self._editor.choose(place if place and place.kind in (PlaceKind.UNIT, PlaceKind.EDGE) else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._pointer = event.position()
        if self._is_board:
            is_hand = self._handle_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if is_hand else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._is_board:
            super().mouseDoubleClickEvent(event)
            return
        if self._handle_at(event.position()) is not None:
            self.pin_at(event.position())  # two quick clicks on a plus add two units
            return
        reference = self.reference_at(event.position())
        if reference and reference.place:
            self.begin_renaming(reference.place)

    def event(self, event: QEvent) -> bool:
        """Takes a right click on a unit of the board for its activations; any other opens the panel's actions."""
        if isinstance(event, QContextMenuEvent) and self._is_board:
            node = self._layout.node_at(QPointF(event.pos())) if self._layout else None
            place = self._scene.nodes[node].place if self._scene and node is not None else None
            if place is not None and place.kind is PlaceKind.UNIT and place.layer:
                self.ask_activation(place)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self._is_board and self._act(event)):
            super().keyPressEvent(event)

    def begin_renaming(self, place: Place) -> None:
        """Opens a line over the name of a unit; Return takes the new name, Esc leaves the old one."""
        line = self._open_line(place, _name(self._editor, place), "Name of the unit", 40)
        if line is not None:
            line.returnPressed.connect(lambda: self._rename(place, line))

    def _open_line(self, place: Place, text: str, words: str, longest: int) -> QLineEdit | None:
        """Opens a line over a unit, with the text to be changed marked; None where the place is no unit."""
        node = self._node(place)
        if node is None or self._layout is None or place.kind is not PlaceKind.UNIT:
            return None
        self._editor.choose(None)
        line = self._line = UnitLine(self, words, longest)
        line.setText(text)
        centre = self._layout.centre(node)
        left = min(max(2.0, centre.x() - 70), max(2.0, self.width() - 142.0))
        line.setGeometry(int(left), int(centre.y() - 14), 140, 28)
        line.editingFinished.connect(line.deleteLater)
        line.show()
        line.selectAll()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        return line

    @property
    def place_at_hand(self) -> Place | None:
        """The place that is chosen, else the one that is lit."""
        return self._editor.chosen or self._lit_place()

    def ask_activation(self, place: Place | None) -> None:
        """Lists the activations at a unit of a layer; says what to do where the place is none."""
        node = self._node(place) if place is not None and place.kind is PlaceKind.UNIT and place.layer else None
        network = self._editor.network
        if network is None:
            self._editor.refuse(f"{self._editor.experiment.name} has a recurrent network; all units of it are alike")
            return
        if place is None or node is None or self._layout is None or not self._shows_edited:
            self._editor.refuse("a unit must be chosen first: click a circle of a layer in the network panel")
            return
        present = network.activation_of(place.layer, place.unit)
        menu = activation_menu(
            self,
            present,
            lambda name: self._editor.set_activation(place, name),
            lambda: self._begin_formula(place, present),
        )
        menu.popup(self.mapToGlobal(self._layout.circle_rect(node).bottomRight().toPoint()))

    def _begin_formula(self, place: Place, present: str) -> None:
        """Opens a line over the unit for a formula of one's own."""
        formula = present.removeprefix(FORMULA).strip() if present.startswith(FORMULA) else ""
        line = self._open_line(place, formula, "Formula of the unit, in z", LONGEST_FORMULA)
        if line is not None:
            line.setPlaceholderText("a formula in z")
            line.returnPressed.connect(lambda: self._take_formula(place, line))

    def _take_formula(self, place: Place, line: QLineEdit) -> None:
        self._editor.set_activation(place, f"{FORMULA} {line.text().strip()}")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_board and self._scene is not None and self._layout is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_chosen(painter, self._scene, self._layout)
            for handle in self.handles:
                is_under = self._pointer is not None and self.underMouse() and handle.area.contains(self._pointer)
                draw_handle(painter, self._themes.current, handle, is_under)
            draw_hint(painter, self._themes.current, self.width(), self.height())
            painter.end()

    @property
    def _is_board(self) -> bool:
        """Whether the diagram on show can be edited now: the trained network, turned to by a pin, cannot."""
        return self._editor.is_on and self._shows_edited

    def _act(self, event: QKeyEvent) -> bool:
        """Does what a key means on the board; returns whether it means something."""
        place, key = self.place_at_hand, event.key()
        if key == Qt.Key.Key_Escape:
            self._editor.choose(None) if self._editor.chosen else self._editor.turn(False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._editor.choose(self._lit_place())
        elif event.text() == "+" or key == Qt.Key.Key_Insert:
            self._editor.add_unit(place.layer if place else 0)
        elif key == Qt.Key.Key_L and not event.modifiers():
            self._editor.add_layer(min(place.layer if place else 0, self._last_layer - 1))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._editor.remove(place)
        elif key == Qt.Key.Key_F2 and place is not None:
            self.begin_renaming(place)
        elif key == Qt.Key.Key_A and not event.modifiers() and place is not None:
            self.ask_activation(place)
        else:
            return False
        return True

    @property
    def _last_layer(self) -> int:
        return self._editor.network.depth if self._editor.network else 1

    def _use(self, handle: Handle) -> None:
        add = self._editor.add_unit if handle.adds == "unit" else self._editor.add_layer
        add(handle.layer)

    def _handle_at(self, position: QPointF) -> Handle | None:
        near = (handle for handle in self.handles if handle.area.adjusted(-3, -3, 3, 3).contains(position))
        return next(near, None)

    def _rename(self, place: Place, line: QLineEdit) -> None:
        if line.text() != _name(self._editor, place):
            self._editor.rename(place, line.text())
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw_chosen(self, painter: QPainter, scene: DiagramScene, layout: DiagramLayout) -> None:
        chosen = self._editor.chosen
        if chosen is None:
            return
        painter.setPen(QPen(QColor(self._themes.current.accent), 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        node = self._node(chosen)
        if node is not None:
            ring = layout.circle_rect(node).adjusted(-4, -4, 4, 4)
            painter.drawEllipse(ring)
            if self._pointer is not None and self.underMouse():
                painter.setPen(QPen(QColor(self._themes.current.accent), 1.5, Qt.PenStyle.DashLine))
                painter.drawLine(layout.centre(node), self._pointer)
        for wire in scene.wires:
            if wire.place == chosen:
                painter.drawPath(layout.wire(wire.start, wire.end))

    def _node(self, place: Place) -> int | None:
        nodes = self._scene.nodes if self._scene else ()
        return next((index for index, node in enumerate(nodes) if node.place == place), None)

    def _follow_editor(self) -> None:
        self._pointer = None
        self.unsetCursor()
        self._forget_picture()


def _name(editor: NetworkEditor, place: Place) -> str:
    return editor.network.unit_name(place.layer, place.unit) if editor.network else ""
