"""The gradient per layer as bars on a log10 axis; zero, NaN and infinity are marks of their own.

The bars are painted by hand in widget pixels: sharp edges, the grid behind them, a hundredth of the time of pyqtgraph's
`BarGraphItem`, which also ignores logarithmic axes.
"""

import math

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.scenes import Bar, Mark, ProfileScene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.painting import LABEL_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import decade_chooser, layer_chooser, power_of_ten
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.style import blend
from vgdesk.ui.theme import Theme, ThemeState

AXIS_TITLE = "layer (1 = next to the input)"
_BAR_SHARE = 0.72
_MARK_PIXELS = 5.0
_DASH = (4.0, 3.0)


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
        size = max(2.5, min(_MARK_PIXELS, self._column * 0.42))
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

    def _guide(self) -> None:
        if self._scene.guide is None:
            return
        pen = QPen(QColor(self._theme.alert), 1)
        pen.setDashPattern(_DASH)
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
        width = max(1.0, self._column * _BAR_SHARE)
        left, right = round(middle - width / 2), round(middle + width / 2)
        top = min(round(self._y(max(log10, self._scene.y_range[0]))), round(self._area.bottom()) - 2)
        return QRectF(left, top, max(1, right - left), round(self._area.bottom()) - top)


class ProfilePlot(Plot):
    """Shows a `ProfileScene`; pointing anywhere in a bar's column points at its layer."""

    EMPTY = "The gradient per layer appears here with the first result"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: ProfileScene | None = None
        self._bars = BarsItem()
        self.box.addItem(self._bars, ignoreBounds=True)
        self.setAccessibleName("Gradient per layer")
        self.render(None)

    def render(self, scene: ProfileScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        before, self._scene = self._scene, scene
        self._bars.show_scene(scene, self.theme, self._lit_layer())
        self.show_axes(scene is not None)
        if scene and (before is None or _frame(before) != _frame(scene)):
            self._arrange(scene)
        self.setAccessibleDescription(_description(scene))
        self.viewport().update()

    def _arrange(self, scene: ProfileScene) -> None:
        low, high = scene.y_range
        layers = max(1, len(scene.bars))
        self.box.setRange(xRange=(0.5, layers + 0.5), yRange=(low, high), padding=0)
        self.left.show_ticks(decade_chooser(scene.y_ticks), max(map(power_of_ten, scene.y_ticks), key=len, default="1"))
        self.bottom.show_ticks(layer_chooser(layers, text_size(str(layers))[0] + 10))
        self._leave_header_room()

    def is_empty(self) -> bool:
        """Says whether there is no bar to draw."""
        return self._scene is None or not self._scene.bars

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the layer whose column lies under the position."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        return self._layer_reference(math.floor(self.from_pixels(position).x() + 0.5))

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the next layer to the right or left."""
        lit = self._lit_layer()
        start = lit + right if lit else (1 if right >= 0 else _last(self._scene))
        return self._layer_reference(max(1, min(start, _last(self._scene))))

    def follow(self, reference: Reference | None) -> None:
        """Brings out the bar of the lit layer."""
        self._bars.lit = self._lit_layer()
        super().follow(reference)

    def paint_like(self, theme: Theme) -> None:
        """Takes the colours of a theme."""
        self._bars.theme = theme
        super().paint_like(theme)

    def resizeEvent(self, ev: object) -> None:
        """Gives the header a second line where one does not hold both of its texts."""
        super().resizeEvent(ev)
        if getattr(self, "_scene", None):
            self._leave_header_room()

    def paint_over(self, painter: QPainter) -> None:
        """Paints quantity and guide legend above the bars, the axis title below, and the value of the lit bar."""
        if self._scene is None:
            return
        draw_text(painter, self.header_rect(), self._scene.y_label, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        self._draw_legend(painter, self._scene)
        self.draw_axis_title(painter, AXIS_TITLE)
        lit = self._lit_layer()
        if lit:
            self._draw_value(painter, self._scene.bars[lit - 1])

    def _draw_legend(self, painter: QPainter, scene: ProfileScene) -> None:
        if scene.guide is None:
            return
        rect = self.header_rect(1 if self._needs_two_lines(scene) else 0)
        width = text_size(scene.guide_label)[0]
        left = max(rect.left(), rect.right() - width - 28) if not self._needs_two_lines(scene) else rect.left()
        pen = QPen(QColor(self.theme.alert), 1)
        pen.setDashPattern(_DASH)
        painter.setPen(pen)
        y = round(rect.center().y()) + 0.5
        painter.drawLine(QLineF(left, y, left + 22, y))
        text = QRectF(left + 28, rect.top(), rect.right() - left - 28, rect.height())
        draw_text(painter, text, scene.guide_label, self.theme.alert, Qt.AlignmentFlag.AlignLeft)

    def _draw_value(self, painter: QPainter, bar: Bar) -> None:
        low, high = self._scene.y_range if self._scene else (0.0, 1.0)
        height = high if bar.mark is Mark.INFINITE else low if bar.log10 is None else bar.log10
        anchor = self.to_pixels(bar.layer, min(max(height, low), high))
        if bar.mark in (Mark.ZERO, Mark.NAN):
            anchor -= QPointF(0, 2 * _MARK_PIXELS + 3)
        draw_tag(painter, self.theme, anchor, bar.text, self.plot_rect())

    def _needs_two_lines(self, scene: ProfileScene) -> bool:
        needed = text_size(scene.y_label, LABEL_PIXELS)[0] + text_size(scene.guide_label)[0] + 52
        return scene.guide is not None and needed > self.header_rect().width()

    def _leave_header_room(self) -> None:
        self.leave_room(above=2 if self._scene and self._needs_two_lines(self._scene) else 1)

    def _lit_layer(self) -> int:
        lit = self._selection.current
        scene = self._scene
        if lit is None or scene is None or lit.experiment != scene.experiment or lit.layer > len(scene.bars):
            return 0
        return lit.layer

    def _layer_reference(self, layer: int) -> Reference | None:
        if self._scene is None or not 1 <= layer <= len(self._scene.bars):
            return None
        return Reference(self._scene.experiment, Place(PlaceKind.LAYER, layer))


def _frame(scene: ProfileScene) -> tuple[object, ...]:
    """Returns what decides about axes and header, so that a frame with new heights only repaints."""
    return scene.y_range, scene.y_ticks, len(scene.bars), scene.guide_label, scene.y_label


def _last(scene: ProfileScene | None) -> int:
    return len(scene.bars) if scene else 0


def _description(scene: ProfileScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None or not scene.bars:
        return ProfilePlot.EMPTY
    return f"Bars of the {scene.y_label} at step {scene.step}: {scene.bars[0].text}, {scene.bars[-1].text}."
