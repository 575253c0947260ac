"""Place x step as a picture: one row per layer with layer 1 at the bottom (or per time step, or weight matrix), one
column per recorded step.

The axis of steps is linear, as that of the loss below it: every column stands at its step (`present.step_cells`).
"""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.scale import whole_value_text
from vgdesk.present.scenes import HeatmapScene
from vgdesk.present.step_cells import column_at, column_edges, shown_columns
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.painting import TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS, place_chooser, step_chooser, tick_chooser, tick_label
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.plots.viridis import coloured, viridis
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

AXIS_TITLE = "training step"
_COLOUR_BAR = 12.0
_GAP = 12.0


class HeatmapPlot(Plot):
    """Shows a `HeatmapScene`; pointing at a cell points at its layer and its step."""

    EMPTY = "Layer by step: the picture grows here while the network trains"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: HeatmapScene | None = None
        self._edges = column_edges(np.zeros(1))
        self._image = pg.ImageItem(axisOrder="row-major")
        self.box.addItem(self._image, ignoreBounds=True)
        self.setAccessibleName("Heat map of the gradient, layer by step")
        self.render(None)

    def render(self, scene: HeatmapScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        self._scene = scene if scene is not None and scene.values.size else None
        self._image.setVisible(self._scene is not None)
        self.show_axes(self._scene is not None)
        if self._scene:
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene))
        self.paint_once()

    def _arrange(self, scene: HeatmapScene) -> None:
        layers, self._edges = len(scene.values), column_edges(scene.columns)
        first, last = float(self._edges[0]), float(self._edges[-1])
        cells = coloured(scene.values, *scene.colour_range)[:, shown_columns(self._edges)]
        self._image.setImage(cells, autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(first, 0.5, last - first, layers))
        self.box.setRange(xRange=(first, last), yRange=(0.5, layers + 0.5), padding=0)
        self.left.show_ticks(place_chooser(scene.places, layers, LINE_PIXELS), scene.places.tick(layers))
        self.bottom.show_ticks(step_chooser(int(scene.columns[0]), int(scene.columns[-1])))
        labels = [tick_label(tick, scene.scale) for tick in scene.colour_ticks]
        widest = max((text_size(label, TICK_PIXELS)[0] for label in labels), default=0.0)
        self.leave_room(right=_GAP + _COLOUR_BAR + 5 + math.ceil(widest) + 10)

    def is_empty(self) -> bool:
        """Says whether there is no cell to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns layer and step of the cell under the position."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        point = self.from_pixels(position)
        return self._cell_reference(math.floor(point.y() + 0.5), column_at(self._edges, point.x()))

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the neighbouring cell; the first key starts at layer 1 of the last step."""
        if self._scene is None:
            return None
        layer, column = self._lit_layer(), self._lit_column()
        if not layer and column is None:
            return self._cell_reference(1, self._scene.values.shape[1] - 1)
        start = self._scene.values.shape[1] - 1 if column is None else column
        return self._cell_reference(max(layer, 1) + up, start + right)

    def _cell_reference(self, layer: int, column: int) -> Reference | None:
        if self._scene is None:
            return None
        layers, columns = self._scene.values.shape
        step = int(self._scene.columns[max(0, min(column, columns - 1))])
        return Reference(self._scene.experiment, Place(PlaceKind.LAYER, max(1, min(layer, layers))), step=step)

    def paint_over(self, painter: QPainter) -> None:
        """Paints titles, colour bar, and frame and cross-hair of what is lit."""
        scene = self._scene
        if scene is None:
            return
        word = scene.places.word
        draw_text(painter, self.header_rect(), word, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        right = self.header_rect().adjusted(text_size(word)[0] + 12, 0, 0, 0)
        draw_text(painter, right, scene.colour_label, self.theme.dim, Qt.AlignmentFlag.AlignRight)
        self.draw_axis_title(painter, AXIS_TITLE)
        self._draw_colour_bar(painter, scene)
        self._draw_lit(painter, scene)

    def _colour_rect(self) -> QRectF:
        plot = self.plot_rect()
        return QRectF(round(plot.right() + _GAP), plot.top(), _COLOUR_BAR, plot.height())

    def _draw_colour_bar(self, painter: QPainter, scene: HeatmapScene) -> None:
        bar = self._colour_rect()
        table = np.ascontiguousarray(viridis()[::-1])
        painter.drawImage(bar, QImage(table.data, 1, len(table), 4, QImage.Format.Format_RGBA8888).copy())
        for value, label in tick_chooser(scene.colour_ticks, scene.scale)(bar.height()):
            y = self._colour_y(value, scene)
            painter.setPen(QPen(QColor(self.theme.dim), 1))
            painter.drawLine(QLineF(bar.right(), round(y) + 0.5, bar.right() + 3, round(y) + 0.5))
            place = QRectF(bar.right() + 5, y - 8, self.width() - bar.right() - 5, 16)
            draw_text(painter, place, label, self.theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)

    def _colour_y(self, value: float, scene: HeatmapScene) -> float:
        low, high = scene.colour_range
        share = (value - low) / ((high - low) or 1.0)
        bar = self._colour_rect()
        return bar.bottom() - max(0.0, min(share, 1.0)) * bar.height()

    def _draw_lit(self, painter: QPainter, scene: HeatmapScene) -> None:
        layer, column = self._lit_layer(), self._lit_column()
        plot = self.plot_rect()
        if layer:
            self._frame(
                painter,
                QRectF(self.to_pixels(self._edges[0], layer + 0.5), self.to_pixels(self._edges[-1], layer - 0.5)),
            )
        if column is not None:
            self._frame(
                painter,
                QRectF(
                    QPointF(self.to_pixels(self._edges[column], 1).x(), plot.top()),
                    QPointF(self.to_pixels(self._edges[column + 1], 1).x(), plot.bottom()),
                ),
            )
        if layer and column is not None:
            value = float(scene.values[layer - 1, column])
            self._draw_arrow(painter, value, scene)
            anchor = self.to_pixels(scene.columns[column], layer + 0.5)
            draw_tag(painter, self.theme, anchor, cell_text(scene, layer, column), plot)

    def _frame(self, painter: QPainter, rect: QRectF) -> None:
        """Draws a dark and a light line side by side: one of them stands out on every colour of the map."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = QRectF(round(rect.left()), round(rect.top()), max(2, round(rect.width())), max(2, round(rect.height())))
        painter.setPen(QPen(QColor(0, 0, 0, 170), 3))
        painter.drawRect(inner)
        painter.setPen(QPen(QColor("white"), 1))
        painter.drawRect(inner)

    def _draw_arrow(self, painter: QPainter, value: float, scene: HeatmapScene) -> None:
        """Points at the place of the lit value on the colour bar."""
        if not math.isfinite(value):
            return
        tip = QPointF(self._colour_rect().left(), self._colour_y(value, scene))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.text))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-7, -4.5), tip + QPointF(-7, 4.5)]))
        painter.restore()

    def _lit(self) -> Reference | None:
        lit = self._selection.current
        return lit if lit and self._scene and lit.experiment == self._scene.experiment else None

    def _lit_layer(self) -> int:
        lit = self._lit()
        return lit.layer if lit and self._scene and lit.layer <= self._scene.values.shape[0] else 0

    def _lit_column(self) -> int | None:
        lit = self._lit()
        if lit is None or lit.step is None or self._scene is None:
            return None
        return int(np.argmin(np.abs(self._scene.columns - lit.step)))


def cell_text(scene: HeatmapScene, number: int, column: int) -> str:
    """Returns where a cell stands and its value, in words; places count from 1."""
    value = float(scene.values[number - 1, column])
    words = "exactly 0 or not finite" if scene.scale == "log10" else "not finite"
    if math.isfinite(value):
        words = whole_value_text(value, scene.scale)
    return f"{scene.places.label(number)}, step {int(scene.columns[column]):,}: {words}"


def _description(scene: HeatmapScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None:
        return HeatmapPlot.EMPTY
    layers, columns = scene.values.shape
    span = f"step {scene.columns[0]}" if columns == 1 else f"steps {scene.columns[0]} to {scene.columns[-1]}"
    return f"Heat map of the {scene.colour_label} of {layers} {scene.places.plural} over {span}."
