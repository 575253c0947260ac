"""The picture of a formula of one's own: phi and phi' typeset, below them both as curves over z."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.own_picture import OwnPicture
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.examination import CURVE_REACH
from vgdesk.ui.equations.painter import paint_equation
from vgdesk.ui.equations.svg_reader import Equation
from vgdesk.ui.equations.typeset_thread import TypesetThread
from vgdesk.ui.painting import TICK_PIXELS, draw_text, text_size
from vgdesk.ui.theme import Theme, ThemeState

_GAP, _AXIS, _FOOT, _KEY = 8.0, 34.0, 18.0, 58.0
_NOTE = 18.0
_NAMES = ("φ(z)", "φ′(z)")
_HEIGHT = 230


class OwnFormulaView(QWidget):
    """Draws an `OwnPicture`; it takes no keyboard, because the words beside it say the same."""

    def __init__(self, themes: ThemeState) -> None:
        super().__init__()
        self._themes = themes
        self._picture: OwnPicture | None = None
        self._equations: list[Equation] = []
        self._typesetting = TypesetThread()
        self._typesetting.finished.connect(self._show_typeset)
        # The thread object is no child, because it must outlive the view by the rest of one sheet.
        typesetting = self._typesetting
        self.destroyed.connect(lambda: typesetting.stop())
        themes.changed.connect(self.update)
        self.setMinimumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Picture of your formula and its derivative")

    @property
    def is_typeset(self) -> bool:
        """Whether the formula on show stands there in its own letters."""
        return bool(self._equations)

    def render(self, picture: OwnPicture | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a picture; None takes it away."""
        self._picture, self._equations = picture, []
        if picture is not None:
            lines = [line.text for line in picture.sheet.steps[0].lines]
            self.setAccessibleDescription("; ".join(filter(None, [*lines, picture.note])))
            self._typesetting.request(picture.sheet)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._themes.current
        if self._picture is not None:
            top = self._paint_equations(painter, theme)
            left = max(_AXIS, 8 + max(text_size(_number(y), TICK_PIXELS)[0] for y in self._picture.y_ticks))
            if self._picture.note:
                line = QRectF(left, top - _GAP, self.width() - left - _GAP, _NOTE)
                draw_text(painter, line, self._picture.note, theme.dim, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)
                top += _NOTE - _GAP
            room = QRectF(left, top, self.width() - left - _KEY, self.height() - top - _FOOT)
            if room.height() > 40:
                self._paint_axes(painter, theme, room, self._picture)
                self._paint_curves(painter, theme, room, self._picture)
        painter.end()

    def _show_typeset(self, sheet: EquationSheet, equations: Mapping[str, Equation]) -> None:
        if self._picture is not None and sheet is self._picture.sheet:
            lines = sheet.steps[0].lines
            self._equations = [equations[line.typst] for line in lines if line.typst in equations]
            self.update()

    def _paint_equations(self, painter: QPainter, theme: Theme) -> float:
        """Paints the formulas below each other, shrunk to the width; returns where they end."""
        y = _GAP
        for equation in self._equations:
            scale = min(1.0, (self.width() - 2 * _GAP) / max(equation.width, 1.0))
            painter.save()
            painter.translate(_GAP, y)
            painter.scale(scale, scale)
            paint_equation(painter, equation, lambda _: QColor(theme.text))
            painter.restore()
            y += equation.height * scale + _GAP
        return y + _GAP

    def _paint_axes(self, painter: QPainter, theme: Theme, room: QRectF, picture: OwnPicture) -> None:
        align = Qt.AlignmentFlag
        for tick in picture.y_ticks:
            y = round(self._at(room, picture, 0.0, tick).y()) + 0.5
            painter.setPen(QPen(QColor(theme.dim if tick == 0 else theme.grid), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            cell = QRectF(0, y - 8, room.left() - 5, 16)
            draw_text(painter, cell, _number(tick), theme.dim, align.AlignRight, TICK_PIXELS)
        for z in (-4, -2, 0, 2, 4):
            x = round(self._at(room, picture, z, 0.0).x()) + 0.5
            painter.setPen(QPen(QColor(theme.dim if z == 0 else theme.grid), 1))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            cell = QRectF(x - 20, room.bottom() + 1, 40, 16)
            draw_text(painter, cell, f"{z}".replace("-", "−"), theme.dim, align.AlignHCenter, TICK_PIXELS)

    def _paint_curves(self, painter: QPainter, theme: Theme, room: QRectF, picture: OwnPicture) -> None:
        """Paints phi as a line and phi' dashed: colour alone tells nothing. A jump leaves a gap."""
        pens = (QPen(QColor(theme.measured), 2), QPen(QColor(theme.alert), 2, Qt.PenStyle.DashLine))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, pen in enumerate(pens, start=1):
            painter.setPen(pen)
            painter.save()
            painter.setClipRect(room)
            for piece in _pieces(picture, number):
                painter.drawPolyline(QPolygonF([self._at(room, picture, z, y) for z, y in piece]))
            painter.restore()
            y = room.top() + 16 * number
            painter.drawLine(QPointF(room.right() + 6, y), QPointF(room.right() + 22, y))
            cell = QRectF(room.right() + 25, y - 8, _KEY - 25, 16)
            draw_text(painter, cell, _NAMES[number - 1], theme.text, Qt.AlignmentFlag.AlignLeft, TICK_PIXELS)

    @staticmethod
    def _at(room: QRectF, picture: OwnPicture, z: float, y: float) -> QPointF:
        low, high = picture.y_range
        across = (z + CURVE_REACH) / (2 * CURVE_REACH)
        return QPointF(room.left() + across * room.width(), room.bottom() - (y - low) / (high - low) * room.height())


def _number(value: float) -> str:
    """Returns the words of a tick."""
    return number_text(value, 4)


def _pieces(picture: OwnPicture, column: int) -> Iterator[list[tuple[float, float]]]:
    """Yields the points of a curve between its kinks, without those that are not finite or far outside."""
    low, high = picture.y_range
    far = 10 * (high - low)

    def part(row: tuple[float, float, float]) -> int:
        is_seen = low - far <= row[column] <= high + far
        return sum(row[0] > kink for kink in picture.kinks) if is_seen else -1

    for place, rows in groupby(picture.curve, part):
        if place >= 0:
            yield [(row[0], row[column]) for row in rows]
