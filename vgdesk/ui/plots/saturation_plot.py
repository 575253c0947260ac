"""The arguments of an activation as a histogram, with the activation's slope over it."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.saturation import SaturationScene, bin_words
from vgdesk.present.scenes import Tone
from vgdesk.ui.painting import draw_tag, draw_text
from vgdesk.ui.plots.axes import linear_chooser, tick_chooser
from vgdesk.ui.plots.bin_plot import BinPlot
from vgdesk.ui.state.saturations import Saturations
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import ThemeState

_OPACITY = 140
_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


class SaturationPlot(BinPlot):
    """Shows a `SaturationScene`; the bin under the pointer, or walked to by the arrow keys, is read."""

    EMPTY: str = "Looking where the units of a layer stand on their activation …"

    def __init__(
        self, selection: Selection, themes: ThemeState, asked: Saturations, parent: QWidget | None = None
    ) -> None:
        super().__init__(selection, themes, parent)
        self._asked = asked
        self._scene: SaturationScene | None = None
        self.setAccessibleName("Where units stand on their activation")
        self.render(None)

    def render(self, scene: SaturationScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or for None what is being done or why there is none."""
        self.EMPTY = self._asked.failure or SaturationPlot.EMPTY
        self._scene, self.read_bin = scene, None
        self.show_axes(scene is not None)
        if scene is not None:
            edges = scene.found.edges
            low, high = float(edges[0]), float(edges[-1])
            self.box.setRange(xRange=(low, high), yRange=scene.y_range, padding=0)
            self.left.show_ticks(tick_chooser(scene.y_ticks, "linear"), "0.000")
            self.bottom.show_ticks(linear_chooser(low, high, 48.0))
            self.leave_room(above=3, right=18.0)
        self.setAccessibleDescription(scene.sentence if scene else self.EMPTY)
        self.paint_once()

    def is_empty(self) -> bool:
        """Says whether there is nothing to draw."""
        return self._scene is None

    def bin_edges(self) -> np.ndarray | None:
        """Returns where the bins end; None without a scene."""
        return None if self._scene is None else self._scene.found.edges

    def paint_over(self, painter: QPainter) -> None:
        """Paints grid, bars, slopes, words, and the bin that is read."""
        scene = self._scene
        if scene is None:
            return
        self.paint_levels(painter, scene.y_ticks)
        painter.save()
        painter.setClipRect(self.plot_rect())
        self._paint_bars(painter, scene)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_slopes(painter, scene)
        painter.restore()
        self._paint_words(painter, scene)
        if self.read_bin is not None:
            x = float(scene.found.edges[self.read_bin : self.read_bin + 2].mean())
            at = self.to_pixels(x, float(scene.found.shares[self.read_bin]))
            draw_tag(painter, self.theme, at, bin_words(scene, self.read_bin), self.plot_rect())

    def _paint_bars(self, painter: QPainter, scene: SaturationScene) -> None:
        edges = scene.found.edges
        for number, share in enumerate(scene.found.shares.tolist()):
            colour = QColor(self.theme.tone(Tone.ALERT if scene.flat[number] else Tone.MEASURED))
            colour.setAlpha(_OPACITY)
            top = self.to_pixels(float(edges[number]), share)
            foot = self.to_pixels(float(edges[number + 1]), 0.0)
            painter.fillRect(QRectF(top, foot), colour)

    def _paint_slopes(self, painter: QPainter, scene: SaturationScene) -> None:
        low, high = scene.slope_range
        scale = scene.y_range[1] / (high - low)
        for number, slope in enumerate(scene.found.slopes):
            painter.setPen(QPen(QColor(self.theme.text), 1.4, _DASHES[number % len(_DASHES)]))
            heights = (scale * (slope - low)).tolist()
            pairs = zip(scene.found.points.tolist(), heights, strict=True)
            painter.drawPolyline(QPolygonF([self.to_pixels(x, y) for x, y in pairs]))

    def _paint_words(self, painter: QPainter, scene: SaturationScene) -> None:
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        draw_text(painter, self.header_rect(), scene.y_label, self.theme.dim, left)
        draw_text(painter, self.header_rect(), scene.slope_words, self.theme.dim, right)
        draw_text(painter, self.header_rect(1), scene.short, self.theme.text, left)
        draw_text(painter, self.header_rect(2), scene.key, self.theme.dim, left)
        self.draw_axis_title(painter, scene.x_label)
