"""The ledger as a waterfall: a bar per factor from the running product before it to the one after it, log10.

A bar, its row in the ledger and its connection in the diagram light up together. A product that has become exactly 0
is a hollow ring at the foot.
"""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.scenes import WaterfallBar, WaterfallScene
from vgdesk.ui.painting import draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import Chooser, Tick, decade_chooser, layer_chooser, power_of_ten
from vgdesk.ui.plots.bars import MARK_PIXELS
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

AXIS_TITLE = "factor, from the loss (left) to the parameter"
_HALF_WIDTH = 0.36
_LABEL_GAP = 8.0


class WaterfallPlot(Plot):
    """Shows a `WaterfallScene`; pointing at a bar lights up its factor everywhere."""

    EMPTY = "This gradient has no factors to draw"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: WaterfallScene | None = None
        self.setAccessibleName("Running product of the gradient's factors")
        self.render(None)

    def render(self, scene: WaterfallScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        self._scene = scene if scene is not None and scene.bars else None
        self.show_axes(self._scene is not None)
        if self._scene:
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene))
        self.viewport().update()

    def is_empty(self) -> bool:
        """Says whether there is no bar to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the factor in whose column the position lies."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        return self._reference(round(self.from_pixels(position).x()) - 1)

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the next factor towards the parameter, or the one before it."""
        if self._scene is None:
            return None
        lit = self._lit()
        return self._reference(0 if lit is None else lit + right)

    def where(self, factor: str) -> QRectF:
        """Returns where a factor's bar is drawn, in widget pixels; an empty rectangle where it has none."""
        bars = self._scene.bars if self._scene else ()
        return next((self._bar_rect(at, bar) for at, bar in enumerate(bars, 1) if bar.factor == factor), QRectF())

    def paint_over(self, painter: QPainter) -> None:
        """Paints grid, bars, connecting lines, titles, and the words of the lit bar."""
        scene = self._scene
        if scene is None:
            return
        lit = self._lit()
        self._paint_grid(painter, scene)
        for position, bar in enumerate(scene.bars, start=1):
            self._paint_bar(painter, position, bar, position - 1 == lit)
        draw_text(painter, self.header_rect(), scene.subtitle, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        self.draw_axis_title(painter, AXIS_TITLE)
        if lit is not None:
            rect = self._bar_rect(lit + 1, scene.bars[lit])
            middle = QPointF(rect.center().x(), rect.top())
            draw_tag(painter, self.theme, middle, scene.bars[lit].text, self.plot_rect(), gap=6)

    def _arrange(self, scene: WaterfallScene) -> None:
        self.box.setRange(xRange=(0.4, len(scene.bars) + 0.6), yRange=scene.y_range, padding=0)
        widest = max(map(power_of_ten, scene.y_ticks), key=len, default="1")
        self.left.show_ticks(decade_chooser(scene.y_ticks), widest)
        self.bottom.show_ticks(_label_chooser(scene))

    def _reference(self, index: int) -> Reference | None:
        if self._scene is None:
            return None
        bar = self._scene.bars[max(0, min(index, len(self._scene.bars) - 1))]
        return Reference(self._scene.experiment, bar.place, bar.factor, telling=self._scene.telling)

    def _lit(self) -> int | None:
        """Returns the index of the bar whose factor is lit, by its name or by the place of what is pointed at."""
        current, scene = self._selection.current, self._scene
        if scene is None or current is None or current.experiment != scene.experiment:
            return None
        name = current.names_factor(scene.telling)
        bars = enumerate(scene.bars)
        return next((at for at, bar in bars if (bar.factor == name if name else bar.place == current.place)), None)

    def _bar_rect(self, position: int, bar: WaterfallBar) -> QRectF:
        assert self._scene is not None
        end = self._scene.y_range[0] if bar.end is None else bar.end
        corners = self.to_pixels(position - _HALF_WIDTH, bar.start), self.to_pixels(position + _HALF_WIDTH, end)
        return QRectF(*corners).normalized()

    def _paint_grid(self, painter: QPainter, scene: WaterfallScene) -> None:
        plot = self.plot_rect()
        for tick in scene.y_ticks:
            painter.setPen(QPen(QColor(self.theme.dim if tick == 0 else self.theme.grid), 1))
            y = round(self.to_pixels(0, tick).y()) + 0.5
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))

    def _paint_bar(self, painter: QPainter, position: int, bar: WaterfallBar, is_lit: bool) -> None:
        colour, rect = self.theme.tone(bar.tone), self._bar_rect(position, bar)
        # A factor of 1 changes nothing and still has to be seen.
        painter.fillRect(rect if rect.height() >= 2 else rect.adjusted(0, -1, 0, 1), colour)
        y = self.to_pixels(position, self._foot(bar)).y()
        painter.setPen(QPen(QColor(self.theme.dim), 1))
        painter.drawLine(
            QLineF(rect.left(), y, min(self.to_pixels(position + 1 + _HALF_WIDTH, 0).x(), self.plot_rect().right()), y)
        )
        if bar.end is None:
            painter.setPen(QPen(colour, 1.4))
            painter.setBrush(QColor(self.theme.panel))
            painter.drawEllipse(QPointF(rect.center().x(), rect.bottom() - MARK_PIXELS), MARK_PIXELS, MARK_PIXELS)
        if is_lit:
            painter.setPen(QPen(QColor(self.theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(-2, -2, 2, 2))

    def _foot(self, bar: WaterfallBar) -> float:
        assert self._scene is not None
        return self._scene.y_range[0] if bar.end is None else bar.end


def _label_chooser(scene: WaterfallScene) -> Chooser:
    """Returns a chooser that names every factor where the names fit side by side, and numbers them elsewhere."""
    count = len(scene.bars)
    widest = max(text_size(bar.label)[0] for bar in scene.bars) + _LABEL_GAP
    numbers = layer_chooser(count, 28.0)

    def choose(pixels: float) -> list[Tick]:
        if count * widest <= pixels:
            return [(float(position), bar.label) for position, bar in enumerate(scene.bars, start=1)]
        return list(numbers(pixels))

    return choose


def _description(scene: WaterfallScene | None) -> str:
    """Returns every bar in words, for screen readers."""
    if scene is None:
        return WaterfallPlot.EMPTY
    return "; ".join([scene.subtitle, *(bar.text for bar in scene.bars)])
