"""Raw, smoothed and held-out line of a loss scene, in pens one pixel wide: wider ones cost twenty times more.

The smoothed line looks thicker because it is painted twice, almost a pixel apart.
"""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from vgdesk.present.scenes import LossScene, Tone
from vgdesk.ui.plots.axes import linear_chooser
from vgdesk.ui.style import blend
from vgdesk.ui.theme import Theme

_RAW_SHARE = 0.45
"""Opacity of the raw line over the panel."""


class CurvesItem(pg.GraphicsObject):
    """Paints grid and lines of a loss scene; the held-out line has few points and affords a wider pen."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme | None = None
        self._area = QRectF()
        self._paths = ()
        self._alone: list[QPointF] = []
        """The points that no line can show."""
        self._held_out = QPolygonF()

    def boundingRect(self) -> QRectF:
        """Returns the axis ranges."""
        return self._area

    def show_scene(self, scene: LossScene | None, theme: Theme, area: QRectF) -> None:
        """Takes over what is to be painted; nan breaks a line."""
        self.prepareGeometryChange()
        self.theme, self._area = theme, area
        if scene is None:
            self._paths = ()
            return
        steps = scene.steps.astype(np.float64)
        self._paths = tuple(pg.arrayToQPath(steps, line, connect="finite") for line in (scene.raw, scene.smoothed))
        self._held_out = _held_out_points(scene)
        self._alone = [QPointF(float(steps[at]), float(scene.smoothed[at])) for at in scene.alone.tolist()]

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Paints in widget pixels; data positions come through the transform that pyqtgraph had set."""
        if not self._paths or self.theme is None:
            return
        transform = QTransform(painter.worldTransform())
        area = transform.mapRect(self._area)
        painter.save()
        painter.resetTransform()
        self._paint_grid(painter, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        raw, smoothed = (transform.map(path) for path in self._paths)
        colour = self.theme.tone(Tone.MEASURED).name()
        painter.setPen(QPen(QColor(blend(colour, self.theme.panel, _RAW_SHARE)), 1))
        painter.drawPath(raw)
        painter.setPen(QPen(QColor(colour), 1))
        for offset in (-0.4, 0.4):
            painter.drawPath(smoothed.translated(0, offset))
        self._paint_held_out(painter, transform)
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(colour))
        for point in self._alone:
            painter.drawEllipse(transform.map(point), 2.5, 2.5)
        painter.restore()

    def _paint_held_out(self, painter: QPainter, transform: QTransform) -> None:
        if self.theme is None or self._held_out.isEmpty():
            return
        ink = self.theme.tone(Tone.HELD_OUT)
        points = transform.map(self._held_out)
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.DashLine))
        painter.drawPolyline(points)
        if points.size() == 1:
            painter.setBrush(ink)
            painter.drawEllipse(points.at(0), 2, 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        low, high = self._area.top(), self._area.bottom()
        painter.setPen(QPen(QColor(self.theme.grid if self.theme else "black"), 1))
        for value, _ in linear_chooser(low, high)(area.height()):
            y = round(area.bottom() - (value - low) / ((high - low) or 1.0) * area.height()) + 0.5
            painter.drawLine(QLineF(area.left(), y, area.right(), y))


def _held_out_points(scene: LossScene) -> QPolygonF:
    """Returns the measured losses on held-out examples, joined over gaps: they are few and far between."""
    pairs = zip(scene.evaluations.steps.tolist(), scene.evaluations.held_out_loss.tolist(), strict=True)
    return QPolygonF([QPointF(step, loss) for step, loss in pairs if math.isfinite(loss)])
