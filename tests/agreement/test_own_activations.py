"""One's own formula three ways: symbolic, back-propagated, central difference; and against SymPy's own derivative."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import chain, network_experiment, reader
from tests.formula_trees import TREES
from vgdesk.spec.formula.derivative import derivative
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.values import values
from vgdesk.spec.formula.writing import write
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.spec.task import SequenceExamples
from vgdesk.study.derive import derive
from vgdesk.study.verify import verify
from vgdesk.symbolic.own_activation import Z, expression_of

FORMULAS = [
    "formula: z*tanh(log(1 + exp(z)))",
    "formula: where(-1 < z <= 2, z, a*z); a = 0.1",
    "formula: max(z, 0.2*z) + sin(z)**2/(1 + z**2)",
    "formula: piecewise((z, z > 0), (exp(z) - 1, z > -3), -1)",
    "formula: erf(z)*sqrt(1 + z**2) - min(z, atan(z))",
    "formula: where(z > 0 or z < -1, abs(z)**1.5, -z)",
]


def exact(expression, z):
    with mpmath.workdps(60):
        return sp.lambdify([Z], expression, modules="mpmath")(mpmath.mpf(z))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_network_of_ones_own_formula_agrees_three_ways(formula):
    experiment = network_experiment([2, 3, 2], [formula, "sigmoid"], [[0.3, -0.8], [1.5, 0.2]], [[1, 0], [0, 1]], "bce")
    verification = verify(experiment)
    assert verification.passed, verification.sentence


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_without_bias_beside_an_alpha_agrees_three_ways(formula):
    layers = (
        DenseLayer(width=3, activation=formula, bias=False),
        DenseLayer(width=3, activation="elu(0.5)"),
        DenseLayer(width=2, activation="celu(2)", bias=False),
    )
    network = FeedForward(inputs=2, layers=layers)
    inputs, targets = [[0.3, -0.8], [1.5, 0.2]], [[1, 0], [0, 1]]
    experiment = network_experiment([2, 2], ["identity"], inputs, targets, network=network)
    verification = verify(experiment)
    assert verification.passed, verification.sentence


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_recurrent_cell_with_ones_own_formula_agrees_three_ways(formula):
    task = SequenceExamples(inputs=(((0.4,), (-0.7,), (1.1,)),), targets=(((0.5,),),))
    verification = verify(reader(task, VanillaCell(activation=formula), width=2))
    assert verification.passed, verification.sentence


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_deep_chain_keeps_its_value_without_any_tolerance_of_its_own(formula):
    found = derive(chain([0.9] * 6, [0.1] * 6, 0.4, 1.0, formula), "w1").value
    own, h, slope, inner = own_activation(formula.removeprefix("formula:")), 0.4, 1.0, 0.4
    for layer in range(6):
        z = 0.9 * h + 0.1
        slope *= values(own.slope, [z])[0] * (inner if layer == 0 else 0.9)
        h = values(own.tree, [z])[0]
    assert found == pytest.approx((h - 1.0) * slope, rel=1e-11)


@pytest.mark.parametrize(
    "text", ["z*tanh(log(1+exp(z)))", "exp(-z**2)*cos(3*z)", "log(2 + sin(z))*z", "(1 + z**2)**0.3/cosh(z)"]
)
@given(z=st.floats(-30, 30))
@settings(max_examples=20, deadline=None)
def test_the_rules_give_what_sympy_differentiates(text, z):
    own = own_activation(text)
    found, expected = exact(expression_of(own.slope), z), exact(sp.diff(expression_of(own.formula.tree), Z), z)
    assert abs(found - expected) <= mpmath.mpf(10) ** -30 * (1 + abs(expected))


@given(tree=TREES, n=st.integers(-50, 50))
@settings(max_examples=60, deadline=None)
def test_the_expression_has_the_values_of_the_tree(tree, n):
    z = n / 8 + 1 / 512
    with np.errstate(all="ignore"):
        expected = values(tree, [z])[0]
    assert float(exact(expression_of(tree), z)) == pytest.approx(expected, rel=1e-9, abs=1e-9), write(tree)


@given(tree=TREES, n=st.integers(-50, 50))
@settings(max_examples=60, deadline=None)
def test_the_derivative_has_the_same_values_as_an_expression(tree, n):
    z, slope = n / 8 + 1 / 512, derivative(tree)
    assert float(exact(expression_of(slope), z)) == pytest.approx(values(slope, [z])[0], rel=1e-8, abs=1e-8), write(
        tree
    )
