"""Laws of the printers: parentheses keep the meaning, and nothing a user names can become a command."""

import re
from fractions import Fraction as Exact

import pytest
from hypothesis import assume, given, settings

from tests.formulas import arithmetic, formulas, names, nasty_names
from tests.reading import latex_value, text_value
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.formula import inked_typst, to_latex, to_text, to_typst
from vgdesk.present.formula.grouping import core, grouped
from vgdesk.present.formula.notation import GREEK
from vgdesk.records.formula import (
    Formula,
    Fraction,
    Ink,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    Text,
)

TYPESETTER = Typesetter(12)


def value(formula: Formula) -> Exact:
    """Returns the value of a formula of numbers, exactly."""
    match core(formula):
        case Number(number):
            return Exact(repr(number))
        case Negative(body):
            return -value(body)
        case Sum(terms):
            return sum(map(value, terms), Exact(0))
        case Product(factors):
            result = Exact(1)
            for factor in factors:
                result *= value(factor)
            return result
        case Fraction(numerator, denominator):
            return value(numerator) / value(denominator)
        case Power(base, Number(exponent)):
            return value(base) ** int(exponent)
        case other:
            raise TypeError(other)


@given(arithmetic())
def test_text_read_by_the_rules_of_arithmetic_has_the_value_of_the_tree(formula: Formula):
    try:
        expected = value(formula)
    except ZeroDivisionError:
        assume(False)
    assert text_value(to_text(formula)) == expected


@given(arithmetic())
def test_latex_read_by_the_rules_of_arithmetic_has_the_value_of_the_tree(formula: Formula):
    try:
        expected = value(formula)
    except ZeroDivisionError:
        assume(False)
    assert latex_value(to_latex(formula)) == expected


@given(formulas())
def test_grouping_twice_adds_nothing(formula: Formula):
    # Compared as text, because NaN differs from itself.
    assert repr(grouped(grouped(formula))) == repr(grouped(formula))


@settings(deadline=None)
@given(formulas())
def test_typst_accepts_any_formula_with_any_names(formula: Formula):
    source, inks = inked_typst(formula)
    assert len(TYPESETTER.svg([source])) == 1
    assert len(set(inks)) == len(inks)


@settings(deadline=None)
@given(names | nasty_names)
def test_name_is_typeset_wherever_it_stands(name: str):
    places = [
        Symbol(name),
        Symbol("w", name),
        Symbol("w", superscript=name),
        Symbol(name, "1", "2", 1, True),
        Text(name),
    ]
    assert len(TYPESETTER.svg([to_typst(place) for place in places])) == len(places)


def test_every_greek_letter_is_known_to_typst():
    assert len(TYPESETTER.svg([to_typst(Symbol(letter)) for letter in (*GREEK, *GREEK.values())])) == 2 * len(GREEK)


@given(formulas())
def test_latex_has_balanced_braces_and_no_command_of_the_users(formula: Formula):
    latex = re.sub(r"\\[{}]", "", to_latex(formula))
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


@given(names | nasty_names)
def test_special_characters_of_a_name_are_escaped(name: str):
    inside = to_latex(Text(name)).removeprefix(r"\text{").removesuffix("}")
    plain = re.sub(r"\\text[a-z]+\{\}|\\[#$%&_{}]|\$\\times\$", "", inside)
    assert not set(plain) & set("\\#$%&_{}^~")


@given(formulas())
def test_inks_follow_the_order_of_the_tree(formula: Formula):
    assert [factor for _, factor in inked_typst(formula)[1]] == re.findall(r"Ink\(factor='(d\d)'", repr(formula))


@pytest.mark.parametrize("wrap", [lambda f: f, lambda f: Ink("d1", f)])
def test_parentheses_of_a_factor_stand_inside_its_ink(wrap):
    assert to_text(Product((Symbol("a"), wrap(Number(-2))))) == "a · (−2)"
    assert to_text(Power(wrap(Fraction(Symbol("a"), Symbol("b"))), Number(2))) == "(a/b)²"
