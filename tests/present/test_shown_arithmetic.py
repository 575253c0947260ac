"""What is shown can be calculated again: "=" where the shown digits give the shown result, "≈" where they do not."""

import ast
import operator
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import chain, network_experiment, reader
from vgdesk.cli.derivation_objects import derivation_object, matrix_object
from vgdesk.present.derivation_views import ledger_sheet, path_sheet
from vgdesk.present.formula import number_text, to_latex, to_mathml, to_spoken, to_text, to_typst
from vgdesk.present.formula.latex import to_aligned_latex
from vgdesk.present.sheet import equation_sheet, equation_sheet_beside
from vgdesk.present.shown_arithmetic import honest_line
from vgdesk.records.formula import Matrix, Negative, Number, Power, Product, Relation, Sum, Symbol
from vgdesk.spec.library import example
from vgdesk.spec.sequences import AddingProblem
from vgdesk.study.derivation_views import ledger, matrices, paths
from vgdesk.study.derive import derive

_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_POWER = re.compile("×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMBERS = re.compile(r"[-+*/().e0-9 ]+")

weights = st.floats(min_value=-3.0, max_value=3.0).filter(lambda weight: abs(weight) > 1e-3)


def calculated(text: str) -> Fraction | None:
    """Returns what a side is that holds numbers only, exactly as printed; None where there is anything else in it."""
    plain = _POWER.sub(lambda found: f"e{found[1].translate(_RAISED)}", text)
    plain = plain.replace("×", "*").replace("−", "-")
    return _walked(ast.parse(plain.strip(), mode="eval").body, plain.strip()) if _NUMBERS.fullmatch(plain) else None


def _walked(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(source[node.col_offset : node.end_col_offset])
        case ast.UnaryOp(operand=inner):
            return -_walked(inner, source)
        case ast.BinOp(left, sign, right):
            return _OPERATIONS[type(sign)](_walked(left, source), _walked(right, source))
        case _:
            raise AssertionError(ast.dump(node))


def rounds_to(value: Fraction, shown: str) -> bool:
    """Says whether a person who rounds a value to three digits, half a digit away from 0, writes what is shown."""
    return number_text(float(calculated(shown))) == number_text(float(value * (1 + Fraction(1, 10**9))))


def numeric_gaps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yields (numbers, "=" or "≈", number) of a printed line."""
    parts = re.split(" (=|≈) ", text)
    for number in range(0, len(parts) - 2, 2):
        left, sign, right = parts[number : number + 3]
        if calculated(left) is not None and calculated(right) is not None:
            yield left, sign, right


def product_and_result(sheet) -> tuple[str, str, str]:
    """Returns the numbers, their sign and the gradient of a derivation, which stand in two steps."""
    lines = next(step for step in sheet.steps if step.title == "Substitute").lines
    _, sign, numbers = lines[0].text.split(" ", 2)
    numbers += "".join(line.text.replace("⋯", "") for line in lines[1:])
    result = next(step for step in sheet.steps if step.title == "Result").lines[0].text
    return numbers, sign, result.rpartition("= ")[2]


@given(st.lists(weights, min_size=1, max_size=9), st.floats(0.1, 2.0), st.sampled_from(["sigmoid", "tanh", "softplus"]))
@settings(max_examples=40)
def test_a_shown_product_says_equals_exactly_where_it_gives_the_shown_gradient(chosen, x, activation):
    sheet = equation_sheet(derive(chain(chosen, [0.1] * len(chosen), x, 0.3, activation), "w1"))
    numbers, sign, result = product_and_result(sheet)
    assert (sign == "=") == rounds_to(calculated(numbers), result), (numbers, sign, result)


@given(st.integers(0, 10**6), st.sampled_from(["mse", "half-mse-sum"]), st.sampled_from(["w1", "w3", "b1", "w8"]))
@settings(max_examples=30)
def test_no_line_of_a_derivation_says_equals_where_its_digits_do_not(seed, loss, wrt):
    network = network_experiment([2, 3, 2], ["tanh", "sigmoid"], [[0.3, -0.7]], [[0.2, 0.9]], loss=loss, seed=seed)
    lines = [
        line for step in equation_sheet(derive(network, wrt)).steps for line in step.lines if step.kind != "update"
    ]
    gaps = [gap for line in lines for gap in numeric_gaps(line.text)]
    assert gaps
    wrong = [gap for gap in gaps if (gap[1] == "=") != rounds_to(calculated(gap[0]), gap[2])]
    assert not wrong


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_every_row_of_a_ledger_follows_from_the_row_above(seed):
    network = network_experiment([2, 2, 2, 1], ["tanh", "tanh", "sigmoid"], [[0.3, -0.7]], [[0.2]], seed=seed)
    rows = [re.split(" {2,}", row) for row in ledger_sheet(ledger(network, "w1")).steps[0].lines[0].text.splitlines()]
    running = "1"
    for row in rows[1:]:
        value, now = row[3], row[4].removeprefix("≈ ")
        agrees = rounds_to(calculated(running) * calculated(value), now)
        assert agrees == (not row[4].startswith("≈")), row
        running = now


def test_the_classic_example_stays_an_equation():
    sheet = equation_sheet(derive(example("insurance"), "w1"))
    assert product_and_result(sheet) == ("0.03 × 0.05", "=", "0.0015")
    assert "≈" not in "".join(line.text for step in sheet.steps if step.kind != "loss" for line in step.lines)
    assert "≈" not in ledger_sheet(ledger(example("insurance"), "w1")).steps[0].lines[0].text


def test_a_chain_of_fifty_factors_is_calculated_over_all_its_lines():
    sheet = equation_sheet(derive(chain([1.7] * 50, [0.0] * 50, 1.0, 0.0, "sigmoid"), "w1"))
    numbers, sign, result = product_and_result(sheet)
    assert numbers.count("×") >= 50
    assert (sign == "=") == rounds_to(calculated(numbers), result)


def test_numbers_below_every_float_are_calculated_too():
    sheet = equation_sheet(derive(chain([1e-10] * 41, [0.0] * 41, 1.0, 1.0, "tanh"), "w1"))
    assert product_and_result(sheet)[1:] == ("=", "−1 × 10⁻⁴⁰⁰")


def test_terms_of_a_sum_over_time_steps_are_compared_with_the_gradient():
    sheet = equation_sheet(derive(reader(AddingProblem(length=3, count=4), width=2), "u1"))
    text = {step.title: step.lines[0].text for step in sheet.steps}
    _, sign, numbers = text["Contributions"].split(" ", 2)
    assert (sign == "=") == rounds_to(calculated(numbers), text["Result, example 1 of 4"].rpartition("= ")[2])


def test_a_sum_of_paths_is_compared_with_the_gradient():
    steps = path_sheet(paths(example("mazur"), "w1")).steps
    text = next(step for step in steps if step.title == "Result").lines[0].text
    assert text.endswith("0.000668 − 0.00023 ≈ 0.000439")


def test_matrices_are_multiplied_entry_by_entry():
    column = Matrix(((Number(0.0312),), (Number(2.0),)))
    square = Matrix(((Number(0.0498), Number(0.0)), (Number(0.0), Number(0.5))))
    product = Product((square, column), "thin")
    right = honest_line(Relation((Symbol("v"), product, Matrix(((Number(0.00155),), (Number(1.0),))))))
    wrong = honest_line(Relation((Symbol("v"), product, Matrix(((Number(0.00156),), (Number(1.0),))))))
    assert (to_text(right).count("≈"), to_text(wrong).count("≈")) == (0, 1)


def test_transposed_and_elementwise_products_are_calculated():
    row = Power(Matrix(((Number(2.0),), (Number(3.0),))), Symbol("top"))
    inner = Product((row, Matrix(((Number(4.0),), (Number(5.0),)))), "thin")
    ones = Matrix(((Number(0.5),),))
    assert "≈" not in to_text(honest_line(Relation((Product((inner, ones), "hadamard"), Matrix(((Number(11.5),),))))))
    assert "≈" in to_text(honest_line(Relation((Product((inner, ones), "hadamard"), Matrix(((Number(12.0),),))))))


@pytest.mark.parametrize(
    ("spelt", "sign"),
    [
        (to_text, "≈"),
        (to_latex, r"\approx"),
        (to_aligned_latex, r"\approx"),
        (to_typst, "approx"),
        (to_mathml, "<mo>≈</mo>"),
        (to_spoken, "is approximately"),
    ],
)
def test_every_spelling_says_about_before_the_side_that_is_about_right(spelt, sign):
    line = Relation((Symbol("a"), Symbol("b"), Symbol("c")), about=(2,))
    spelling = spelt(line)
    assert spelling.count(sign) == 1
    assert spelling.index("b") < spelling.index(sign)


@pytest.mark.parametrize(("value", "sign"), [(0.0158, "="), (0.0157, "≈")])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_half_a_digit_is_rounded_away_from_zero(value, sign, side):
    line = Relation((Product((Number(0.5), Number(side * 0.0315)), "times"), Number(side * value)))
    assert f" {sign} " in to_text(honest_line(line))


def test_an_update_whose_shown_digits_end_in_five_is_rounded_away_from_zero():
    steps = equation_sheet(derive(example("insurance"), "w10")).steps
    assert [line.text for line in steps[-1].lines][1] == "0 − 0.5 × (−0.0315) = 0.0158"


@pytest.mark.parametrize(("value", "sign"), [(-0.68901, "="), (-0.68911, "≈")])
def test_a_result_is_judged_by_the_digits_that_stand_there(value, sign):
    numbers = Sum((Number(-0.698), Negative(Product((Number(0.1), Number(-0.0906)), "times"))))
    assert f" {sign} " in to_text(honest_line(Relation((numbers, Number(value, digits=4)))))


@pytest.mark.parametrize(
    ("factors", "result", "sign"),
    [((100.0, 78.1, 0.25), 1953.125, "="), ((100.0, 1.95e3, 0.25), 48828.125, "="), ((0.5, 3906.0), 1954.0, "≈")],
)
def test_three_digits_before_a_power_of_ten_are_no_whole_number(factors, result, sign):
    product = Product(tuple(Number(factor) for factor in factors), "times")
    assert f" {sign} " in to_text(honest_line(Relation((product, Number(result)))))


def test_json_says_what_the_sheet_says():
    steps = derivation_object(derive(example("mazur"), "w1"))["steps"]
    assert steps[2]["lines"][0]["text"] == "∂L/∂w₁ ≈ 0.0364 × 0.0121"
    assert matrix_object(matrices(example("mazur"), "w1"))["steps"][0]["numbers"]["text"].count("≈") == 1


def test_while_numbers_change_the_signs_follow():
    derivation = derive(example("mazur"), "w1")
    sheet = equation_sheet(derivation)
    beside = equation_sheet_beside(derivation, sheet)
    assert all(one is other for one, other in zip(beside.steps, sheet.steps, strict=True))


@pytest.mark.parametrize("sign", ["", "hadamard"])
def test_arrays_that_do_not_fit_together_are_left_as_they_stand(sign):
    row, column = Matrix(((Number(1.0), Number(2.0)),)), Matrix(((Number(1.0),), (Number(2.0),), (Number(3.0),)))
    line = Relation((Product((row, column), sign), Number(5.0)))
    assert honest_line(line) == line
