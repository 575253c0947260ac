"""Ranges of expressions and activations: never too narrow, and exact where a reader would look."""

import math

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vgdesk.records.found_state import Interval
from vgdesk.spec.activation import ACTIVATIONS, facts_of
from vgdesk.symbolic.activations import apply, derivative, phi_of
from vgdesk.symbolic.evaluate import value_of
from vgdesk.symbolic.images import image
from vgdesk.symbolic.intervals import ANY, interval_of
from vgdesk.symbolic.network import named

NAMES = tuple(name for name in (*ACTIVATIONS, "elu(0.5)", "celu(2)") if name != "prelu")
x, y = named("x"), named("y")
EXPRESSIONS = (x + y, x * y, x**2, x**3 - y, x * (y - 1), sp.exp(x) * y, 1 / (1 + sp.exp(-x)), x / (2 + sp.tanh(y)))


def between(low, high, *places):
    """Returns numbers of an interval, its ends among them."""
    return [low, high, *(low + (high - low) * place for place in places)]


ends = st.floats(-3, 3).map(lambda value: round(value, 2))


@given(st.sampled_from(EXPRESSIONS), ends, ends, ends, ends, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_no_value_lies_outside_the_interval(expression, a, b, c, d, first, second):
    ranges = {"x": Interval(min(a, b), max(a, b)), "y": Interval(min(c, d), max(c, d))}
    found = interval_of(expression, ranges)
    for at in between(min(a, b), max(a, b), first):
        for other in between(min(c, d), max(c, d), second):
            assert found.contains(float(expression.xreplace({x: sp.Float(at), y: sp.Float(other)})))


@pytest.mark.parametrize("is_slope", [False, True])
@pytest.mark.parametrize("name", NAMES)
@given(ends, ends, st.floats(0, 1))
@settings(max_examples=8, deadline=None)
def test_no_value_of_an_activation_or_its_slope_lies_outside_the_image(name, is_slope, a, b, place):
    low, high = min(a, b), max(a, b)
    found = image(name, is_slope, Interval(low, high))
    expression = apply((derivative if is_slope else phi_of)(name), named("z"))
    for z in (*between(low, high, place, 0.25, 0.5), *(k for k in facts_of(name).kinks if low <= k <= high)):
        assert found.contains(float(value_of(expression, {"z": z})))


@pytest.mark.parametrize(
    ("name", "is_slope", "expected"),
    [
        ("sigmoid", False, Interval(0, 1, True, True)),
        ("sigmoid", True, Interval(0, 0.25, True, False)),
        ("tanh", False, Interval(-1, 1, True, True)),
        ("tanh", True, Interval(0, 1, True, False)),
        ("relu", True, Interval(0, 1)),
        ("hard-tanh", False, Interval(-1, 1)),
        ("softsign", False, Interval(-1, 1, True, True)),
        ("identity", False, ANY),
    ],
)
def test_ranges_over_all_numbers_are_those_of_the_textbook(name, is_slope, expected):
    assert image(name, is_slope, ANY) == expected


def test_a_softmax_lies_between_0_and_1():
    share = sp.exp(x) / (sp.exp(x) + sp.exp(y))
    assert interval_of(share, {"x": ANY, "y": ANY}) == Interval(0, 1, True, True)
    known = {"x": Interval(0, 0), "y": Interval(0, math.inf, False, True)}
    assert interval_of(share, known) == Interval(0, 0.5, True, False)


def test_an_inverse_of_what_may_be_0_may_be_anything():
    assert interval_of(1 / x, {"x": Interval(-1, 1)}) == ANY
    assert interval_of(1 / x, {"x": Interval(0, 2, True, False)}) == Interval(0.5, math.inf, False, True)
