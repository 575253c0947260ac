"""Eigenvalues of W_hh in the complex plane: the unit circle solid, the largest singular value dashed.

Both axes have the same scale. The pointer, or the arrow keys from the largest modulus on, read an eigenvalue.
"""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.formula.numbers import hover_text, number_text
from vgdesk.present.unit_circle import Circle, EigenvalueCloud, UnitCircleScene
from vgdesk.ui.painting import draw_tag, draw_text
from vgdesk.ui.plots.axes import Tick, apart
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

_NEAR = 12.0
_DOT = 2.6
_LINE = 17.0


class UnitCirclePlot(Plot):
    """Shows the plane of a `UnitCircleScene`."""

    EMPTY = "The eigenvalues of Wₕₕ appear here"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: UnitCircleScene | None = None
        self._points = np.empty((0, 2))
        self._lit: int | None = None
        self.box.setAspectLocked(True)
        self.setAccessibleName("Eigenvalues of Wₕₕ")
        self.render(None)

    def render(self, scene: "UnitCircleScene | str | None") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or the sentence that says why there is none."""
        self._scene = scene if isinstance(scene, UnitCircleScene) else None
        self.EMPTY = scene if isinstance(scene, str) else UnitCirclePlot.EMPTY
        self._lit = None
        self.show_axes(self._scene is not None)
        if self._scene is not None:
            self._points = _by_modulus(self._scene)
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene) or self.EMPTY)
        self.viewport().update()

    def _arrange(self, scene: UnitCircleScene) -> None:
        span = (-scene.reach, scene.reach)
        self.box.setRange(xRange=span, yRange=span, padding=0)
        ticks: list[Tick] = [(value, number_text(value)) for value in scene.ticks]
        self.left.show_ticks(lambda _: ticks, max((label for _, label in ticks), key=len, default="1"))
        self.bottom.show_ticks(lambda _: apart(ticks, self._pixels_per_unit()))
        self.leave_room(above=2, right=14.0)

    def is_empty(self) -> bool:
        """Says whether there are no eigenvalues to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Reads the eigenvalue under the pointer; it is no part of the network, so nothing is referred to."""
        self._lit = self._nearest(position)
        self.viewport().update()
        return None

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the eigenvalue of the next smaller modulus."""
        if len(self._points):
            self._lit = max(0, min((-1 if self._lit is None else self._lit) + right, len(self._points) - 1))
            self.viewport().update()
        return None

    def _nearest(self, position: QPointF) -> int | None:
        if self._scene is None or not len(self._points):
            return None
        corner, unit = self.to_pixels(0.0, 0.0), self._pixels_per_unit()
        x, y = (position.x() - corner.x()) / unit, (corner.y() - position.y()) / unit
        distance = np.hypot(self._points[:, 0] - x, self._points[:, 1] - y)
        found = int(np.argmin(distance))
        return found if distance[found] * unit <= _NEAR else None

    def _pixels_per_unit(self) -> float:
        return max(1e-9, self.to_pixels(1.0, 0.0).x() - self.to_pixels(0.0, 0.0).x())

    def paint_over(self, painter: QPainter) -> None:
        """Paints axes through 0, circles, eigenvalues, their key, and the one that is read."""
        scene = self._scene
        if scene is None:
            return
        left = Qt.AlignmentFlag.AlignLeft
        draw_text(painter, self.header_rect(), scene.subtitle, self.theme.text, left)
        draw_text(painter, self.header_rect(1), scene.y_label, self.theme.dim, left)
        self.draw_axis_title(painter, scene.x_label)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.plot_rect())
        for circle in scene.circles:
            self._paint_circle(painter, circle)
        for cloud in scene.clouds:
            self._paint_cloud(painter, cloud)
        painter.restore()
        self._paint_key(painter, scene)
        if self._lit is not None:
            x, y = self._points[self._lit].tolist()
            draw_tag(painter, self.theme, self.to_pixels(x, y), _eigenvalue_text(x, y), self.plot_rect(), gap=8)

    def _paint_circle(self, painter: QPainter, circle: Circle) -> None:
        radius = circle.radius * self._pixels_per_unit()
        style = Qt.PenStyle.SolidLine if circle.is_unit else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(self.theme.dim), 1.4, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self.to_pixels(0.0, 0.0), radius, radius)

    def _paint_cloud(self, painter: QPainter, cloud: EigenvalueCloud) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.tone(cloud.tone))
        for x, y in zip(cloud.real.tolist(), cloud.imaginary.tolist(), strict=True):
            painter.drawEllipse(self.to_pixels(x, y), _DOT, _DOT)

    def _paint_key(self, painter: QPainter, scene: UnitCircleScene) -> None:
        """Names the gates by their letters where there are several, in the free corner of the plane."""
        if len(scene.clouds) < 2:
            return
        plot = self.plot_rect()
        for number, cloud in enumerate(scene.clouds):
            middle = plot.top() + 8 + number * _LINE
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.tone(cloud.tone))
            painter.drawEllipse(QPointF(plot.left() + 8, middle), 3.5, 3.5)
            rect = plot.adjusted(18, middle - 8 - plot.top(), 0, 0)
            rect.setHeight(16)
            draw_text(painter, rect, cloud.label.split()[-1], self.theme.dim, Qt.AlignmentFlag.AlignLeft, 11)


def _by_modulus(scene: UnitCircleScene) -> np.ndarray:
    """Returns all eigenvalues as (real, imaginary), the largest modulus first."""
    pairs = np.concatenate([np.stack([cloud.real, cloud.imaginary], axis=1) for cloud in scene.clouds])
    return pairs[np.argsort(-np.hypot(pairs[:, 0], pairs[:, 1]), kind="stable")]


def _eigenvalue_text(x: float, y: float) -> str:
    sign = "+" if y >= 0 else "−"
    part = f" {sign} {hover_text(abs(y))} i" if y else ""
    return f"{hover_text(x)}{part} · modulus {hover_text(math.hypot(x, y))}"


def _description(scene: UnitCircleScene | None) -> str:
    """Returns what is shown, for screen readers."""
    return "" if scene is None else f"{'. '.join(cloud.text for cloud in scene.clouds)}. {scene.note}"
