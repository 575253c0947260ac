"""Singular values of the Jacobian from input to output: filled steps per kind of matrices, theory's density dashed.

Diamonds near the top stand at the root of the mean of s^2: hollow where theory predicts it, filled where it was
measured. The pointer, or the arrow keys, read a bar.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.scale import value_text
from vgdesk.present.spectrum import SpectrumHistogram, SpectrumScene
from vgdesk.ui.painting import LABEL_PIXELS, TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import Tick, apart
from vgdesk.ui.plots.bin_plot import BinPlot
from vgdesk.ui.plots.note import broken, note_lines
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import ThemeState

_FILL_OPACITY = 70
_MARK_HEIGHT, _MARK_STEP = 0.96, 0.08
"""Share of the axis at which diamonds stand, the second kind below the first."""
_PREDICTED, _MEASURED = 6.0, 3.0
_SWATCH = 14.0
_MARKS = "◆ measured, ◇ predicted √ of mean s²"


class SpectrumPlot(BinPlot):
    """Shows a `SpectrumScene`."""

    EMPTY = "The singular values of the Jacobian from input to output appear here"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: SpectrumScene | None = None
        self.setAccessibleName("Spectrum of the Jacobian")
        self.render(None)

    def render(self, scene: "SpectrumScene | str | None") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or the sentence that says why there is none."""
        self._scene = scene if isinstance(scene, SpectrumScene) else None
        self.EMPTY = scene if isinstance(scene, str) else SpectrumPlot.EMPTY
        self.read_bin = None
        self.show_axes(self._scene is not None)
        if self._scene is not None:
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene) or self.EMPTY)
        self.viewport().update()

    def _arrange(self, scene: SpectrumScene) -> None:
        self.box.setRange(xRange=scene.x_range, yRange=scene.y_range, padding=0)
        heights = [(value, number_text(value)) for value in scene.y_ticks]
        self.left.show_ticks(lambda _: heights, max((label for _, label in heights), key=len, default="1"))
        self.bottom.show_ticks(_fitting(scene))
        self._leave_room_for_words(scene)

    def resizeEvent(self, ev: object) -> None:
        """Gives key and note as many lines as they need."""
        super().resizeEvent(ev)
        scene: SpectrumScene | None = getattr(self, "_scene", None)
        if scene is not None:
            self._leave_room_for_words(scene)

    def _leave_room_for_words(self, scene: SpectrumScene) -> None:
        lines = sum(len(self._key_lines(histogram)) for histogram in scene.histograms)
        self.leave_room(above=1 + lines, below=1 + len(self._note_lines(scene)), right=18.0)

    def _key_lines(self, histogram: SpectrumHistogram) -> list[str]:
        """Returns what a histogram's colour means, in lines that fit beside the swatch."""
        words = histogram.text + ("; dashed: theory's density" if histogram.curve[0].size else "")
        return broken(words, self.header_rect().width() - _SWATCH - 8, LABEL_PIXELS)

    def _note_lines(self, scene: SpectrumScene) -> list[str]:
        return note_lines(scene.note, self.header_rect().width(), self.height())

    def is_empty(self) -> bool:
        """Says whether there is no spectrum to draw."""
        return self._scene is None

    def bin_edges(self) -> np.ndarray | None:
        """Returns where the bins end; None without a scene."""
        return None if self._scene is None else self._scene.edges

    def paint_over(self, painter: QPainter) -> None:
        """Paints grid, histograms, density, marks, titles, and the bar that is read."""
        scene = self._scene
        if scene is None:
            return
        self.paint_levels(painter, scene.y_ticks)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.plot_rect().adjusted(-1, -1, 1, 1))
        for number, histogram in enumerate(scene.histograms):
            self._paint_histogram(painter, scene, histogram)
            self._paint_marks(painter, scene, histogram, number)
        painter.restore()
        self._paint_words(painter, scene)
        if self.read_bin is not None:
            self._paint_reading(painter, scene, self.read_bin)

    def _paint_histogram(self, painter: QPainter, scene: SpectrumScene, histogram: SpectrumHistogram) -> None:
        colour = self.theme.tone(histogram.tone)
        edges, heights = np.repeat(scene.edges, 2), np.concatenate([[0.0], np.repeat(histogram.heights, 2), [0.0]])
        steps = QPolygonF([self.to_pixels(float(x), float(y)) for x, y in zip(edges, heights, strict=True)])
        fill = QColor(colour)
        fill.setAlpha(_FILL_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(steps)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.2))
        painter.drawPolyline(steps)
        place, density = histogram.curve
        painter.setPen(QPen(colour, 1.6, Qt.PenStyle.DashLine))
        painter.drawPolyline(
            QPolygonF([self.to_pixels(float(x), float(y)) for x, y in zip(place, density, strict=True)])
        )

    def _paint_marks(self, painter: QPainter, scene: SpectrumScene, histogram: SpectrumHistogram, number: int) -> None:
        """Draws the predicted mark hollow and larger, so that it shows around the measured one."""
        height, colour = scene.y_range[1] * (_MARK_HEIGHT - _MARK_STEP * number), self.theme.tone(histogram.tone)
        for value, size, brush in (
            (histogram.predicted, _PREDICTED, QColor(self.theme.panel)),
            (histogram.measured, _MEASURED, colour),
        ):
            if value is not None:
                at = self.to_pixels(value, height)
                corners = ((0.0, -size), (size, 0.0), (0.0, size), (-size, 0.0))
                painter.setPen(QPen(colour, 1.4))
                painter.setBrush(brush)
                painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))

    def _paint_words(self, painter: QPainter, scene: SpectrumScene) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        draw_text(painter, self.header_rect(), scene.y_label, self.theme.dim, left)
        line = 1
        for histogram in scene.histograms:
            rect = self.header_rect(line)
            swatch = QRectF(rect.left(), rect.center().y() - 4, _SWATCH, 8)
            painter.fillRect(swatch, self.theme.tone(histogram.tone))
            for words in self._key_lines(histogram):
                rect = self.header_rect(line).adjusted(_SWATCH + 8, 0, 0, 0)
                draw_text(painter, rect, words, self.theme.text, left)
                line += 1
        self.draw_axis_title(painter, scene.x_label)
        beside = self.header_rect().adjusted(text_size(scene.y_label)[0] + 12, 0, 0, 0)
        draw_text(painter, beside, _MARKS, self.theme.dim, Qt.AlignmentFlag.AlignRight)
        for number, words in enumerate(self._note_lines(scene), start=1):
            foot, whole = self.footer_rect(number), self.header_rect()
            rect = QRectF(whole.left(), foot.top(), whole.width(), foot.height())
            draw_text(painter, rect, words, self.theme.dim, left, TICK_PIXELS)

    def _paint_reading(self, painter: QPainter, scene: SpectrumScene, number: int) -> None:
        low, high = (float(edge) for edge in scene.edges[number : number + 2])
        shares = [f"{each.heights[number] * (high - low):.1%} {_kind(each)}" for each in scene.histograms]
        top = max(float(each.heights[number]) for each in scene.histograms)
        words = f"s {value_text(low, 'log10')} to {value_text(high, 'log10')}: {', '.join(shares)}"
        draw_tag(painter, self.theme, self.to_pixels((low + high) / 2, top), words, self.plot_rect(), gap=8)


def _kind(histogram: SpectrumHistogram) -> str:
    return histogram.label.split(" (")[0]


def _fitting(scene: SpectrumScene) -> Callable[[float], list[Tick]]:
    """Returns a chooser that leaves out labels where they would touch."""
    span = scene.x_range[1] - scene.x_range[0]
    return lambda pixels: apart(scene.x_ticks, pixels / span)


def _description(scene: SpectrumScene | None) -> str:
    """Returns what is shown, for screen readers."""
    return "" if scene is None else " ".join(f"{text}." for text in (h.text for h in scene.histograms)) + scene.note
