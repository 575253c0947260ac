"""Painted equations are crisp: bars and the seams of tall brackets lie on device pixels at any scale."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from vgdesk.export.typesetting import Typesetter
from vgdesk.ui.equations.painter import paint_equation
from vgdesk.ui.equations.svg_reader import Equation, read_equation

WHITE, INK = 255, 0
SCALES = [1.0, 1.25, 1.5, 2.0, 3.0]


def typeset(source: str) -> Equation:
    return read_equation(Typesetter(17).svg([source])[0])


def painted(equation: Equation, scale: float, shift: float) -> QImage:
    """Paints in black on white with the given device pixel ratio, moved by a fraction of a pixel as layouts do."""
    image = QImage(
        round((equation.width + 2) * scale), round((equation.height + 2) * scale), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.translate(shift, shift)
    paint_equation(painter, equation, lambda _: QColor("black"))
    painter.end()
    return image


def column(image: QImage, x: float, top: float, bottom: float) -> list[int]:
    scale = image.devicePixelRatio()
    return [image.pixelColor(round(x * scale), y).red() for y in range(round(top * scale), round(bottom * scale))]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("shift", [0.0, 0.3, 0.75])
def test_fraction_bar_has_no_grey_rows(scale: float, shift: float):
    equation = typeset("frac(a, b)")
    bar = equation.bars[0]
    shades = column(painted(equation, scale, shift), (bar.left + bar.right) / 2, bar.y - 2 + shift, bar.y + 2 + shift)
    assert all(min(shade - INK, WHITE - shade) <= 2 for shade in shades), "2 of 255 is the rounding of the rasteriser"
    assert min(shades) < 128 < max(shades)


@pytest.mark.parametrize("scale", SCALES)
def test_tall_bracket_has_no_seam(scale: float):
    equation = typeset("lr([frac(frac(frac(a, b), frac(a, b)), frac(frac(a, b), frac(a, b)))])")
    pieces = [glyph for glyph in equation.glyphs if glyph.band and glyph.bounds.left() < 10]
    assert len(pieces) > 1
    left = min(piece.bounds.left() for piece in pieces)
    top, bottom = min(p.bounds.top() for p in pieces), max(p.bounds.bottom() for p in pieces)
    shades = column(painted(equation, scale, 0.3), left + 0.3 + 0.5, top + 2, bottom - 2)
    assert max(shades) - min(shades) < 40, "a seam is a row much lighter or darker than the stem"


def test_each_ink_has_the_colour_it_is_given():
    equation = typeset('#text(fill: rgb("#000001"), $a$); b')
    image = QImage(60, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_equation(painter, equation, lambda ink: QColor("red" if ink == "#000001" else "blue"))
    painter.end()
    shades = {image.pixelColor(x, y).name() for x in range(60) for y in range(30)}
    assert {"#ff0000", "#0000ff"} <= shades
