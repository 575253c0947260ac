"""Bars, marks, grid and guide of a profile, painted by hand in widget pixels; bars stand on the scene's baseline.

Sharp edges, the grid behind the bars, a hundredth of the time of pyqtgraph's `BarGraphItem`, which also ignores
logarithmic axes. An exact zero is a hollow ring at the foot, NaN a cross, infinity an arrow through the top.
"""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.scenes import Bar, Mark, ProfileScene, TheoryBand, Tone
from vgdesk.ui.style import blend
from vgdesk.ui.theme import Theme

MARK_PIXELS = 5.0
DASH = (4.0, 3.0)
"""Dashes of the guide line, in pen widths."""
_BAR_SHARE = 0.72
_GAP_COLUMN = 4.0
"""Columns narrower than this, in pixels, stand without gaps: rounded to whole pixels, gaps would make a pattern."""
THEORY_DASH = (3.0, 1.5)
"""Dashes of the predicted line, in pen widths."""
_BAND_OPACITY = 0.16
_DIAMOND = 5.0


class BarsItem(pg.GraphicsObject):
    """Paints grid, bars, marks and guide of a profile scene, from back to front."""

    def __init__(self) -> None:
        super().__init__()
        self.scene_shown: ProfileScene | None = None
        self.theme: Theme | None = None
        self.lit = 0

    def boundingRect(self) -> QRectF:
        """Returns the axis ranges."""
        scene = self.scene_shown
        if scene is None:
            return QRectF()
        low, high = scene.y_range
        return QRectF(0.5, low, max(1, len(scene.bars)), high - low)

    def show_scene(self, scene: ProfileScene | None, theme: Theme, lit: int) -> None:
        """Takes over what is to be painted."""
        if scene is None or self.scene_shown is None or scene.y_range != self.scene_shown.y_range:
            self.prepareGeometryChange()
        self.scene_shown, self.theme, self.lit = scene, theme, lit

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Paints in widget pixels; data positions come through the transform that pyqtgraph had set."""
        if self.scene_shown is None or self.theme is None:
            return
        area = painter.worldTransform().mapRect(self.boundingRect())
        painter.save()
        painter.resetTransform()
        BarsPainter(painter, self.scene_shown, self.theme, area).paint(self.lit)
        painter.restore()


class BarsPainter:
    """Knows where each bar lies in `area`, a rectangle in widget pixels."""

    def __init__(self, painter: QPainter, scene: ProfileScene, theme: Theme, area: QRectF) -> None:
        self._painter, self._scene, self._theme, self._area = painter, scene, theme, area
        self._column = area.width() / max(1, len(scene.bars))

    def paint(self, lit: int) -> None:
        """Paints everything, with layer `lit` (0 for none) brought out."""
        if 0 < lit <= len(self._scene.bars):
            self._painter.fillRect(
                self._column_rect(lit - 1), QColor(blend(self._theme.accent, self._theme.panel, 0.14))
            )
        self._grid()
        for index, bar in enumerate(self._scene.bars):
            self._mark(index, bar) if bar.mark else self._bar(index, bar, bar.layer == lit)
        self._theory()
        self._symbolic()
        self._guide()

    def _grid(self) -> None:
        self._painter.setPen(QPen(QColor(self._theme.grid), 1))
        for tick in self._scene.y_ticks:
            y = round(self._y(tick)) + 0.5
            self._painter.drawLine(QLineF(self._area.left(), y, self._area.right(), y))

    def _bar(self, index: int, bar: Bar, is_lit: bool) -> None:
        colour = self._theme.tone(bar.tone)
        rect = self._bar_rect(index, bar.log10 if bar.log10 is not None else -math.inf)
        if is_lit:
            colour = QColor(blend(self._theme.text, colour.name(), 0.18))
        self._painter.fillRect(rect, colour)
        if is_lit:
            self._painter.setPen(QPen(QColor(self._theme.text), 2 if self._column >= 8 else 1))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRect(rect)

    def _mark(self, index: int, bar: Bar) -> None:
        size = max(2.5, min(MARK_PIXELS, self._column * 0.42))
        middle = self._area.left() + (index + 0.5) * self._column
        at_top = bar.mark is Mark.INFINITE
        centre = QPointF(middle, self._area.top() + size + 3 if at_top else self._area.bottom() - size - 3)
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(self._theme.tone(bar.tone), 2 if self._column >= 8 else 1.2))
        self._shape(bar.mark, centre, size)
        self._painter.restore()

    def _shape(self, mark: Mark | None, centre: QPointF, size: float) -> None:
        x, y = centre.x(), centre.y()
        if mark is Mark.ZERO:
            self._painter.drawEllipse(centre, size, size)
        elif mark is Mark.NAN:
            self._painter.drawLines(
                [QLineF(x - size, y - size, x + size, y + size), QLineF(x - size, y + size, x + size, y - size)]
            )
        else:
            tip, foot = y - size, self._area.bottom()
            self._painter.drawLines(
                [QLineF(x, tip, x, foot), QLineF(x, tip, x - size, tip + size), QLineF(x, tip, x + size, tip + size)]
            )

    def _theory(self) -> None:
        """Paints the predicted line and its band of one and two deviations over the bars."""
        theory = self._scene.theory
        if theory is None:
            return
        self._painter.save()
        self._painter.setClipRect(self._area)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for start, end in finite_stretches(theory.log10):
            for deviations in (2.0, 1.0):
                self._band(start, end, theory, deviations)
            line = QPolygonF(self._points(start, theory.log10[start:end]))
            # on an edge of the background's colour, so that it is seen over bars
            self._painter.setPen(QPen(QColor(self._theme.panel), 4))
            self._painter.drawPolyline(line)
            pen = QPen(QColor(self._theme.theory), 2)
            pen.setDashPattern(THEORY_DASH)
            self._painter.setPen(pen)
            self._painter.drawPolyline(line)
        self._painter.restore()

    def _symbolic(self) -> None:
        """Paints the exact gradients as hollow diamonds."""
        if not self._scene.symbolic:
            return
        size = max(2.0, min(_DIAMOND, self._column * 0.4))
        self._painter.save()
        self._painter.setClipRect(self._area)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setBrush(QColor(self._theme.panel))
        self._painter.setPen(QPen(self._theme.tone(Tone.SYMBOLIC), 1.4))
        for index, value in enumerate(self._scene.symbolic):
            if math.isfinite(value):
                x, y = self._points(index, [value])[0].toTuple()
                corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
                self._painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        self._painter.restore()

    def _band(self, start: int, end: int, theory: TheoryBand, deviations: float) -> None:
        stretch = list(zip(theory.log10[start:end], theory.deviation[start:end], strict=True))
        upper = self._points(start, [log10 + deviations * s for log10, s in stretch])
        lower = self._points(start, [log10 - deviations * s for log10, s in stretch])
        colour = QColor(self._theme.theory)
        colour.setAlphaF(_BAND_OPACITY)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))

    def _points(self, start: int, values: Sequence[float]) -> list[QPointF]:
        left = self._area.left() + (start + 0.5) * self._column
        return [QPointF(left + index * self._column, self._y(value)) for index, value in enumerate(values)]

    def _guide(self) -> None:
        if self._scene.guide is None:
            return
        pen = QPen(QColor(self._theme.alert), 1)
        pen.setDashPattern(DASH)
        self._painter.setPen(pen)
        y = round(self._y(self._scene.guide)) + 0.5
        self._painter.drawLine(QLineF(self._area.left(), y, self._area.right(), y))

    def _y(self, log10: float) -> float:
        low, high = self._scene.y_range
        return self._area.bottom() - (log10 - low) / (high - low) * self._area.height()

    def _column_rect(self, index: int) -> QRectF:
        left = self._area.left() + index * self._column
        return QRectF(left, self._area.top(), self._column, self._area.height())

    def _bar_rect(self, index: int, log10: float) -> QRectF:
        """Returns whole pixels; even the smallest bar is two pixels high, so that it is not taken for a mark."""
        middle = self._area.left() + (index + 0.5) * self._column
        width = self._column * (_BAR_SHARE if self._column >= _GAP_COLUMN else 1.0)
        left, right = round(middle - width / 2), round(middle + width / 2)
        foot, end = round(self._y(self._scene.baseline)), round(self._y(max(log10, self._scene.y_range[0])))
        if end > foot:  # a negative number hangs from the baseline
            return QRectF(left, foot, max(1, right - left), max(2, end - foot))
        top = min(end, foot - 2)
        return QRectF(left, top, max(1, right - left), foot - top)


def finite_stretches(values: Sequence[float]) -> list[tuple[int, int]]:
    """Returns (first, last + 1) of each run of finite values: a line has gaps where there is no number."""
    stretches: list[tuple[int, int]] = []
    for index, value in enumerate(values):
        if not math.isfinite(value):
            continue
        if stretches and stretches[-1][1] == index:
            stretches[-1] = (stretches[-1][0], index + 1)
        else:
            stretches.append((index, index + 1))
    return stretches
