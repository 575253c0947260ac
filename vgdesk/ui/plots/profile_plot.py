"""The gradient per layer, or another quantity per place, as bars; zero, NaN and infinity are marks of their own."""

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.profile import SYMBOLIC_LABEL
from vgdesk.present.scenes import Bar, Mark, ProfileScene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.painting import LABEL_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import place_chooser, room_beyond, tick_chooser, tick_label
from vgdesk.ui.plots.bars import DASH, MARK_PIXELS, THEORY_DASH, BarsItem
from vgdesk.ui.plots.note import note_lines
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState


class ProfilePlot(Plot):
    """Shows a `ProfileScene`; pointing anywhere in a bar's column points at its layer."""

    EMPTY = "The gradient per layer appears here with the first result"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: ProfileScene | None = None
        self._arranged_lines = 0
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
        elif scene and self._lines_above(scene) != self._arranged_lines:
            self._leave_header_room()
        self.setAccessibleDescription(_description(scene))
        self.viewport().update()

    def _arrange(self, scene: ProfileScene) -> None:
        low, high = scene.y_range
        count = max(1, len(scene.bars))
        self.box.setRange(xRange=(0.5, count + 0.5), yRange=(low, high), padding=0)
        labels = [tick_label(tick, scene.scale) for tick in scene.y_ticks]
        self.left.show_ticks(tick_chooser(scene.y_ticks, scene.scale), max(labels, key=len, default="1"))
        self.bottom.show_ticks(place_chooser(scene.places, count, text_size(str(count))[0] + 10))
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
        self.draw_axis_title(painter, self._scene.places.axis_title)
        lit = self._lit_layer()
        if lit:
            self._draw_value(painter, self._scene.bars[lit - 1])

    def _draw_legend(self, painter: QPainter, scene: ProfileScene) -> None:
        self._draw_theory_legend(painter, scene)
        if scene.guide is None:
            return
        rect = self.header_rect(1 if self._needs_two_lines(scene) else 0)
        width = text_size(scene.guide_label)[0]
        left = max(rect.left(), rect.right() - width - 28) if not self._needs_two_lines(scene) else rect.left()
        pen = QPen(QColor(self.theme.alert), 1)
        pen.setDashPattern(DASH)
        painter.setPen(pen)
        y = round(rect.center().y()) + 0.5
        painter.drawLine(QLineF(left, y, left + 22, y))
        text = QRectF(left + 28, rect.top(), rect.right() - left - 28, rect.height())
        draw_text(painter, text, scene.guide_label, self.theme.alert, Qt.AlignmentFlag.AlignLeft)

    def _draw_theory_legend(self, painter: QPainter, scene: ProfileScene) -> None:
        above = 2 if self._needs_two_lines(scene) else 1
        for number, words in enumerate(self._theory_lines(scene)):
            rect = self.header_rect(above + number).adjusted(_theory_key(scene), 0, 0, 0)
            draw_text(painter, rect, words, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        if scene.theory is None:
            return
        pen = QPen(QColor(self.theme.theory), 2)
        pen.setDashPattern(THEORY_DASH)
        painter.setPen(pen)
        rect = self.header_rect(above)
        y = round(rect.center().y()) + 0.5
        painter.drawLine(QLineF(rect.left(), y, rect.left() + 22, y))

    def _theory_lines(self, scene: ProfileScene) -> list[str]:
        """Returns the legend of the prediction in lines that fit: how sure it is stands last, and must not be cut."""
        room = self.header_rect().width() - _theory_key(scene)
        return note_lines(_theory_words(scene), room, self.height(), LABEL_PIXELS)

    def _draw_value(self, painter: QPainter, bar: Bar) -> None:
        low, high = self._scene.y_range if self._scene else (0.0, 1.0)
        height = high if bar.mark is Mark.INFINITE else low if bar.log10 is None else bar.log10
        anchor = self.to_pixels(bar.layer, min(max(height, low), high))
        if bar.mark in (Mark.ZERO, Mark.NAN):
            anchor -= QPointF(0, 2 * MARK_PIXELS + 3)
        draw_tag(painter, self.theme, anchor, bar.text, self.plot_rect())

    def _needs_two_lines(self, scene: ProfileScene) -> bool:
        needed = text_size(scene.y_label, LABEL_PIXELS)[0] + text_size(scene.guide_label)[0] + 52
        return scene.guide is not None and needed > self.header_rect().width()

    def _leave_header_room(self) -> None:
        last = room_beyond(str(_last(self._scene)))
        self._arranged_lines = self._lines_above(self._scene) if self._scene else 1
        self.leave_room(above=self._arranged_lines, right=max(8.0, last))

    def _lines_above(self, scene: ProfileScene) -> int:
        return 1 + self._needs_two_lines(scene) + len(self._theory_lines(scene))

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
    axis = scene.y_range, scene.y_ticks, len(scene.bars)
    return *axis, scene.guide_label, scene.y_label, scene.places, scene.scale


def _theory_key(scene: ProfileScene) -> int:
    """Returns how many pixels the dashed line takes that the words of a prediction explain."""
    return 28 if scene.theory else 0


def _theory_words(scene: ProfileScene) -> str:
    """Returns the legend of the prediction, or why there is none."""
    exact = f"◇\N{NO-BREAK SPACE}{SYMBOLIC_LABEL}" if scene.symbolic else ""
    theory = scene.theory.label if scene.theory else ""
    return " · ".join(filter(None, [theory, exact, scene.theory_note]))


def _last(scene: ProfileScene | None) -> int:
    return len(scene.bars) if scene else 0


def _description(scene: ProfileScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None or not scene.bars:
        return ProfilePlot.EMPTY
    told = _theory_words(scene)
    predicted = f" Over them a line: {told}." if scene.theory else f" {told}." if told else ""
    return f"Bars of the {scene.y_label} at step {scene.step}: {scene.bars[0].text}, {scene.bars[-1].text}.{predicted}"
