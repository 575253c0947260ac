"""An expression written on a tape has the value that it has with 60 digits, for every activation and its slope."""

import mpmath
import pytest
import sympy as sp

from vgdesk.symbolic.activations import ACTIVATION, derivative, phi_of
from vgdesk.symbolic.evaluate import value_of
from vgdesk.symbolic.own_activation import Z
from vgdesk.symbolic.tape import Tape

CLOSE = 1e-12
"""Relative, of a few float64 operations."""
POINTS = (-30.0, -6.0, -3.0, -1.5, -1.0, -0.3, -1e-9, 0.0, 1e-9, 0.2, 1.0, 1.7, 3.0, 5.0, 6.0, 29.0, 300.0)
OWN = [
    "formula:z*tanh(log(1+exp(z)))",
    "formula:where(z > 0, z, 0.1*sin(z))",
    "formula:max(0.2*z, min(z, 1))",
    "formula:abs(z)*2+atan(z)",
]


def written(expression: sp.Expr, value: float) -> float:
    tape = Tape(["z"])
    tape.write([(sp.Symbol("y", real=True), expression)])
    program, slots = tape.program()
    return program.runner()([value])[slots["y"]]


@pytest.mark.parametrize("activation", [*ACTIVATION, *OWN])
def test_every_activation_and_its_slope_keep_their_digits(activation: str):
    for expression in (phi_of(activation), derivative(activation)):
        for point in POINTS:
            exact = float(value_of(expression, {str(Z): mpmath.mpf(point)}))
            assert written(expression, point) == pytest.approx(exact, rel=CLOSE, abs=1e-300), (expression, point)


def test_equal_parts_are_computed_once():
    tape = Tape(["z"])
    tape.write([(sp.Symbol("y"), sp.tanh(Z) + sp.exp(sp.tanh(Z))), (sp.Symbol("x"), sp.tanh(Z) * 2)])
    operations = [one.operation for one in tape.program()[0].instructions]
    assert operations.count("tanh") == 1


def test_where_no_case_holds_there_is_no_value():
    expression = sp.Piecewise((sp.Integer(1), Z > 5))
    assert written(expression, 6.0) == 1.0
    assert written(expression, 4.0) != written(expression, 4.0)
