"""What formulas are read, what they mean, and what is refused with a sentence and a position."""

import math

import pytest
from hypothesis import given, settings, strategies

from vgdesk.errors import FormulaError, SpecError
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.formula.tree import Tree, arguments_of, size_of
from vgdesk.spec.formula.values import values
from vgdesk.spec.formula.writing import write


def at(text, z):
    return values(read_formula(text).tree, [z])[0]


def depth_of(tree: Tree) -> int:
    return 1 + max(map(depth_of, arguments_of(tree)), default=0)


@pytest.mark.parametrize(
    ("text", "z", "value"),
    [
        ("z*tanh(log(1+exp(z)))", 1.0, math.tanh(math.log(1 + math.e))),
        ("-z**2", 3.0, -9.0),
        ("2**-z", 3.0, 0.125),
        ("2**3**2", 0.0, 512.0),
        ("where(z > 0, z, a*z); a = 0.25", -2.0, -0.5),
        ("z if z >= 0 else -z", -2.0, 2.0),
        ("piecewise((z, z > 1), (0, z > -1), -z)", -3.0, 3.0),
        ("piecewise((z, z > 1), (0, z > -1), -z)", 0.5, 0.0),
        ("where(-1 < z <= 1, 7, 0)", -1.0, 0.0),
        ("where(z < -1 or z > 1, 7, 0)", -2.0, 7.0),
        ("max(1, z, 2, -z)", -5.0, 5.0),
        ("1e-320*z*.5 + 2. + 0e-400 + 0.0", 0.0, 2.0),
        ("arctan(z) + ln(e) + pi", 0.0, 1 + math.pi),
        ("a*z + b; a=2, b=-1", 3.0, 5.0),
        ("a*z + b; a=2; b=-1e-3", 3.0, 5.999),
        ("relu(z) + sign(z) + cos(z) + sinh(z) + expm1(z)", 0.0, 1.0),
    ],
)
def test_a_formula_means_what_it_says(text, z, value):
    assert at(text, z) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ｚ × ２", "z * 2"),
        ("z² − 1", "z**(2) - 1"),
        ("σ(z)·π", "sigmoid(z)*pi"),
        ("𝑧  +\n𝟏", "z + 1"),
        ("√(z²)", "sqrt(z**(2))"),
        ("√（z）", "sqrt(z)"),
    ],
)
def test_look_alikes_are_normalised_and_shown(typed, shown):
    assert read_formula(typed).text == shown


@pytest.mark.parametrize(
    ("text", "word", "position"),
    [
        ("z.real", "attribute", 2),
        ("(1).__class__", "attribute", 3),
        ("z.__class__.__bases__", "attribute", 12),
        ("9**9**9", "exponent", 4),
        ("z**65", "exponent", 4),
        ("z**(-65)", "exponent", 5),
        ("lambda z: z", "character ':'", 9),
        ("f'{z}'", "character", 2),
        ('"z"', "character", 1),
        ("(z:=2)", "character ':'", 3),
        ("[z for z in z]", "character '['", 1),
        ("z[0]", "character '['", 2),
        ("{z}", "character '{'", 1),
        ("z\\z", "character", 2),
        ("z@z", "character '@'", 2),
        ("z#1", "character '#'", 2),
        ("z^2", "**", 2),
        ("z%2", "character '%'", 2),
        ("z//2", "construct", 1),
        ("__import__(z)", "unknown", 1),
        ("eval(z)", "unknown", 1),
        ("1 + q", "'q' is unknown", 5),
        ("exp", "parentheses", 1),
        ("1 + √z", "√ needs its argument in parentheses, as in √(z)", 5),
        ("z² ·  σ z", "σ needs its argument in parentheses, as in σ(z)", 10),
        ("πz", "read", 4),
        ("exp(z)(z)", "construct", 1),
        ("exp(x=z)", "construct", 1),
        ("exp(*z)", "star", 5),
        ("exp(z, z)", "one argument", 1),
        ("max(z)", "two arguments", 1),
        ("where(z, 1, 2)", "condition", 7),
        ("where(z == 0, 1, 2)", "condition", 7),
        ("where(z is 0, 1, 2)", "condition", 7),
        ("z > 0", "comparison", 1),
        ("z and 1", "and / or", 1),
        ("not z", "construct", 1),
        ("(z, z)", "list", 1),
        ("piecewise((z, z > 0), (1, z < 0))", "piecewise is written", 1),
        ("piecewise()", "piecewise is written", 1),
        ("await z", "construct", 1),
        ("yield", "read", 1),
        ("z +", "read", 3),
        ("z) + (z", "read", 2),
        ("True", "numbers and names", 1),
        ("z + None", "numbers and names", 5),
        ("2j", "numbers and names", 1),
        ("1" * 17, "1e15", 1),
        ("1e999", "finite", 1),
        ("z + 1e-400", "0 or at least 4.9e-324 in size, got '1e-400'", 5),
        ("a*z; a = 1e-400", "0 or at least 4.9e-324", 5),
        ("1_000*z", "a number is written in digits, point and exponent such as 1.5e-3, got '1_000'", 1),
        ("z*0x10", "digits, point and exponent such as 1.5e-3, got '0x10'", 3),
        ("0b1*z", "digits", 1),
        ("a*z; a = 1_0", "digits", 5),
        ("z; a", "a = 0.5", 3),
        ("z; z = 1", "name of its own", 3),
        ("z; exp = 1", "name of its own", 3),
        ("a*z; a = 1; a = 2", "name of its own", 12),
        ("a*z; a = b", "number", 5),
        ("a*z; a = 1e99", "number", 5),
        ("a*z; a = nan", "number", 5),
        ("z; __a = 1", "a = 0.5", 3),
    ],
)
def test_anything_else_is_refused_with_a_sentence_and_a_position(text, word, position):
    with pytest.raises(SpecError, match="position") as refusal:
        read_formula(text)
    assert word in str(refusal.value)
    assert refusal.value.position == position
    assert "\n" not in str(refusal.value)


def test_a_letter_that_only_looks_latin_is_refused_by_its_name():
    with pytest.raises(FormulaError, match=r"'е' \(CYRILLIC SMALL LETTER IE\).*position 6"):
        read_formula("z*1 +е")


@pytest.mark.parametrize("text", ["", "   ", "; a = 1", "z" * 2001, "\ufdfa" * 1000])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(FormulaError) as refusal:
        read_formula(text)
    assert refusal.value.position == (2001 if len(text) >= 1000 else 1 if text.startswith(";") else 0)


@pytest.mark.parametrize(
    "text",
    [
        "-" * 1999 + "z",
        "(" * 999 + "z" + ")" * 999,
        "abs(" * 399 + "z" + ")" * 399,
        "+".join("z" * 900),
        "z**" * 600 + "2",
    ],
)
def test_deep_nesting_is_refused_without_a_crash(text):
    with pytest.raises(FormulaError, match=r"(60 deep|400 parts).*position"):
        read_formula(text)


def test_bounds_are_reached_and_not_exceeded():
    assert size_of(read_formula("abs(" * 59 + "z" + ")" * 59).tree) == 60
    with pytest.raises(FormulaError, match=r"60 deep \(position 241\)"):
        read_formula("abs(" * 60 + "z" + ")" * 60)
    terms = ", ".join("z" * 398)
    assert size_of(read_formula(f"max({terms}, 1)").tree) == 797
    with pytest.raises(FormulaError, match=r"400 parts \(position 1202\)"):
        read_formula(f"max({terms}, 1, 2)")


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_a_sum_or_product_is_as_deep_as_its_terms_however_long(sign):
    tree = read_formula(sign.join(["z", *["1"] * 199])).tree
    assert size_of(tree) == 399
    assert depth_of(tree) == 9


@settings(max_examples=50)
@given(strategies.lists(strategies.sampled_from("+-"), min_size=60, max_size=180), strategies.integers(1, 40))
def test_a_long_sum_has_the_value_of_its_terms(signs, seed):
    numbers = [1 + (seed * place) % 31 for place in range(len(signs))]
    text = "z" + "".join(f" {sign} {number}" for sign, number in zip(signs, numbers, strict=True))
    total = sum(number if sign == "+" else -number for sign, number in zip(signs, numbers, strict=True))
    assert values(read_formula(text).tree, [0.0]) == [total]  # integers: exact in any order


@settings(max_examples=50)
@given(strategies.lists(strategies.sampled_from("*/"), min_size=60, max_size=180))
def test_a_long_product_has_the_value_of_its_factors(signs):
    text = "z" + "".join(f" {sign} 2" for sign in signs)
    assert values(read_formula(text).tree, [1.0]) == [2.0 ** (signs.count("*") - signs.count("/"))]


def test_long_sums_within_each_other_count_as_nested():
    inner = "z"
    for _ in range(4):
        inner = f"sin({inner} + " + " + ".join(["z"] * 20) + ")"
    assert size_of(read_formula(inner).tree) == 4 * 41 + 1
    with pytest.raises(FormulaError, match="60 deep"):
        read_formula("abs(" * 56 + " + ".join("z" * 30) + ")" * 56)


def test_a_long_sum_of_too_many_terms_is_refused_for_its_length():
    with pytest.raises(FormulaError, match=r"400 parts"):
        read_formula("+".join("z" * 300))


@pytest.mark.parametrize(
    "text",
    ["z - (1 - z)", "z/(2*z)", "(z**2)**0.5", "-(z + 1)", "(-z)**2", "where(z > 0 and 1 > z, z, -1)", "2**(-1)*z"],
)
def test_what_is_written_reads_back_to_the_same_values(text):
    tree, points = read_formula(text).tree, [-1.5, 0.25, 2.0]
    assert values(read_formula(write(tree)).tree, points) == values(tree, points)
