"""The phase diagram: colours over sigma_w and sigma_b, the critical line, and the network as a point to be moved.

The point is taken by the mouse where it is, or moved by the arrow keys (with Shift in small steps); Esc puts it back
before it is let go.
"""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.phase import Line, PhaseScene, place_words
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.ui.painting import draw_tag, draw_text
from vgdesk.ui.plots.axes import linear_chooser
from vgdesk.ui.plots.diverging import diverging
from vgdesk.ui.plots.phase_key import (
    COLOUR_BAR,
    COMPANION_PEN,
    CRITICAL_PEN,
    GAP,
    INK,
    LABEL_WIDTH,
    draw_colour_bar,
    draw_key,
)
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.plots.viridis import coloured
from vgdesk.ui.pointing import ARROWS
from vgdesk.ui.state.phases import Phases
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

_GRAB, _RADIUS = 16.0, 7.0
_STEPS, _FINE = 100, 10
"""An arrow key moves the point by this part of an axis, with Shift by a tenth of that."""


@dataclass(frozen=True)
class PhaseView:
    """Is what the plot draws: the diagram, and where the network is."""

    scene: PhaseScene | None
    point: tuple[float, float] | None = None
    why_empty: str = ""
    own: DepthPlan | None = None
    """The plan of the network at the point: it knows chi better than two points of the grid do."""
    beside: str = ""
    """What stands in its layers besides weights and activation, which the diagram is without."""


class PhasePlot(Plot):
    """Shows a `PhaseView`; moving the point moves the network of `phases`."""

    EMPTY = "The phase diagram appears here: where gradients vanish, where they explode, and where your network is"

    def __init__(self, selection: Selection, themes: ThemeState, phases: Phases, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._phases = phases
        self._view = PhaseView(None)
        self._is_held = False
        self._image = pg.ImageItem(axisOrder="row-major")
        self.box.addItem(self._image, ignoreBounds=True)
        self.setAccessibleName("Phase diagram: the network as a point that can be moved")
        self.render(None)

    def render(self, view: PhaseView | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a diagram and the point; only the point is drawn anew where the diagram is the same."""
        before, self._view = self._view, view or PhaseView(None)
        scene = self._view.scene
        if scene is not before.scene or scene is None:
            self._image.setVisible(scene is not None)
            self.show_axes(scene is not None)
            if scene is not None:
                self._arrange(scene)
        self.setAccessibleDescription(self._description())
        self.viewport().update()

    def _arrange(self, scene: PhaseScene) -> None:
        colours = diverging if scene.shown == "chi" else coloured
        self._image.setImage(colours(scene.values, *scene.colour_range), autoLevels=False, levels=(0, 255))
        wide, high = float(scene.sigma_w[-1]), float(scene.sigma_b[-1])
        self._image.setRect(QRectF(0.0, 0.0, wide, high))
        self.box.setRange(xRange=(0.0, wide), yRange=(0.0, high), padding=0)
        self.left.show_ticks(linear_chooser(0.0, high), number_text(9.25))
        self.bottom.show_ticks(linear_chooser(0.0, wide))
        self.leave_room(above=2, right=GAP + COLOUR_BAR + LABEL_WIDTH)

    def is_empty(self) -> bool:
        """Says whether there is no diagram to draw."""
        return self._view.scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns nothing: places of the diagram are not parts of the network."""
        return None

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns nothing: the keys move the point."""
        return None

    def paint_over(self, painter: QPainter) -> None:
        """Paints titles, lines, colour bar and the point."""
        scene = self._view.scene
        if scene is None:
            return
        left = Qt.AlignmentFlag.AlignLeft
        draw_text(painter, self.header_rect(), "σ_b", self.theme.dim, left)
        draw_text(painter, self.header_rect(), scene.colour_label, self.theme.dim, Qt.AlignmentFlag.AlignRight)
        draw_key(painter, self.header_rect(1).adjusted(3, 0, 0, 0), scene, self.theme.dim)
        self.draw_axis_title(painter, "σ_w")
        painter.save()
        painter.setClipRect(self.plot_rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_lines(painter, scene.companions, COMPANION_PEN)
        self._draw_lines(painter, scene.critical, CRITICAL_PEN)
        painter.restore()
        draw_colour_bar(painter, self.plot_rect(), scene, self.theme.dim)
        if self._view.point is not None:
            self._draw_point(painter, scene, self._view.point)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Paints over the scene; an empty diagram says why it is one."""
        self.EMPTY = self._view.why_empty or PhasePlot.EMPTY
        super().drawForeground(painter, rect)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the point that is held; else shows that it can be taken."""
        if self._is_held:
            place = self.from_pixels(event.position())
            self._phases.drag_to(place.x(), place.y())
        elif self._is_near(event.position()):
            self.viewport().setCursor(QCursor(Qt.CursorShape.OpenHandCursor))
        else:
            self.viewport().unsetCursor()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes the point."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._is_held = self._is_near(event.position())
        if self._is_held:
            self.viewport().setCursor(QCursor(Qt.CursorShape.ClosedHandCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets the point go: the network is drawn like this."""
        if self._is_held and event.button() == Qt.MouseButton.LeftButton:
            self._is_held = False
            self.viewport().setCursor(QCursor(Qt.CursorShape.OpenHandCursor))
            self._phases.drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves the point with the arrows; Enter lets it go at once, Esc puts it back."""
        key, scene, point = Qt.Key(event.key()), self._view.scene, self._phases.point
        step = ARROWS.get(key)
        if step and scene is not None and point is not None:
            is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            part = 1.0 / (_STEPS * (_FINE if is_fine else 1))
            wide, high = float(scene.sigma_w[-1]), float(scene.sigma_b[-1])
            self._phases.walk_to(point[0] + step[0] * part * wide, point[1] + step[1] * part * high)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._phases.drop()
        elif key == Qt.Key.Key_Escape and self._phases.is_moved:
            self._is_held = False
            self._phases.give_up()
        else:
            event.ignore()

    def _is_near(self, position: QPointF) -> bool:
        if self._view.scene is None or self._view.point is None:
            return False
        distance = position - self.to_pixels(*self._view.point)
        return QPointF.dotProduct(distance, distance) <= _GRAB**2

    def _draw_lines(self, painter: QPainter, lines: tuple[Line, ...], pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        to_pixels = self.transform_to_pixels()
        for line in lines:
            painter.drawPolyline(to_pixels.map(QPolygonF([QPointF(*point) for point in line])))

    def _draw_point(self, painter: QPainter, scene: PhaseScene, point: tuple[float, float]) -> None:
        at = self.to_pixels(*point)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(INK), 4))
        painter.setBrush(QColor("#ffd23f"))
        painter.drawEllipse(at, _RADIUS, _RADIUS)
        painter.setPen(QPen(QColor("#ffffff"), 1.5))
        painter.drawEllipse(at, _RADIUS, _RADIUS)
        painter.restore()
        words = place_words(scene, *point, self._view.own, self._view.beside)
        draw_tag(painter, self.theme, at, words, self.plot_rect(), gap=_RADIUS + 5)

    def _description(self) -> str:
        scene, point = self._view.scene, self._view.point
        if scene is None or point is None:
            return self._view.why_empty or self.EMPTY
        words = place_words(scene, *point, self._view.own, self._view.beside)
        return f"{scene.title}. Your network: {words}. Arrow keys move it."
