"""The loss over the training steps: a thin raw line, the smoothed one over it, a marker at the lit step."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vgdesk.present.formula.numbers import whole_text
from vgdesk.present.scenes import LossScene
from vgdesk.ui.painting import TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import linear_chooser, room_beyond, step_chooser
from vgdesk.ui.plots.curves import CurvesItem
from vgdesk.ui.plots.note import note_lines
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

AXIS_TITLE = "training step"
_ROOM_FOR_DOT = 0.03
"""Share of the steps that stays free beside them where a loss is drawn as a dot."""
_ROOMY_PIXELS = 180
"""Height from which the picture can spare a line for the key."""


class LossPlot(Plot):
    """Shows a `LossScene`; pointing anywhere in the plot points at the nearest step."""

    EMPTY = "The loss appears here while the network trains"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: LossScene | None = None
        self._curves = CurvesItem()
        self.box.addItem(self._curves, ignoreBounds=True)
        self.setAccessibleName("Loss over the training steps")
        self.render(None)

    def render(self, scene: LossScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        self._scene = scene if scene is not None and scene.steps.size else None
        self.show_axes(self._scene is not None)
        area = _area(self._scene)
        self._curves.show_scene(self._scene, self.theme, area)
        if self._scene:
            self._arrange(area)
        self.setAccessibleDescription(_description(self._scene))
        self.setToolTip(_told(self._scene) if self._scene else "")
        self.paint_once()

    def _arrange(self, area: QRectF) -> None:
        low, high = area.top(), area.bottom()
        self.box.setRange(xRange=(area.left(), area.right()), yRange=(low, high), padding=0)
        choose = linear_chooser(low, high)
        self.left.show_ticks(choose, max((label for _, label in choose(400.0)), key=len, default=""))
        self.bottom.show_ticks(step_chooser(area.left(), area.right()))
        self._leave_room_for_words()

    def is_empty(self) -> bool:
        """Says whether there is no step to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the step nearest to the position."""
        if self._scene is None or not self.plot_rect().contains(position):
            return None
        return self._step_reference(_nearest(self._scene.steps, self.from_pixels(position).x()))

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the next shown step; the first key starts at the last one."""
        if self._scene is None:
            return None
        index, last = self._lit_index(), len(self._scene.steps) - 1
        return self._step_reference(last if index is None else max(0, min(index + right, last)))

    def _step_reference(self, index: int) -> Reference | None:
        return Reference(self._scene.experiment, step=int(self._scene.steps[index])) if self._scene else None

    def _lit_index(self) -> int | None:
        lit = self._selection.current
        if lit is None or lit.step is None or self._scene is None or lit.experiment != self._scene.experiment:
            return None
        return _nearest(self._scene.steps, lit.step)

    def paint_like(self, theme: Theme) -> None:
        """Takes the colours of a theme."""
        self._curves.theme = theme
        super().paint_like(theme)

    def resizeEvent(self, ev: object) -> None:
        """Gives key and note as many lines as they need."""
        super().resizeEvent(ev)
        if getattr(self, "_scene", None):
            self._leave_room_for_words()

    def paint_over(self, painter: QPainter) -> None:
        """Paints axis titles, the note, and the marker at the lit step."""
        if self._scene is None:
            return
        draw_text(painter, self.header_rect(), self._scene.y_label, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        key, align = self._key_rect(), Qt.AlignmentFlag.AlignRight
        if self._has_key_line():
            key, align = self.header_rect(1), Qt.AlignmentFlag.AlignLeft
        draw_text(painter, key, self._scene.subtitle, self.theme.dim, align, TICK_PIXELS)
        self.draw_axis_title(painter, AXIS_TITLE)
        for line, text in enumerate(self._note_lines(), start=1):
            rect = self.header_rect()
            rect.moveTop(self.footer_rect(line).top())
            rect.setHeight(self.footer_rect(line).height())
            draw_text(painter, rect, text, self.theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)
        index = self._lit_index()
        if index is not None:
            self._draw_marker(painter, self._scene, index)

    def _draw_marker(self, painter: QPainter, scene: LossScene, index: int) -> None:
        step, loss = int(scene.steps[index]), float(scene.raw[index])
        plot = self.plot_rect()
        is_number = math.isfinite(loss)
        point = self.to_pixels(step, loss if is_number else scene.y_range[0])
        x = round(point.x()) + 0.5
        painter.setPen(QPen(QColor(self.theme.dim), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        if is_number:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.panel), 2))
            painter.setBrush(QColor(self.theme.accent))
            painter.drawEllipse(point, 5, 5)
            painter.restore()
        text = f"step {step:,}: loss {whole_text(loss)}" if is_number else f"step {step:,}: the loss is not finite"
        draw_tag(painter, self.theme, point, text, plot, gap=10)

    def _key_rect(self) -> QRectF:
        """Returns where the key of the lines stands beside the name of the axis."""
        return self.header_rect().adjusted(text_size(self._scene.y_label if self._scene else "")[0] + 16, 0, -4, 0)

    def _has_key_line(self) -> bool:
        """Says whether the key needs a line of its own, and the panel is high enough to spare one."""
        words = self._scene.subtitle if self._scene else ""
        return text_size(words, TICK_PIXELS)[0] > self._key_rect().width() and self.height() >= _ROOMY_PIXELS

    def _leave_room_for_words(self) -> None:
        last = f"{self._scene.steps[-1]:,}" if self._scene else ""
        above = 2 if self._has_key_line() else 1
        self.leave_room(above=above, below=1 + len(self._note_lines()), right=max(8.0, room_beyond(last)))

    def _note_lines(self) -> list[str]:
        return note_lines(self._scene.note, self.header_rect().width(), self.height()) if self._scene else []


def _told(scene: LossScene) -> str:
    """Returns what may be cut in a small panel."""
    return "\n".join(filter(None, (scene.subtitle, scene.note)))


def _area(scene: LossScene | None) -> QRectF:
    """Returns the ranges of both axes; one step alone gets a range of one around it."""
    if scene is None:
        return QRectF()
    first, last = float(scene.steps[0]), float(scene.steps[-1])
    if first == last:
        first, last = first - 0.5, last + 0.5
    elif scene.alone.size:  # half of a dot on the edge would be cut
        room = _ROOM_FOR_DOT * (last - first)
        first, last = first - room, last + room
    low, high = scene.y_range
    return QRectF(first, low, last - first, high - low)


def _nearest(steps: np.ndarray, step: float) -> int:
    return int(np.argmin(np.abs(steps - step)))


def _description(scene: LossScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None:
        return LossPlot.EMPTY
    return f"Line of the {scene.y_label} from step {scene.steps[0]} to {scene.steps[-1]}; {scene.note or 'no note'}."
