"""The map of a sweep: one cell for each point, grey where nothing is known yet, with the line of the theory.

Pointing at a cell tells its numbers; a double click, or Enter after the arrow keys, puts its experiment on the desk.
"""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.sweep_map import SweepMap, axis_label
from vgdesk.ui.painting import TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS, Chooser, apart, linear_chooser
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.plots.viridis import coloured, viridis
from vgdesk.ui.pointing import ARROWS
from vgdesk.ui.state.maps import Maps
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

_COLOUR_BAR, _GAP = 12.0, 12.0
_KEY_PIXELS = 20.0


class MapPlot(Plot):
    """Shows a `SweepMap`."""

    EMPTY = (
        "Tools > Trainability map… or Tools > Sweep… trains many networks; each becomes a cell here as soon as it is"
        " trained"
    )

    def __init__(self, selection: Selection, themes: ThemeState, maps: Maps, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._maps = maps
        self._scene: SweepMap | None = None
        self._lit: tuple[int, int] | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self.box.addItem(self._image, ignoreBounds=True)
        self.setAccessibleName("Map of a sweep")
        self.render(None)

    @property
    def lit(self) -> tuple[int, int] | None:
        """Column and line of the cell that is pointed at."""
        return self._lit

    def render(self, scene: SweepMap | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a map, or how to make one for None."""
        self._scene = scene
        self._image.setVisible(scene is not None)
        self.show_axes(scene is not None)
        if scene is not None:
            self._arrange(scene)
        self._light(self._lit)
        self.paint_once()

    def _arrange(self, scene: SweepMap) -> None:
        lines, columns = scene.values.shape
        self._image.setImage(coloured(scene.values, *scene.colour_range), autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(-0.5, -0.5, columns, lines))
        self.box.setBackgroundColor(self.theme.grid)
        self.box.setRange(xRange=(-0.5, columns - 0.5), yRange=(-0.5, lines - 0.5), padding=0)
        labels = [axis_label(text) for text in scene.y]
        self.left.show_ticks(_line_chooser(scene.y), max(labels, key=lambda text: text_size(text)[0]))
        self.bottom.show_ticks(_column_chooser(scene.x))
        self.leave_room(above=2, right=_GAP + _COLOUR_BAR + 46)

    def is_empty(self) -> bool:
        """Says whether there is no map."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns nothing: cells are not parts of the network on the desk."""
        return None

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns nothing: the keys walk from cell to cell."""
        return None

    def paint_like(self, theme: Theme) -> None:
        """Takes the colours of a theme."""
        super().paint_like(theme)
        if not self.is_empty():
            self.box.setBackgroundColor(theme.grid)

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Returns column and line of the cell under a position, both counting from 0."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        point = self.from_pixels(position)
        return self._nearest(math.floor(point.x() + 0.5), math.floor(point.y() + 0.5))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tells the numbers of the cell under the pointer."""
        self._light(self.cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes the keyboard."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._light(self.cell_at(event.position()))
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Puts the cell's experiment on the desk."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._maps.open_cell(*cell)

    def leaveEvent(self, event: QEvent) -> None:
        """Points at nothing."""
        self._light(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keeps the lit cell: a menu may be on its way."""
        self._repaint_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walks with the arrows; Enter puts the cell's experiment on the desk, Esc points at nothing."""
        key = Qt.Key(event.key())
        if self._scene is not None and (step := ARROWS.get(key)):
            column, line = self._lit or (-step[0], -step[1])
            self._light(self._nearest(column + step[0], line + step[1]))
        elif self._lit is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._maps.open_cell(*self._lit)
        elif self._lit is not None and key == Qt.Key.Key_Escape:
            self._light(None)
        else:
            event.ignore()

    def _nearest(self, column: int, line: int) -> tuple[int, int] | None:
        if self._scene is None:
            return None
        lines, columns = self._scene.values.shape
        return max(0, min(column, columns - 1)), max(0, min(line, lines - 1))

    def _light(self, cell: tuple[int, int] | None) -> None:
        self._lit = cell if cell is None else self._nearest(*cell)
        self.setAccessibleDescription(self._description())
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        """Paints titles, crosses, the line, the colour bar, and the numbers of the lit cell."""
        scene = self._scene
        if scene is None:
            return
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        draw_text(painter, self.header_rect(), scene.y_field, self.theme.dim, left)
        beside = self.header_rect().adjusted(text_size(scene.y_field)[0] + 12, 0, 0, 0)
        draw_text(painter, beside, scene.colour_label, self.theme.dim, right)
        self.draw_axis_title(painter, scene.x_field)
        painter.save()
        painter.setClipRect(self.plot_rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_crosses(painter, scene)
        self._draw_line(painter, scene)
        painter.restore()
        self._draw_key(painter, scene)
        self._draw_colour_bar(painter, scene)
        self._draw_lit(painter, scene)

    def _draw_crosses(self, painter: QPainter, scene: SweepMap) -> None:
        """Crosses the cells that were trained and have no number, to tell them from those still to come."""
        if scene.broken is None:
            return
        painter.setPen(QPen(QColor(self.theme.dim), 1.2))
        for line, column in np.argwhere(scene.broken).tolist():
            at = self.to_pixels(column, line)
            painter.drawLine(QLineF(at + QPointF(-3, -3), at + QPointF(3, 3)))
            painter.drawLine(QLineF(at + QPointF(-3, 3), at + QPointF(3, -3)))

    def _draw_line(self, painter: QPainter, scene: SweepMap) -> None:
        """Draws a light line on a dark one: one of them stands out on every colour."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for run in _runs(scene.line):
            points = QPolygonF([self.to_pixels(column, at) for column, at in run])
            for colour, width in (("#161b26", 4.0), ("#ffffff", 2.0)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawPolyline(points)

    def _draw_key(self, painter: QPainter, scene: SweepMap) -> None:
        rect = self.header_rect(1)
        x, y = rect.left(), round(rect.center().y()) + 0.5
        if scene.has_line:
            for colour, width in (("#161b26", 4.0), ("#ffffff", 2.0)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawLine(QLineF(x, y, x + _KEY_PIXELS, y))
            x = self._key_words(painter, x + _KEY_PIXELS + 6, f"{scene.line_label}, by theory")
        if np.isnan(scene.values).any():
            painter.fillRect(QRectF(x, y - 6, 12, 12), QColor(self.theme.grid))
            painter.setPen(QPen(QColor(self.theme.border), 1))
            painter.drawRect(QRectF(x, y - 6, 12, 12))
            x = self._key_words(painter, x + 18, "not trained yet")
        if scene.broken is not None and scene.broken.any():
            self._key_words(painter, x, "×  no finite number")

    def _key_words(self, painter: QPainter, x: float, words: str) -> float:
        rect = self.header_rect(1)
        draw_text(painter, rect.adjusted(x - rect.left(), 0, 0, 0), words, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        return x + text_size(words)[0] + 18

    def _draw_colour_bar(self, painter: QPainter, scene: SweepMap) -> None:
        plot = self.plot_rect()
        bar = QRectF(round(plot.right() + _GAP), plot.top(), _COLOUR_BAR, plot.height())
        table = np.ascontiguousarray(viridis()[::-1])
        painter.drawImage(bar, QImage(table.data, 1, len(table), 4, QImage.Format.Format_RGBA8888).copy())
        low, high = scene.colour_range
        for value, label in linear_chooser(low, high)(bar.height()):
            y = bar.bottom() - (value - low) / ((high - low) or 1.0) * bar.height()
            place = QRectF(bar.right() + 5, y - 8, self.width() - bar.right() - 5, 16)
            draw_text(painter, place, label, self.theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)

    def _draw_lit(self, painter: QPainter, scene: SweepMap) -> None:
        if self._lit is None:
            return
        column, line = self._lit
        cell = QRectF(self.to_pixels(column - 0.5, line + 0.5), self.to_pixels(column + 0.5, line - 0.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 170), 3), (QColor("white"), 1)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(cell)
        above = QPointF(cell.center().x(), cell.top())
        words = self._maps.words_at(column, line)
        draw_tag(painter, self.theme, above, words, self.plot_rect(), avoid=(cell,))

    def _description(self) -> str:
        """Returns what is shown in one sentence, for screen readers."""
        if self._scene is None:
            return self.EMPTY
        if self._lit is not None:
            return f"{self._maps.words_at(*self._lit)}. Enter puts it on the desk."
        return f"{self._scene.title}: {self._scene.subtitle}. Arrow keys walk from cell to cell."


def _column_chooser(values: tuple[str, ...]) -> Chooser:
    ticks = [(float(place), axis_label(text)) for place, text in enumerate(values)]
    return lambda pixels: apart(ticks, pixels / len(ticks))


def _line_chooser(values: tuple[str, ...]) -> Chooser:
    ticks = [(float(place), axis_label(text)) for place, text in enumerate(values)]
    return lambda pixels: ticks[:: max(1, math.ceil(len(ticks) * LINE_PIXELS / max(pixels, 1.0)))]


def _runs(line: tuple[tuple[float, float], ...]) -> list[list[tuple[float, float]]]:
    """Returns the parts of a line between its gaps, of two points at least."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in line:
        if math.isnan(sum(point)):
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]
