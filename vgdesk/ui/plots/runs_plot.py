"""Compared runs on common axes: gradients place by place, or losses step by step, one line per run."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from vgdesk.present.comparison import RunLine, RunsScene
from vgdesk.present.formula.numbers import hover_text
from vgdesk.ui.painting import draw_tag, draw_text, text_size
from vgdesk.ui.plots.axes import LINE_PIXELS, place_chooser, room_beyond, step_chooser, tick_chooser, tick_label
from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.plots.run_legend import NO_LEGEND, fitted_legend, paint_legend
from vgdesk.ui.plots.run_lines import (
    LETTER_PIXELS,
    paint_letters,
    paint_line,
    paint_marker,
    paint_marks,
)
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState


class RunsPlot(Plot):
    """Shows a `RunsScene`; left and right walk along a line, up and down to the next run's."""

    EMPTY = "Keep a run (B) and it stands here; keep another one and they share these axes"

    def __init__(
        self,
        selection: Selection,
        themes: ThemeState,
        name: str,
        has_legend: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(selection, themes, parent)
        self._scene: RunsScene | None = None
        self._has_legend = has_legend
        self._legend, self._beyond = NO_LEGEND, LETTER_PIXELS
        self._at: tuple[int, int] | None = None
        """Line and point that are read."""
        self.setAccessibleName(name)
        self.render(None)

    def render(self, scene: RunsScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty plot for None."""
        if scene is not self._scene:
            self._at = None
        self._scene = scene if scene is not None and scene.lines else None
        self.show_axes(self._scene is not None)
        if self._scene:
            self._arrange(self._scene)
        self.setAccessibleDescription(_description(self._scene, self.EMPTY))
        self.viewport().update()

    def _arrange(self, scene: RunsScene) -> None:
        self.box.setRange(xRange=scene.x_range, yRange=scene.y_range, padding=0)
        labels = [tick_label(tick, scene.scale) for tick in scene.y_ticks]
        self.left.show_ticks(tick_chooser(scene.y_ticks, scene.scale), max(labels, key=len, default="1"))
        first, last = scene.x_range
        if scene.places is None:
            self.bottom.show_ticks(step_chooser(first, last))
        else:
            self.bottom.show_ticks(place_chooser(scene.places, math.floor(last), 1.6 * LINE_PIXELS))
        beyond = room_beyond(f"{last:,.0f}") if scene.places is None else 0.0
        self._beyond = max(LETTER_PIXELS + 6, beyond)
        self._fit_legend(scene)

    def _fit_legend(self, scene: RunsScene) -> None:
        """Gives the legend the form that the panel has room for; what has none is told by the tooltip."""
        names = [line.name for line in scene.lines] if self._has_legend else []
        self._legend = fitted_legend([text_size(name)[0] for name in names], self.header_rect().width(), self.height())
        self.setToolTip("" if self._legend.is_whole else "\n".join(names))
        self.leave_room(above=1 + self._legend.rows, right=self._beyond)

    def resizeEvent(self, ev: object) -> None:
        """Fits the legend into the new size."""
        super().resizeEvent(ev)
        scene: RunsScene | None = getattr(self, "_scene", None)  # Qt resizes it before it is made
        if scene is not None:
            self._fit_legend(scene)

    def is_empty(self) -> bool:
        """Says whether there is no line to draw."""
        return self._scene is None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Reads the point nearest to the position; compared runs are not those of other panels, so nothing is lit."""
        at = self._nearest(position) if self._scene and self.plot_rect().contains(position) else None
        if at != self._at:
            self._at = at
            self.viewport().update()
        return None

    def pin_at(self, position: QPointF) -> None:
        """Reads the point; what other panels have pinned stays."""
        self.reference_at(position)

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the neighbouring point, or the same place of the next run."""
        if self._scene is None:
            return None
        lines = self._scene.lines
        number, point = self._at or (0, 0)
        x = float(lines[number].x[point])
        if self._at is not None:
            number = (number - up) % len(lines)
        line = lines[number]
        start = int(np.argmin(np.abs(line.x - x)))
        self._at = number, max(0, min(start + right, len(line.x) - 1))
        self.setAccessibleDescription(_reading(line, self._at[1], self._scene))
        self.viewport().update()
        return None

    def _nearest(self, position: QPointF) -> tuple[int, int] | None:
        """Returns line and point nearest to a position: each line's nearest in x, of these the nearest in y."""
        x = self.from_pixels(position).x()
        found: list[tuple[float, int, int]] = []
        for number, line in enumerate(self._scene.lines if self._scene else ()):
            point = int(np.argmin(np.abs(line.x - x)))
            value = self._to_point(line, point)
            found.append((abs(value.y() - position.y()), number, point))
        return min(found)[1:] if found else None

    def _to_point(self, line: RunLine, point: int) -> QPointF:
        value = float(line.y[point])
        foot = self._scene.y_range[0] if self._scene else 0.0
        return self.to_pixels(float(line.x[point]), value if math.isfinite(value) else foot)

    def paint_over(self, painter: QPainter) -> None:
        """Paints grid, lines, letters, legend, titles, and the value of the point that is read."""
        scene = self._scene
        if scene is None:
            return
        plot = self.plot_rect()
        self.paint_levels(painter, scene.y_ticks)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter, scene, plot)
        if self._has_legend:
            paint_legend(painter, scene.lines, self._legend, self.header_rect, self.theme)
        painter.restore()
        draw_text(painter, self.header_rect(), scene.y_label, self.theme.dim, Qt.AlignmentFlag.AlignLeft)
        self.draw_axis_title(painter, scene.x_label)
        self._paint_reading(painter, scene, plot)

    def _paint_lines(self, painter: QPainter, scene: RunsScene, plot: QRectF) -> None:
        ends: list[tuple[float, RunLine]] = []
        painter.save()
        painter.setClipRect(plot.adjusted(-4, -4, 4, 4))
        for line in scene.lines:
            paint_line(painter, line, self.to_pixels, self.theme, scene.places is not None)
            paint_marks(painter, line, self.to_pixels, plot, self.theme)
            ends.append((max(plot.top() + 6, min(self._end_height(line, plot), plot.bottom() - 6)), line))
        painter.restore()
        paint_letters(painter, ends, plot, self.theme)

    def _end_height(self, line: RunLine, plot: QRectF) -> float:
        finite = np.flatnonzero(np.isfinite(line.y))
        return self._to_point(line, int(finite[-1])).y() if finite.size else plot.bottom()

    def _paint_reading(self, painter: QPainter, scene: RunsScene, plot: QRectF) -> None:
        if self._at is None:
            return
        line, point = scene.lines[self._at[0]], self._at[1]
        at = self._to_point(line, point)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_marker(painter, line.look, at, self.theme)
        painter.restore()
        draw_tag(painter, self.theme, at, _reading(line, point, scene), plot, gap=10)


def _reading(line: RunLine, point: int, scene: RunsScene) -> str:
    """Returns the value of a point in words."""
    value = float(line.y[point])
    if scene.places is None:
        words = hover_text(value) if math.isfinite(value) else "not finite"
        return f"{line.name[0]}, step {line.x[point]:,.0f}: {words}"
    return f"{line.name[0]}, {line.texts[point]}"


def _description(scene: RunsScene | None, empty: str) -> str:
    """Returns what is shown in a few sentences, for screen readers."""
    if scene is None:
        return empty
    ends = ((line, _reading(line, 0, scene), _reading(line, len(line.x) - 1, scene)) for line in scene.lines)
    told = [f"{line.name}: from {first} to {last}" for line, first, last in ends]
    return f"{scene.y_label}, {scene.subtitle}. {'; '.join(told)}. {scene.note}".strip()
