"""Reverse mode over listed lines equals differentiating the composed expression."""

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.symbolic.reverse import partial, partials, reverse_mode

A, B, C, D, E = sp.symbols("a b c d e", real=True)


def _gradient(lines, output, source):
    values = dict(reverse_mode(lines, output, lambda symbol: sp.Symbol(f"bar_{symbol}", real=True)))
    expression = values[sp.Symbol(f"bar_{source}", real=True)]
    while any(symbol in values for symbol in expression.free_symbols):
        expression = expression.subs(values)
    return expression.subs(dict(reversed(lines))).subs(dict(lines)).subs(dict(lines))


@given(st.integers(-3, 3), st.integers(1, 3))
def test_a_shared_intermediate_collects_all_its_uses(a, power):
    lines = [(C, A * B + a), (D, C**power + sp.sin(C)), (E, D * C)]
    composed = E.subs(dict(lines)).subs(dict(lines)).subs(dict(lines))
    difference = _gradient(lines, E, A) - sp.diff(composed, A)
    assert abs(complex(difference.subs({A: 0.7, B: -1.3}).evalf())) < 1e-12


def test_an_unused_line_has_adjoint_zero():
    lines = [(C, 2 * A), (D, 3 * A), (E, C * C)]
    adjoints = dict(reverse_mode(lines, E, lambda symbol: sp.Symbol(f"bar_{symbol}")))
    assert adjoints[sp.Symbol("bar_d")] == 0


@pytest.mark.parametrize(
    "expression",
    [
        A * B + C * D + A,
        -3 * A * B / 7 + C,
        (A - B) ** 2 / 2,
        A * sp.exp(A * B) + B,
        (1 - A) * B + A * C,
        sp.Piecewise((A * B, A > 0), (C, True)),
        A / B,
    ],
    ids=str,
)
def test_the_derivatives_of_a_line_are_spelt_as_sympy_spells_them(expression):
    found = dict(partials(E, expression, {}))
    expected = {symbol: sp.diff(expression, symbol) for symbol in expression.free_symbols}
    assert found == expected
    assert {symbol: partial(expression, symbol) for symbol in expression.free_symbols} == expected


def test_a_derivative_with_a_name_of_its_own_is_not_derived():
    assert dict(partials(E, A * B, {(E, A): C})) == {A: C, B: A}
