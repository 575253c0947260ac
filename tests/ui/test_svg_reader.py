"""The contract with Typst's SVG: what the reader counts on, and that it says so when something else comes."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF

from tests.formulas import EXAMPLES
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.formula import inked_typst, to_typst
from vgdesk.records.formula import Bracket, Fraction, Ink, Number, Product, Symbol
from vgdesk.ui.equations.svg_reader import Equation, SvgError, outline, read_equation

A, B = Symbol("a"), Symbol("b")
BLACK = "#000000"


def typeset(formula) -> Equation:
    return read_equation(Typesetter(17).svg([inked_typst(formula)[0]])[0])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kind_of_formula_is_read(name: str):
    equation = read_equation(Typesetter(17).svg([to_typst(EXAMPLES[name])])[0])
    assert equation.glyphs
    assert set(equation.boxes) == {BLACK}


@pytest.mark.parametrize("name", EXAMPLES)
def test_ink_fills_its_page_and_stays_on_it(name: str):
    # A space before or after a sign, the side bearing of an italic letter and the reach of a bracket are white.
    equation = read_equation(Typesetter(17).svg([to_typst(EXAMPLES[name])])[0])
    page, ink = QRectF(0, 0, equation.width, equation.height), equation.boxes[BLACK]
    assert page.adjusted(-2, -4, 2, 4).contains(ink)
    assert ink.width() > 0.8 * page.width()


def test_each_factor_is_grouped_by_its_ink():
    equation = typeset(Product((Ink("d1", A), Ink("d2", Fraction(A, B)), Ink("d1", Number(0.05)))))
    assert set(equation.boxes) == {"#000001", "#000002", "#000003", BLACK}
    assert sum(glyph.ink == "#000003" for glyph in equation.glyphs) == len("0.05")
    assert [bar.ink for bar in equation.bars] == ["#000002"]


def test_factors_stand_in_reading_order_without_overlap():
    boxes = typeset(Product((Ink("d1", A), Ink("d2", B), Ink("d3", Number(1.44e-14))))).boxes
    assert boxes["#000001"].right() < boxes["#000002"].left() < boxes["#000002"].right() < boxes["#000003"].left()


def test_fraction_bar_lies_between_numerator_and_denominator():
    equation = typeset(Fraction(A, B))
    above, below = sorted(equation.glyphs, key=lambda glyph: glyph.bounds.top())
    assert above.bounds.bottom() < equation.bars[0].y < below.bounds.top()


def test_tall_bracket_is_read_as_pieces_whose_bands_meet():
    tall = A
    for _ in range(5):
        tall = Fraction(tall, Fraction(A, B))
    pieces = [glyph for glyph in typeset(Bracket(tall)).glyphs if glyph.band]
    left = sorted((glyph for glyph in pieces if glyph.bounds.left() < 20), key=lambda glyph: glyph.bounds.top())
    assert len(left) >= 2
    assert all(a.band[1] == b.band[0] for a, b in pairwise(left))  # pyright: ignore


def test_outline_understands_absolute_and_relative_commands():
    assert outline("M1 1h2v3H1Z").boundingRect() == QRectF(1, 1, 2, 3)
    assert outline("m1 1 2 0 l0 3L1 4Z") == outline("M1 1h2v3H1Z")
    assert outline("M0 0C0 1 1 1 1 0").elementCount() == outline("m0 0c0 1 1 1 1 0").elementCount() == 4


@pytest.mark.parametrize(
    "inside",
    [
        "<rect/>",
        "<path fill='#000' d='M0 0A1 1 0 0 0 1 1'/>",
        "<path fill='#000' d='M0 0 1'/>",
        "<path stroke='#000' stroke-width='1' d='M0 0L1 1'/>",
        "<path d='M0 0L1 1'/>",
        "<g transform='rotate(3)'/>",
        "<use/>",
        "</svg>",
    ],
)
def test_anything_else_is_refused(inside: str):
    with pytest.raises(SvgError, match=r"not an equation as Typst 0\.15 writes it"):
        read_equation(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>{inside}</svg>")


def test_svg_without_a_size_is_refused():
    with pytest.raises(SvgError):
        read_equation("<svg xmlns='http://www.w3.org/2000/svg'/>")
