"""The typical gradient per place on a log axis, measured and predicted, over the floors of the number formats."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.number_formats import FormatScene
from vgdesk.present.scale import value_text
from vgdesk.present.scenes import Tone
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.painting import TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import decade_chooser, layer_chooser, power_of_ten
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

_KEY_PIXELS, _DOT = 20.0, 2.2
_MOST_DOTS = 100
_HEAD = 0.02
"""Share of the axis that stays free above the highest tick."""


class FormatPlot(Plot):
    """Shows a `FormatScene`; pointing at a place points at its layer or time step everywhere."""

    EMPTY: str = "Asking what each number format would store of the gradient …"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: FormatScene | None = None
        self.setAccessibleName("Gradient and the floors of number formats")
        self.render(None)

    def render(self, scene: FormatScene | None, why_empty: str = "") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or for None why there is none."""
        self.EMPTY = why_empty or FormatPlot.EMPTY
        self._scene = scene if scene is not None and len(scene.report.log10_typical) else None
        self.show_axes(self._scene is not None)
        if self._scene is not None:
            self._arrange(self._scene)
        self.setAccessibleDescription(" ".join(self._scene.sentences) if self._scene else self.EMPTY)
        self.paint_once()

    def _arrange(self, scene: FormatScene) -> None:
        low, high = scene.y_range
        count = len(scene.report.log10_typical)
        self.box.setRange(xRange=(0.5, count + 0.5), yRange=(low, high + _HEAD * (high - low)), padding=0)
        widest = max(map(power_of_ten, scene.y_ticks), key=len, default="1")
        self.left.show_ticks(decade_chooser(scene.y_ticks), widest)
        self.bottom.show_ticks(layer_chooser(count, text_size(str(count), TICK_PIXELS)[0] + 14))
        self.leave_room(above=2)

    def is_empty(self) -> bool:
        """Says whether there is nothing to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the place under the position."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        return self._reference(round(self.from_pixels(position).x()))

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the next place."""
        if self._scene is None:
            return None
        return self._reference((self._lit() or 1 - right) + right)

    def _reference(self, place: int) -> Reference | None:
        if self._scene is None:
            return None
        report = self._scene.report
        kept = max(1, min(place, len(report.log10_typical)))
        return Reference(report.experiment, Place(PlaceKind.LAYER, kept))

    def _lit(self) -> int:
        """Returns the lit place, 0 for none."""
        lit = self._selection.current
        if self._scene is None or lit is None or lit.experiment != self._scene.report.experiment:
            return 0
        return lit.layer if lit.layer <= len(self._scene.report.log10_typical) else 0

    def paint_over(self, painter: QPainter) -> None:
        """Paints titles, grid, floors, lines, and the numbers of the lit place."""
        scene = self._scene
        if scene is None:
            return
        draw_text(painter, self.header_rect(), "typical ∂L/∂h", self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        self._draw_key(painter, scene)
        self.draw_axis_title(painter, scene.report.places.axis_title)
        painter.save()
        painter.setClipRect(self.plot_rect())
        self.paint_levels(painter, scene.y_ticks)
        self._draw_floors(painter, scene)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene.report.log10_predicted is not None:
            self._draw_line(painter, scene.report.log10_predicted, self._pen(Tone.THEORY), has_dots=False)
        is_short = len(scene.report.log10_typical) < _MOST_DOTS
        self._draw_line(painter, scene.report.log10_typical, self._pen(Tone.MEASURED), is_short)
        painter.restore()
        if place := self._lit():
            self._draw_lit(painter, scene, place)

    def _pen(self, tone: Tone) -> QPen:
        is_dashed = tone is not Tone.MEASURED
        return QPen(self.theme.tone(tone), 1.5, Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine)

    def _draw_floors(self, painter: QPainter, scene: FormatScene) -> None:
        plot, log10 = self.plot_rect(), scene.report.log10_typical
        # Words stand where the curve is not.
        side = Qt.AlignmentFlag.AlignLeft if log10[0] < log10[-1] else Qt.AlignmentFlag.AlignRight
        for floor in scene.floors:
            y = round(self.to_pixels(1, floor.log10_zero).y()) + 0.5
            painter.setPen(QPen(QColor(self.theme.alert), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            place = QRectF(plot.left() + 6, y - 17, plot.width() - 12, 16)
            draw_text(painter, place, f"{floor.number_format} stores 0 below", self.theme.alert, side, TICK_PIXELS)

    def _draw_line(self, painter: QPainter, log10: np.ndarray, pen: QPen, has_dots: bool) -> None:
        """Draws a line over the finite values; an exact zero is a hollow dot at the foot."""
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        heights: list[float] = log10.tolist()
        finite = np.flatnonzero(np.isfinite(log10))
        for run in np.split(finite, np.flatnonzero(np.diff(finite) > 1) + 1):
            painter.drawPolyline(QPolygonF([self.to_pixels(place + 1, heights[place]) for place in run.tolist()]))
        painter.setPen(QPen(pen.color(), 1.2))
        if has_dots:
            painter.setBrush(pen.color())
            for place in finite.tolist():
                painter.drawEllipse(self.to_pixels(place + 1, heights[place]), _DOT, _DOT)
            painter.setBrush(QColor(self.theme.panel))
            for place in np.flatnonzero(log10 == -np.inf).tolist():
                foot = QPointF(self.to_pixels(place + 1, 0).x(), self.plot_rect().bottom() - 5)
                painter.drawEllipse(foot, 2 * _DOT, 2 * _DOT)

    def _draw_key(self, painter: QPainter, scene: FormatScene) -> None:
        rect = self.header_rect(1)
        x, y = rect.left(), round(rect.center().y()) + 0.5
        shown = [(Tone.MEASURED, "measured")]
        if scene.report.log10_predicted is not None:
            shown.append((Tone.THEORY, "predicted"))
        for tone, words in shown:
            painter.setPen(self._pen(tone))
            painter.drawLine(QLineF(x, y, x + _KEY_PIXELS, y))
            place = rect.adjusted(x - rect.left() + _KEY_PIXELS + 6, 0, 0, 0)
            draw_text(painter, place, words, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
            x += _KEY_PIXELS + 6 + text_size(words)[0] + 18

    def _draw_lit(self, painter: QPainter, scene: FormatScene, place: int) -> None:
        plot, value = self.plot_rect(), float(scene.report.log10_typical[place - 1])
        x = round(self.to_pixels(place, 0).x()) + 0.5
        painter.setPen(QPen(QColor(self.theme.dim), 1))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        at = QPointF(x, self.to_pixels(place, value).y() if np.isfinite(value) else plot.bottom() - 5)
        draw_tag(painter, self.theme, at, place_words(scene, place), plot)


def place_words(scene: FormatScene, place: int) -> str:
    """Returns the typical number at a place and the shares of it that formats store as 0."""
    report = scene.report
    number = value_text(float(report.log10_typical[place - 1]), "log10")
    lost = [
        f"{loss.number_format} stores {loss.zero[place - 1]:.0%} as 0"
        for loss in report.formats
        if loss.zero[place - 1] > 0
    ]
    return f"{report.places.word} {place}: {number}" + (f"; {', '.join(lost)}" if lost else "")
