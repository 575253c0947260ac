"""The gradient of a recurrent network over the time lag, log10: one line per quantity, the straight fit dashed."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vgdesk.present.scale import whole_value_text
from vgdesk.present.scenes import LagScene, Tone
from vgdesk.present.spelling import magnitude_text
from vgdesk.ui.painting import TICK_PIXELS, draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import decade_chooser, power_of_ten, room_beyond, step_chooser
from vgdesk.ui.plots.bars import MARK_PIXELS
from vgdesk.ui.plots.note import note_lines
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState

AXIS_TITLE = "lag T − t (0 = the last time step)"
_TONES = (Tone.MEASURED, Tone.HELD_OUT, Tone.ALERT)
_SWATCH = 14.0


class LagPlot(Plot):
    """Shows a `LagScene`; the pointer reads the value at the nearest lag."""

    EMPTY = "The gradient over the time lag appears here while a recurrent network trains"

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(selection, themes, parent)
        self._scene: LagScene | None = None
        self._lag: int | None = None
        self.setAccessibleName("Gradient over the time lag")
        self.render(None)

    def render(self, scene: LagScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        self._scene = scene if scene is not None and scene.lags else None
        self.show_axes(self._scene is not None)
        if self._scene:
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene))
        self.setToolTip(self._scene.note if self._scene else "")
        self.viewport().update()

    def _arrange(self, scene: LagScene) -> None:
        last = max(1, scene.lags - 1)
        self.box.setRange(xRange=(0, last), yRange=scene.y_range, padding=0)
        self.left.show_ticks(decade_chooser(scene.y_ticks), max(map(power_of_ten, scene.y_ticks), key=len, default="1"))
        self.bottom.show_ticks(step_chooser(0, last))
        self._leave_footer_room()

    def is_empty(self) -> bool:
        """Says whether there is no line to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the scene's training step; which lag is read is the plot's own affair."""
        if self._scene is None or not self.plot_rect().contains(position):
            self._lag = None
            return None
        self._lag = max(0, min(round(self.from_pixels(position).x()), self._scene.lags - 1))
        self.viewport().update()
        return Reference(self._scene.experiment, step=self._scene.step)

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the next lag."""
        if self._scene is None:
            return None
        self._lag = max(0, min((self._lag or 0) + right, self._scene.lags - 1))
        self.viewport().update()
        return Reference(self._scene.experiment, step=self._scene.step)

    def paint_over(self, painter: QPainter) -> None:
        """Paints grid, lines, fit, titles, and the value at the lag that is read."""
        scene = self._scene
        if scene is None:
            return
        self.paint_levels(painter, scene.y_ticks)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_fit(painter, scene)
        painter.setClipRect(self.plot_rect().adjusted(-1, -1, 1, 1))
        for line, tone in zip(scene.lines, _TONES, strict=False):
            self._paint_line(painter, line.log10, self.theme.tone(tone))
        painter.restore()
        right = self.header_rect().adjusted(self._draw_key(painter, scene) + 16, 0, -4, 0)
        draw_text(painter, right, scene.subtitle, self.theme.dim, Qt.AlignmentFlag.AlignRight, TICK_PIXELS)
        self.draw_axis_title(painter, AXIS_TITLE)
        self._draw_note(painter)
        if self._lag is not None and self._lag < scene.lags:
            self._draw_value(painter, scene, self._lag)

    def resizeEvent(self, ev: object) -> None:
        """Gives the note as many lines as it needs."""
        super().resizeEvent(ev)
        if getattr(self, "_scene", None):
            self._leave_footer_room()

    def _leave_footer_room(self) -> None:
        last = str(max(1, self._scene.lags - 1)) if self._scene else ""
        self.leave_room(below=1 + len(self._note_lines()), right=max(8.0, room_beyond(last)))

    def _note_lines(self) -> list[str]:
        return note_lines(self._scene.note, self.header_rect().width(), self.height()) if self._scene else []

    def _draw_note(self, painter: QPainter) -> None:
        for line, text in enumerate(self._note_lines(), start=1):
            rect = self.header_rect()
            rect.moveTop(self.footer_rect(line).top())
            rect.setHeight(self.footer_rect(line).height())
            draw_text(painter, rect, text, self.theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)

    def _draw_key(self, painter: QPainter, scene: LagScene) -> float:
        """Draws a dash and the name of every line; returns the width of it all."""
        rect, width = self.header_rect(), 0.0
        for line, tone in zip(scene.lines, _TONES, strict=False):
            place = rect.adjusted(width, 0, 0, 0)
            y = round(place.center().y()) + 0.5
            painter.setPen(QPen(self.theme.tone(tone), 2))
            painter.drawLine(QLineF(place.left(), y, place.left() + _SWATCH, y))
            words = place.adjusted(_SWATCH + 6, 0, 0, 0)
            draw_text(painter, words, line.label, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
            width += _SWATCH + 6 + text_size(line.label)[0] + 12
        return width

    def _paint_fit(self, painter: QPainter, scene: LagScene) -> None:
        if scene.fit is None:
            return
        start, slope = scene.fit
        painter.save()
        painter.setClipRect(self.plot_rect())
        painter.setPen(QPen(QColor(self.theme.dim), 1, Qt.PenStyle.DashLine))
        last = scene.lags - 1
        painter.drawLine(QLineF(self.to_pixels(0, start), self.to_pixels(last, start + slope * last)))
        painter.restore()

    def _paint_line(self, painter: QPainter, log10: np.ndarray, colour: QColor) -> None:
        """Draws the finite stretches, and a ring at the foot for each exact zero."""
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lags = np.flatnonzero(np.isfinite(log10))
        for stretch in np.split(lags, np.flatnonzero(np.diff(lags) > 1) + 1):
            points = [self.to_pixels(float(lag), float(log10[lag])) for lag in stretch]
            painter.drawPolyline(QPolygonF(points))
            if len(points) == 1:
                painter.drawEllipse(points[0], 2.5, 2.5)
        foot = self.plot_rect().bottom() - MARK_PIXELS - 3
        for lag in np.flatnonzero(log10 == -math.inf):
            painter.drawEllipse(QPointF(self.to_pixels(float(lag), 0.0).x(), foot), MARK_PIXELS, MARK_PIXELS)

    def _draw_value(self, painter: QPainter, scene: LagScene, lag: int) -> None:
        value = float(scene.lines[0].log10[lag])
        point = self.to_pixels(lag, value if math.isfinite(value) else scene.y_range[0])
        draw_tag(painter, self.theme, point, f"lag {lag}: {whole_value_text(value, 'log10')}", self.plot_rect(), gap=10)


def _description(scene: LagScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None:
        return LagPlot.EMPTY
    first, last = (magnitude_text(float(scene.lines[0].log10[lag])) for lag in (0, -1))
    return f"{scene.lines[0].label} from {first} at lag 0 to {last} at lag {scene.lags - 1}; {scene.note or 'no fit'}."
