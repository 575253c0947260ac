"""How deep a formula may be nested: what encloses a part counts, the length of a sum or product does not."""

import ast

import pytest
from hypothesis import assume, example, given, settings, strategies

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.depth import heights_of
from vgdesk.spec.formula.reading import read_formula

PARTS = ["abs({}+2)", "-{}", "{}**2", "2**{}", "max({}, 1, {})", "piecewise(({}, {} > 0), ({}, z > 1 > {}), {})"]


def filled(one: tuple[str, ...]) -> str:
    return one[0].format(*one[1:])


NESTED = strategies.recursive(
    strategies.sampled_from(["z", "2"]),
    lambda inner: strategies.tuples(strategies.sampled_from(PARTS), *[inner] * 5).map(filled),
    max_leaves=12,
)


def within(calls: int, text: str) -> str:
    return "abs(" * calls + text + ")" * calls


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
@pytest.mark.parametrize("term", ["{}*z", "0.5*tanh(z)", "sin({}*z)", "(-z)", "max(z, {})"])
def test_a_sum_or_product_is_read_at_every_length(sign, term):
    for length in range(40, 66):
        assert read_formula(sign.join(term.format(place) for place in range(1, length + 1)))


def test_parentheses_alone_do_not_count_up_to_the_two_hundred_that_python_reads():
    assert read_formula("(" * 200 + "z" + ")" * 200).tree == read_formula("z").tree
    with pytest.raises(FormulaError, match="within at most 200 parentheses"):
        read_formula("(" * 201 + "z" + ")" * 201)


def test_the_place_that_is_too_deep_is_named_and_not_where_the_sum_begins():
    with pytest.raises(FormulaError) as refusal:
        read_formula("z+" * 50 + within(60, "z"))
    assert 100 + 4 * 50 < refusal.value.position <= 100 + 4 * 60


@settings(max_examples=60)
@example("piecewise((z, z > 0), (z, z > 1), abs(z + 2))")
@example("piecewise((z, z > 0), (abs(z), z > 1), 2)")
@given(NESTED)
def test_a_part_may_be_enclosed_until_its_height_is_used_up(text):
    root = ast.parse(text, mode="eval").body
    room = 60 - heights_of(root)[id(root)]
    assume(room >= 0)
    read_formula(within(room, text))
    with pytest.raises(FormulaError, match="60 deep"):
        read_formula(within(room + 1, text))
