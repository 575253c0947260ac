"""What all plots share: a view box between two axes, a header line, the focus ring, pointing by mouse and keys.

Everything that is not data (header, axis titles, value tag, focus ring) is painted over the scene in widget pixels, so
that it stays sharp and never moves with the axes. There is no zoom: a plot always shows its whole scene and cannot be
lost.
"""

from collections.abc import Iterable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QWidget

from vgdesk.ui.painting import draw_empty, draw_focus_ring, draw_text
from vgdesk.ui.plots.axes import LINE_PIXELS, TickAxis
from vgdesk.ui.pointing import Pointing
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

HEADER_PIXELS = 20.0
_EDGE = 8.0
"""Pixels between text and the border, where the focus ring is."""


# pyqtgraph calls the argument of its event handlers `ev`, Qt and `Pointing` call it `event`.
class Plot(Pointing, pg.GraphicsView):  # pyright: ignore[reportIncompatibleMethodOverride]
    """Is the frame of a plot; subclasses fill `box` and override `paint_over`."""

    EMPTY = "Nothing to show yet"
    """Sentence in place of the picture while there is no scene."""

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=themes.current.panel)
        self._themes = themes
        self._lines_below = 1
        self.left = TickAxis("left", themes.current)
        self.bottom = TickAxis("bottom", themes.current)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        self._build_layout()
        self.start_pointing(selection)
        self.viewport().setMouseTracking(True)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        selection.current_changed.connect(self.follow)
        themes.changed.connect(self.paint_like)

    def _build_layout(self) -> None:
        centre = pg.GraphicsWidget()
        self.grid = QGraphicsGridLayout()
        self.grid.setSpacing(0)
        self.grid.addItem(self.left, 0, 0)
        self.grid.addItem(self.box, 0, 1)
        self.grid.addItem(self.bottom, 1, 1)
        self.grid.setColumnStretchFactor(1, 1)
        self.grid.setRowStretchFactor(0, 1)
        centre.setLayout(self.grid)
        self.left.linkToView(self.box)
        self.bottom.linkToView(self.box)
        self.setCentralItem(centre)
        self.leave_room()

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._themes.current

    def leave_room(self, above: int = 1, below: int = 1, right: float = 8.0) -> None:
        """Keeps `above` header lines, `below` lines under the axis, and `right` pixels free of data."""
        self._lines_below = below
        self.grid.setContentsMargins(_EDGE, above * HEADER_PIXELS + 10, right, below * LINE_PIXELS + 4)

    def plot_rect(self) -> QRectF:
        """Returns where the data is drawn, in widget pixels."""
        return self.box.sceneBoundingRect()

    def to_pixels(self, x: float, y: float) -> QPointF:
        """Returns the widget position of a data point."""
        return self.box.mapViewToScene(QPointF(x, y))

    def transform_to_pixels(self) -> QTransform:
        """Returns what `to_pixels` does as one transform: of hundreds of points, the quicker way."""
        origin, unit = self.to_pixels(0.0, 0.0), self.to_pixels(1.0, 1.0)
        return QTransform(unit.x() - origin.x(), 0.0, 0.0, unit.y() - origin.y(), origin.x(), origin.y())

    def from_pixels(self, position: QPointF) -> QPointF:
        """Returns the data point at a widget position."""
        return self.box.mapSceneToView(position)

    def is_empty(self) -> bool:
        """Says whether there is no scene to draw."""
        raise NotImplementedError

    def paint_over(self, painter: QPainter) -> None:
        """Paints header, axis titles and value tag in widget pixels."""
        raise NotImplementedError

    def follow(self, reference: Reference | None) -> None:
        """Repaints because something else is lit."""
        self.viewport().update()

    def paint_like(self, theme: Theme) -> None:
        """Takes the colours of a theme."""
        self.setBackground(theme.panel)
        for axis in (self.left, self.bottom):
            axis.paint_like(theme)
        self.resetCachedContent()
        self.viewport().update()

    def paint_once(self) -> None:
        """Repaints; ranges and axes settle first, because what changes during a paint is painted a second time.

        The scene is asked, not the viewport: it gathers this with the changes of its items into a single paint.
        """
        scene: Any = self.scene()
        scene.prepareForPaint()
        scene.update()

    def show_axes(self, is_visible: bool) -> None:
        """Shows or hides the axes; an empty plot has none."""
        self.left.setVisible(is_visible)
        self.bottom.setVisible(is_visible)

    def header_rect(self, line: int = 0) -> QRectF:
        """Returns one line above the data, from the left edge of the widget."""
        return QRectF(_EDGE, 4 + line * HEADER_PIXELS, self.width() - 2 * _EDGE, HEADER_PIXELS)

    def footer_rect(self, line: int = 0) -> QRectF:
        """Returns one line below the tick labels, as wide as the data."""
        plot = self.plot_rect()
        top = self.height() - 4 - (self._lines_below - line) * LINE_PIXELS
        return QRectF(plot.left(), top, plot.width(), LINE_PIXELS)

    def paint_levels(self, painter: QPainter, ticks: Iterable[float]) -> None:
        """Paints the grid: a line across the data at each tick of the vertical axis, which is told in data units."""
        plot = self.plot_rect()
        painter.setPen(QPen(QColor(self.theme.grid), 1))
        for tick in ticks:
            y = round(self.to_pixels(0.0, tick).y()) + 0.5
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))

    def draw_axis_title(self, painter: QPainter, text: str) -> None:
        """Draws the name of the horizontal axis under its tick labels."""
        draw_text(painter, self.footer_rect(), text, self.theme.dim, Qt.AlignmentFlag.AlignHCenter)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paints over the scene, see `paint_over`."""
        painter.save()
        painter.resetTransform()
        bounds = QRectF(self.viewport().rect())
        if self.is_empty():
            draw_empty(painter, self.theme, bounds.adjusted(16, 16, -16, -16), self.EMPTY)
        else:
            self.paint_over(painter)
        if self.hasFocus():
            draw_focus_ring(painter, self.theme, bounds)
        painter.restore()

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Leaves the wheel to a scroll area around the plot."""
        ev.ignore()

    def close(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Closes like any widget: pyqtgraph's own `close` takes the scene apart and crashes when events still come."""
        return QWidget.close(self)

    def minimumSizeHint(self) -> QSize:
        """Says how small the plot is still readable."""
        return QSize(220, 150)

    def sizeHint(self) -> QSize:
        """Says how large the plot likes to be."""
        return QSize(440, 300)

    def _repaint_focus(self) -> None:
        self.viewport().update()
