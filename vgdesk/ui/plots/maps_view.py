"""Heat maps of compared runs side by side: one range of colours, rows of one height, one colour bar."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.comparison import HeatmapsScene
from vgdesk.present.scenes import HeatmapScene
from vgdesk.present.step_cells import column_at, column_edges, shown_columns
from vgdesk.ui.painting import TICK_PIXELS, draw_empty, draw_focus_ring, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS, place_chooser, step_chooser, tick_chooser, tick_label
from vgdesk.ui.plots.heatmap_plot import AXIS_TITLE, cell_text
from vgdesk.ui.plots.viridis import coloured, viridis
from vgdesk.ui.pointing import Pointing
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

EMPTY = "The heat maps of the kept runs stand here side by side"
_ABOVE, _BELOW, _GAP, _GAP_WITH_LABELS, _BAR = 20.0, 2 * LINE_PIXELS + 6.0, 14.0, 34.0, 12.0


class MapsView(Pointing, QWidget):
    """Shows a `HeatmapsScene`; the arrow keys walk from cell to cell and on into the next map."""

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._scene: HeatmapsScene | None = None
        self._images: list[QImage] = []
        self._edges: list[np.ndarray] = []
        """Of each map the steps between which its columns lie."""
        self._at: tuple[int, int, int] | None = None
        """Map, place and column that are read."""
        self.start_pointing(selection)
        self.setAccessibleName("Heat maps of the kept runs")
        themes.changed.connect(lambda _: self.update())
        self.render(None)

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._themes.current

    def render(self, scene: HeatmapsScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or a sentence for None."""
        if scene is not self._scene:
            self._at = None
            self._edges = [column_edges(one.columns) for one in scene.maps] if scene else []
            self._images = [_image(*both) for both in zip(scene.maps, self._edges, strict=True)] if scene else []
        self._scene = scene if scene is not None and scene.maps else None
        words = f"{self._scene.title}: {'; '.join(self._scene.names)}" if self._scene else EMPTY
        self.setAccessibleDescription(words)
        self.update()

    def map_rect(self, number: int) -> QRectF:
        """Returns where the cells of a map are drawn, in widget pixels."""
        scene = self._scene
        if scene is None:
            return QRectF()
        left, right = 30.0, _GAP + _BAR + 10 + self._label_width(scene)
        room = self.width() - left - right
        gap = _GAP if scene.are_alike else _GAP_WITH_LABELS
        width = (room - gap * (len(scene.maps) - 1)) / len(scene.maps)
        height = self.height() - _ABOVE - _BELOW
        share = len(scene.maps[number].values) / scene.places
        return QRectF(left + number * (width + gap), _ABOVE + height * (1 - share), width, height * share)

    def reference_at(self, position: QPointF) -> Reference | None:
        """Reads the cell at a position; compared runs are not those of other panels, so nothing is lit."""
        at = self._cell_at(position)
        if at != self._at:
            self._at = at
            self.update()
        return None

    def pin_at(self, position: QPointF) -> None:
        """Reads the cell; what other panels have pinned stays."""
        self.reference_at(position)

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the neighbouring cell; beyond the last column begins the next map."""
        scene = self._scene
        if scene is None:
            return None
        number, place, column = self._at or (0, 0, 0)
        if self._at is not None:
            place, column = place + up, column + right
        if column >= scene.maps[number].values.shape[1] and number + 1 < len(scene.maps) and right == 1:
            number, column = number + 1, 0
        elif column < 0 and number > 0 and right == -1:
            number, column = number - 1, scene.maps[number - 1].values.shape[1] - 1
        places, columns = scene.maps[number].values.shape
        self._at = number, max(0, min(place, places - 1)), max(0, min(column, columns - 1))
        self.setAccessibleDescription(self._reading(scene, *self._at))
        self.update()
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bounds = QRectF(self.rect())
        if self._scene is None:
            draw_empty(painter, self.theme, bounds.adjusted(16, 16, -16, -16), EMPTY)
        else:
            for number in range(len(self._scene.maps)):
                self._paint_map(painter, self._scene, number)
            self._paint_bar(painter, self._scene)
            self._paint_reading(painter, self._scene)
        if self.hasFocus():
            draw_focus_ring(painter, self.theme, bounds)
        painter.end()

    def sizeHint(self) -> QSize:
        """Says how large the maps like to be."""
        return QSize(600, 220)

    def minimumSizeHint(self) -> QSize:
        """Says how small the maps are still readable."""
        return QSize(220, 110)

    def _cell_at(self, position: QPointF) -> tuple[int, int, int] | None:
        for number, one in enumerate(self._scene.maps if self._scene else ()):
            rect = self.map_rect(number)
            if rect.contains(position):
                places, edges = len(one.values), self._edges[number]
                share = (position.x() - rect.left()) / rect.width()
                column = column_at(edges, edges[0] + share * (edges[-1] - edges[0]))
                return number, min(int((rect.bottom() - position.y()) / rect.height() * places), places - 1), column
        return None

    def _paint_map(self, painter: QPainter, scene: HeatmapsScene, number: int) -> None:
        rect, one = self.map_rect(number), scene.maps[number]
        painter.fillRect(rect, QBrush(QColor(self.theme.wire), Qt.BrushStyle.BDiagPattern))
        painter.drawImage(rect, self._images[number])
        title = QRectF(rect.left(), rect.top() - _ABOVE + 2, rect.width(), _ABOVE - 4)
        draw_text(painter, title, scene.names[number], self.theme.text, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)
        self._paint_steps(painter, rect, number, one)
        if number == 0 or not scene.are_alike:
            self._paint_places(painter, rect, one)

    def _paint_steps(self, painter: QPainter, rect: QRectF, number: int, one: HeatmapScene) -> None:
        for at, label in step_chooser(int(one.columns[0]), int(one.columns[-1]))(rect.width()):
            x = self._x(number, at)
            place = QRectF(x - 40, rect.bottom() + 2, 80, LINE_PIXELS)
            draw_text(painter, place, label, self.theme.dim, Qt.AlignmentFlag.AlignHCenter, TICK_PIXELS)
        title = QRectF(rect.left(), rect.bottom() + LINE_PIXELS + 2, rect.width(), LINE_PIXELS)
        draw_text(painter, title, AXIS_TITLE, self.theme.dim, Qt.AlignmentFlag.AlignHCenter, TICK_PIXELS)

    def _x(self, number: int, step: float) -> float:
        """Returns where a step lies in a map, in widget pixels."""
        rect, edges = self.map_rect(number), self._edges[number]
        return rect.left() + float((step - edges[0]) / (edges[-1] - edges[0])) * rect.width()

    def _paint_places(self, painter: QPainter, rect: QRectF, one: HeatmapScene) -> None:
        count = len(one.values)
        for at, label in place_chooser(one.places, count, LINE_PIXELS)(rect.height()):
            y = rect.bottom() - (at - 0.5) / count * rect.height()
            place = QRectF(rect.left() - 34, y - 8, 29, 16)
            draw_text(painter, place, label, self.theme.dim, Qt.AlignmentFlag.AlignRight, TICK_PIXELS)

    def _label_width(self, scene: HeatmapsScene) -> float:
        one = scene.maps[0]
        labels = [tick_label(tick, one.scale) for tick in one.colour_ticks]
        return max((text_size(label, TICK_PIXELS)[0] for label in labels), default=0.0) + 6

    def _paint_bar(self, painter: QPainter, scene: HeatmapsScene) -> None:
        one, last = scene.maps[0], self.map_rect(len(scene.maps) - 1)
        height = self.height() - _ABOVE - _BELOW
        bar = QRectF(round(last.right() + _GAP), _ABOVE, _BAR, height)
        table = np.ascontiguousarray(viridis()[::-1])
        painter.drawImage(bar, QImage(table.data, 1, len(table), 4, QImage.Format.Format_RGBA8888).copy())
        low, high = one.colour_range
        for value, label in tick_chooser(one.colour_ticks, one.scale)(height):
            y = bar.bottom() - (value - low) / ((high - low) or 1.0) * height
            painter.setPen(QPen(QColor(self.theme.dim), 1))
            painter.drawLine(QLineF(bar.right(), round(y) + 0.5, bar.right() + 3, round(y) + 0.5))
            place = QRectF(bar.right() + 5, y - 8, self.width() - bar.right() - 5, 16)
            draw_text(painter, place, label, self.theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)

    def _paint_reading(self, painter: QPainter, scene: HeatmapsScene) -> None:
        if self._at is None:
            return
        number, place, column = self._at
        rect = self.map_rect(number)
        left, right = (self._x(number, edge) for edge in self._edges[number][column : column + 2])
        height = rect.height() / len(scene.maps[number].values)
        cell = QRectF(left, rect.bottom() - (place + 1) * height, max(right - left, 3), max(height, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, stroke in ((QColor(0, 0, 0, 170), 3), (QColor("white"), 1)):
            painter.setPen(QPen(colour, stroke))
            painter.drawRect(cell)
        bounds = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        draw_tag(painter, self.theme, cell.center(), self._reading(scene, number, place, column), bounds, gap=10)

    def _reading(self, scene: HeatmapsScene, number: int, place: int, column: int) -> str:
        return f"{scene.names[number][0]}, {cell_text(scene.maps[number], place + 1, column)}"


def _image(scene: HeatmapScene, edges: np.ndarray) -> QImage:
    """Returns the cells as a picture, place 1 at the bottom."""
    colours = coloured(scene.values[::-1], *scene.colour_range)
    pixels = np.ascontiguousarray(colours[:, shown_columns(edges)])
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
