"""Indices in running text are set below, in rich text as in what is painted by hand."""

import pytest
from PySide6.QtGui import QFontMetricsF, QTextLayout

from vgdesk.ui.fonts import text_font
from vgdesk.ui.typeset import WORD_JOINER, rich, unbroken


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("σ_w = 1.2, σ_b = 0", "σ<sub>w</sub> = 1.2, σ<sub>b</sub> = 0"),
        ("whatever σ_w²", "whatever σ<sub>w</sub>²"),
        ("σ′(z_Awareness) in (0, 0.25]", "σ′(z<sub>Awareness</sub>) in (0, 0.25]"),
        ("‖∂h_T/∂h_t‖", "‖∂h<sub>T</sub>/\u2060∂h<sub>t</sub>‖"),
        ("χ₁ < 1\nand more", "χ₁ &lt; 1<br>and more"),
    ],
)
def test_the_index_of_a_letter_is_lowered(plain: str, typeset: str):
    assert rich(plain) == typeset


@pytest.mark.parametrize("name", ["batch_size", "sigma_w", "learning_rate 0.1"])
def test_a_word_with_an_underscore_stays_as_it_is(name: str):
    assert rich(name) == name


@pytest.mark.parametrize("quantity", ["|∂L/∂h|", "|∂L/∂z|²", "∂L/∂W"])
def test_no_line_ends_inside_a_quantity_however_narrow_the_room(qapp, quantity: str):
    text = unbroken(f"Each layer passes on a part of {quantity}, as theory says")
    for width in range(40, 300, 3):
        whole = [line for line in lines_of(text, width) if quantity in line.replace(WORD_JOINER, "")]
        assert len(whole) == 1


def test_what_keeps_a_quantity_together_takes_no_room(qapp):
    metrics = QFontMetricsF(text_font(13))
    assert metrics.horizontalAdvance(unbroken("|∂L/∂h|")) == metrics.horizontalAdvance("|∂L/∂h|")


def lines_of(text: str, width: float) -> list[str]:
    layout = QTextLayout(text, text_font(13))
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return lines
