"""The key of the phase diagram shows its lines as they are drawn, and the axes name sigma with its index below."""

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from tests.present.test_phase_scene import scene
from vgdesk.ui.painting import draw_text
from vgdesk.ui.plots.phase_plot import PhasePlot, PhaseView
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.theme import DARK, LIGHT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sample_of_the_critical_line_has_the_colour_of_the_line(qtbot, theme):
    owner = QObject()
    desk = make_desk(owner, theme, None)
    plot = PhasePlot(desk.selection, desk.themes, desk.phases)
    qtbot.addWidget(plot)
    plot.resize(700, 400)
    plot.render(PhaseView(scene(depth=20)))
    picture, key = plot.grab().toImage(), plot.header_rect(1)
    place = plot.to_pixels(*scene().critical[0][30])
    assert darkest(picture, key.adjusted(4, 0, 24 - key.width(), 0)) == pytest.approx(darkest_at(picture, place), abs=8)
    assert lightest(picture, key.adjusted(0, 0, 24 - key.width(), 0)) > 240
    owner.setParent(plot)


def test_an_index_is_set_smaller_and_lower():
    colour, rect = LIGHT.text, QRectF(0, 0, 80, 20)
    below, plain = bottom_of("σ_w", rect, colour), bottom_of("σw", rect, colour)
    assert below > plain


def test_a_text_that_is_aligned_right_ends_at_the_right():
    picture = painted("χ at σ_w", QRectF(0, 0, 80, 20), DARK.text, Qt.AlignmentFlag.AlignRight)
    inked = [x for x in range(80) if any(picture.pixelColor(x, y).alpha() > 60 for y in range(20))]
    assert 74 <= max(inked) <= 79


def painted(text, rect, colour, align=Qt.AlignmentFlag.AlignLeft) -> QImage:
    picture = QImage(int(rect.width()), int(rect.height()), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_text(painter, rect, text, colour, align)
    painter.end()
    return picture


def bottom_of(text, rect, colour) -> int:
    picture = painted(text, rect, colour)
    return max(y for y in range(20) if any(picture.pixelColor(x, y).alpha() > 60 for x in range(80)))


def darkest(picture: QImage, rect: QRectF) -> float:
    return min(values(picture, rect))


def darkest_at(picture: QImage, place: QPointF) -> float:
    return darkest(picture, QRectF(place - QPointF(3, 3), place + QPointF(3, 3)))


def lightest(picture: QImage, rect: QRectF) -> float:
    return max(values(picture, rect))


def values(picture: QImage, rect: QRectF) -> list[float]:
    ratio, area = picture.devicePixelRatio(), rect.toRect()
    places = [(x, y) for x in range(area.left(), area.right() + 1) for y in range(area.top(), area.bottom() + 1)]
    return [picture.pixelColor(int(x * ratio), int(y * ratio)).lightnessF() * 255 for x, y in places]
