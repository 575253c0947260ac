"""The tag of a value has its exact digits where there is room, and is whole without them where there is not."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from vgdesk.ui.painting import draw_tag, text_size
from vgdesk.ui.theme import LIGHT

SHORT = "layer 9: 4.698×10⁻⁸"
WHOLE = f"{SHORT} (4.69817662286625e-08)"


def tag(text: str, width: float) -> QImage:
    picture = QImage(400, 60, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_tag(painter, LIGHT, QPointF(width / 2, 50), text, QRectF(0, 0, width, 60))
    painter.end()
    return picture


def test_exact_digits_are_left_out_where_they_would_be_cut(qapp):
    narrow = text_size(WHOLE)[0] - 20
    assert tag(WHOLE, narrow) == tag(SHORT, narrow)


@pytest.mark.parametrize("text", [WHOLE, SHORT])
def test_a_tag_that_fits_is_drawn_as_it_is(qapp, text):
    assert tag(text, 390) != tag(f"{text}.", 390)
    assert tag(WHOLE, 390) != tag(SHORT, 390)
