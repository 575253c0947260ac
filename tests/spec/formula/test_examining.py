"""Which formulas may be activations, where their kinks are, and their derivatives."""

import math

import pytest

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.formula.spans import span_of
from vgdesk.spec.formula.values import values

SMOOTH = [
    "z*tanh(log(1+exp(z)))", "z/(1+exp(-z))", "exp(-z**2)", "sin(z) + z", "atan(z)*erf(z)", "log(1 + z**2)", "2**z",
    "sqrt(1 + z**2)", "(1 + z**2)**(-0.5)", "z**3/(1 + z**4)", "cosh(z) - sinh(z)", "log1p(exp(-z))", "expm1(z)*cos(z)",
    "log(exp(z) + exp(-z))", "exp(z)/(1 + exp(z))", "log(1 - tanh(z))", "1/(z**2 - z + 1)",
]  # fmt: skip
KINKED = {
    "relu(z)": (0.0,),
    "max(z, 0.01*z)": (0.0,),
    "sqrt(z*z)": (0.0,),
    "max(-1, min(1, z))": (-1.0, 1.0),
    "relu(z - 0.3) - relu(z - 2.7)": (0.3, 2.7),
    "where(z > 1/3, z, 0)": (1 / 3,),
    "where(-1 < z <= 1, z, 0.1*z)": (-1.0, 1.0),
    "abs(z**2 - 2)": (-math.sqrt(2), math.sqrt(2)),
    "sqrt(z**2 - 2*z + 1)": (1.0,),
    "abs(z)**0.5": (0.0,),
    "sign(z)": (0.0,),
    "relu(z)**2": (),
    "abs(z)**1.5": (),
    "where(z > 0, log(z + 1), z)": (),
    "where(abs(z) > 0, sin(z)/z, 1)": (),
    "max(z, z)": (),
}


@pytest.mark.parametrize("text", SMOOTH)
def test_the_derivative_is_the_limit_of_difference_quotients(text):
    own, points, step = own_activation(text), [-2.3, -0.7, 0.1, 1.9], 1e-5
    above, below = (values(own.tree, [z + sign * step for z in points]) for sign in (1, -1))
    quotients = [(a - b) / (2 * step) for a, b in zip(above, below, strict=True)]
    assert values(own.slope, points) == pytest.approx(quotients, rel=1e-7, abs=1e-9)
    assert own.kinks == ()


@pytest.mark.parametrize("text", KINKED)
def test_kinks_are_found_where_the_slope_jumps_and_nowhere_else(text):
    assert own_activation(text).kinks == pytest.approx(KINKED[text], abs=1e-7)


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("relu(z)", 0.0),
        ("max(0, z)", 0.0),
        ("abs(z)", 0.0),
        ("max(z, 0.01*z)", 0.01),
        ("min(z, 3*z)", 1.0),
        ("sqrt(z**2)", 0.0),
    ],
)
def test_the_slope_at_a_kink_is_that_of_the_convention(text, slope):
    assert values(own_activation(text).slope, [0.0]) == [slope]


@pytest.mark.parametrize(
    "text",
    ["log(z)", "sqrt(z)", "1/z", "z**0.5", "z**-2", "z**z", "1/(z - 1/3)", "1/(z - 1/3)**2", "log(relu(z))", "sin(z)/z",
     "1/sign(z)", "log1p(z)", "(-2)**z", "1/0 + z", "where(z > -1, log(z), 0)", "1/sin(z)", "sqrt(1 - z**2)"],
)  # fmt: skip
def test_what_is_not_real_everywhere_is_refused_with_a_place(text):
    with pytest.raises(FormulaError, match=r"is no real number (where .* as at z = |for any z).*position"):
        own_activation(text)


@pytest.mark.parametrize(
    "text", ["abs(sin(z))", "relu(cos(3*z))", "sign(sin(z/100))", "where(sin(z) > 0, z, 0)", "max(sin(z), cos(z))"]
)
def test_infinitely_many_kinks_are_refused(text):
    with pytest.raises(FormulaError, match="more than 32 points"):
        own_activation(text)


def test_a_derivative_too_long_to_be_written_is_refused():
    text = "z"
    for n in range(1, 25):
        text = f"max({text}, {n}*sin(z))"
    with pytest.raises(FormulaError, match="at most 20,000 parts"):
        own_activation(text)


def test_far_from_zero_nothing_overflows_that_means_something_harmless():
    own = own_activation("z*tanh(log(1+exp(z))) + log(exp(z)+1) + z/(1+exp(-z))")
    assert values(own.slope, [-1e4, 1e4]) == [0.0, 3.0]


@pytest.mark.parametrize(
    "text",
    ["1 + exp(z)", "2 + sin(z)", "1 - tanh(z)", "1 + z**2", "exp(-z**2)*(2 + cos(z))", "1 - erf(z)**2", "cosh(z)"],
)
def test_bounds_prove_what_float64_may_round_away(text):
    assert span_of(read_formula(text).tree).is_positive


@pytest.mark.parametrize(
    "text", ["z", "z**2", "relu(z)", "1 - abs(tanh(z))*1.5", "sin(z)", "1 + sin(z)", "abs(z)", "z*z - 1"]
)
def test_bounds_never_claim_what_is_false(text):
    assert not span_of(read_formula(text).tree).is_positive
