"""Formulas in words: everything is said, in order, and no sign that a voice would swallow is left."""

import re

import pytest
from hypothesis import given

from tests.derivations import deep_derivation, insurance_derivation
from tests.formulas import EXAMPLES, arithmetic, formulas
from vgdesk.present.derivation_tree import Branch, derivation_tree, sheet_spoken
from vgdesk.present.derivation_views import matrix_sheet
from vgdesk.present.formula import to_spoken
from vgdesk.present.sheet import equation_sheet
from vgdesk.records.formula import (
    Formula,
    Fraction,
    Ink,
    Matrix,
    Negative,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Under,
)
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import matrices

A, B = Symbol("a"), Symbol("b")
SIGNS = r"[∂·×÷⊙−′∏√≤≥≈‖+*/^=<>]"


def test_chain_rule_is_said_as_in_class():
    said = "the partial of L by w 1 equals the partial of L by Awareness times the partial of Awareness by w 1"
    assert to_spoken(EXAMPLES["chain rule"]) == said


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (Number(-0.476), "minus 0.476"),
        (Number(1.44e-14), "1.44 times 10 to the minus 14"),
        (Number(float("inf")), "infinity"),
        (Number(float("nan")), "not a number"),
        (Sum((A, Negative(B))), "a minus b"),
        (Fraction(Sum((A, B)), B), "open parenthesis a plus b close parenthesis over b"),
        (Power(Sum((A, B)), Number(2.0)), "open parenthesis a plus b close parenthesis squared"),
        (Power(Symbol("W", bold=True), Symbol("top")), "W transposed"),
        (Symbol("h", "1", "k-1"), "h 1 super k minus 1"),
        (Symbol("σ", prime=1), "sigma prime"),
        (Matrix(((A,), (B,))), "the column a, b; end of column"),
        (Matrix(((A, B),)), "the row a, b; end of row"),
        (Matrix(((A,),)), "the matrix of 1 by 1: a; end of matrix"),
        (Relation((A, Under(B, Text("2×1")))), "a equals b, 2 by 1"),
        (Relation((A, Number(2.0)), "arrow"), "a becomes 2"),
        (Product((A, Ink("d1", Number(-2.0)))), "a times minus 2"),
    ],
)
def test_words_of(formula: Formula, said: str):
    assert to_spoken(formula) == said


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"nasty names"}))
def test_no_sign_is_left_in(name: str):
    assert not re.search(SIGNS, to_spoken(EXAMPLES[name]))


@given(arithmetic())
def test_no_sign_of_arithmetic_is_left_for_the_voice_to_swallow(formula: Formula):
    assert not re.search(SIGNS, to_spoken(formula))


@given(formulas())
def test_the_ink_of_a_factor_changes_no_word(formula: Formula):
    assert to_spoken(Ink("d1", formula)) == to_spoken(formula)


def leaves(branch: Branch) -> list[Branch]:
    return [branch, *(leaf for child in branch.children for leaf in leaves(child))]


def test_tree_has_every_step_line_and_factor_of_the_sheet():
    sheet = equation_sheet(insurance_derivation())
    tree = derivation_tree(sheet)
    assert [branch.text for branch in tree] == [f"{step.number}. {step.title}" for step in sheet.steps]
    for branch, step in zip(tree, sheet.steps, strict=True):
        assert [line.text for line in step.lines] == [child.text for child in branch.children[: len(step.lines)]]
    assert {leaf.factor for branch in tree for leaf in leaves(branch)} == {"", "d1", "d2"}


def test_a_factor_of_the_tree_knows_its_place():
    sheet = equation_sheet(deep_derivation(9))
    factors = [leaf for branch in derivation_tree(sheet) for leaf in leaves(branch) if leaf.factor]
    assert factors
    assert all(leaf.place == sheet.factor_place[leaf.factor] for leaf in factors)


def test_whole_sheet_is_said_in_sentences():
    said = sheet_spoken(equation_sheet(insurance_derivation())).splitlines()
    assert said[:3] == [
        "Will this person buy insurance?: the gradient of L by w 1.",
        "Step 1: Chain rule.",
        "the partial of L by w 1 equals the partial of L by Awareness times the partial of Awareness by w 1.",
    ]


def test_no_sentence_of_the_matrix_view_ends_in_two_stops_and_every_column_ends():
    said = sheet_spoken(matrix_sheet(matrices(example("mazur"), "w1")))
    assert not re.search(r"[,;]\s*[.;]|,\s*,", said)
    assert said.count("the column") == said.count("end of column") > 0
