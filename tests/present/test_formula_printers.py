"""What the three printers write, for a reviewer to read."""

import pytest
from matplotlib.mathtext import MathTextParser
from syrupy.assertion import SnapshotAssertion

from tests.formulas import EXAMPLES
from vgdesk.present.formula import inked_typst, to_latex, to_text, to_typst
from vgdesk.present.formula.latex import to_aligned_latex
from vgdesk.present.formula.notation import TRANSPOSED
from vgdesk.records.formula import (
    Call,
    Ink,
    Number,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Under,
)

L, W1, AWARENESS = Symbol("L"), Symbol("w", "1"), Symbol("Awareness")
CHAIN = EXAMPLES["chain rule"]


def test_chain_rule_reads_as_in_the_textbook():
    assert to_text(CHAIN) == "∂L/∂w₁ = ∂L/∂Awareness · ∂Awareness/∂w₁"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_spelling_of(name: str, snapshot: SnapshotAssertion):
    formula = EXAMPLES[name]
    assert "\n".join((to_text(formula), to_latex(formula), to_typst(formula))) == snapshot


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"cases", "brace", "nasty names", "matrix", "table"}))
def test_latex_is_accepted_by_a_reader_of_latex(name: str):
    # Matplotlib's reader knows neither environments nor braces, but complains about a double superscript as TeX does.
    assert MathTextParser("path").parse(f"${to_latex(EXAMPLES[name])}$").width > 0


def test_prime_subscript_and_layer_number_are_no_double_superscript():
    assert to_latex(Symbol("h", "1", "l", prime=1)) == "h'^{(l)}_{1}"


def test_each_occurrence_of_a_factor_has_its_own_ink_in_order():
    row = Product((Ink("d1", Symbol("a")), Ink("d2", Symbol("b")), Ink("d1", Number(3))))
    source, inks = inked_typst(row)
    assert [factor for _, factor in inks] == ["d1", "d2", "d1"]
    assert len({ink for ink, _ in inks}) == 3
    assert all(f'#text(fill: rgb("{ink}")' in source for ink, _ in inks)


F_A = Partial(Symbol("f", "1"), Symbol("a", "f,1"))


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Power(F_A, Symbol(TRANSPOSED)), "(∂f₁/∂a_(f,1))ᵀ"),
        (Under(Power(F_A, Symbol(TRANSPOSED)), Text("1×2")), "(∂f₁/∂a_(f,1))ᵀ{1×2}"),
        (Under(Power(Symbol("W", "", "2"), Symbol(TRANSPOSED)), Text("2×1")), "(W⁽²⁾)ᵀ{2×1}"),
        (Power(Symbol("a", "f,1"), Number(2)), "(a_(f,1))²"),
        (Power(Call(Symbol("f"), (Symbol("a", "f,1"),)), Number(2)), "(f(a_(f,1)))²"),
        (Under(Power(Symbol("a"), Number(2)), Text("x")), "(a²){x}"),
        (Power(Product((Sum((Symbol("a", "f,1"), L)), Sum((L, W1)))), Number(2)), "((a_(f,1) + L) · (L + w₁))²"),
    ],
)
def test_a_line_of_text_has_the_parentheses_it_needs_and_none_twice(formula, text):
    assert to_text(formula) == text


def test_order_is_never_changed():
    assert to_text(Product((Symbol("b"), Symbol("a"), Number(2)))) == "b · a · 2"


def test_first_relation_sign_is_where_lines_align():
    assert to_aligned_latex(Relation((L, Number(1), Number(2)))) == "L &= 1 = 2"
    assert to_aligned_latex(Partial(L, W1)).startswith(r"&\quad ")


def test_word_stands_upright_and_letter_does_not():
    assert to_latex(AWARENESS) == r"\mathrm{Awareness}"
    assert to_latex(Symbol("w")) == "w"
    assert to_latex(Symbol("sigma")) == r"\sigma"
    assert to_latex(Symbol("relu")) == r"\mathrm{ReLU}"
