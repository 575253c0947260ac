"""Activations: kernels against 60 digits, both against PyTorch's numbers and published extrema.

`activations.json`: value and derivative from PyTorch 2.13 autograd in float64, and extrema from mpmath (25 digits).
"""

import json
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.test_activations import FIXED, PRECISIONS, phi
from vgdesk.spec.activation import SELU_ALPHA, SELU_LAMBDA, facts_of
from vgdesk.symbolic.activations import Z, derivative, phi_of
from vgdesk.symbolic.evaluate import DIGITS, MANY_DIGITS

REFERENCE = json.loads((Path(__file__).parent / "data" / "activations.json").read_text())
FIXTURES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "leaky-relu": "leaky_relu_0.01",
    "elu": "elu_1",
    "elu(0.5)": "elu_0.5",
    "celu(0.5)": "celu_0.5",
    "selu": "selu",
    "silu": "silu",
    "gelu": "gelu",
    "gelu-tanh": "gelu_tanh",
    "softplus": "softplus",
    "softsign": "softsign",
    "mish": "mish",
    "hard-tanh": "hardtanh",
    "relu6": "relu6",
    "log-sigmoid": "logsigmoid",
    "hard-swish": "hardswish",
}
GATED = ("silu", "gelu", "gelu-tanh", "mish")
"""z times a gate: the slope is a sum of two terms that may cancel."""


@cache
def compiled(name, order=0):
    """Returns phi, or phi' or phi'', as a function of mpmath numbers."""
    formula = phi_of(name) if order == 0 else derivative(name)
    return sp.lambdify([Z], sp.diff(formula, Z) if order == 2 else formula, modules="mpmath")


def exact(name, z, order=0, digits=DIGITS):
    with mpmath.workdps(digits):
        return compiled(name, order)(mpmath.mpf(z))


def units(found, expected, scale, dtype):
    """Returns the error in units of the last place of `scale`; near the end of the normal numbers results become 0."""
    if abs(scale) < 100 * float(np.finfo(dtype).tiny):
        return 0.0 if abs(found) <= 2 * abs(expected) else np.inf
    return float(abs(mpmath.mpf(float(found)) - expected) / (float(np.finfo(dtype).eps) * abs(scale)))


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", FIXED)
def test_kernels_are_right_to_a_few_units_in_the_last_place(name, dtype):
    reach = 87.0 if dtype == np.float32 else 708.0
    tiny = np.logspace(-20, 0, 41)
    numbers = np.concatenate([np.linspace(-9, 9, 121), np.linspace(-40, 40, 61), np.linspace(-reach, reach, 41)])
    z = np.concatenate([numbers, tiny, -tiny]).astype(dtype)
    for x, h, slope in zip(z, *phi(name, z), strict=True):
        value, true_slope = exact(name, float(x)), exact(name, float(x), 1)
        gate = value / float(x) if name in GATED and x else 0
        # the exponent of gelu-tanh is itself rounded, so its far tail loses |y| units (y = 2 tanh's argument)
        room = 4 + (2 * abs(1.6 * x + 0.0714 * x**3) if name == "gelu-tanh" and abs(x) < 23 else 0)
        assert units(h, value, value, dtype) <= room, (name, x)
        assert units(slope, true_slope, max(abs(true_slope), abs(gate)), dtype) <= room, (name, x)


@pytest.mark.parametrize("name", FIXTURES)
def test_value_and_derivative_are_those_of_pytorch(name):
    fixture = REFERENCE[f"act.{FIXTURES[name]}"]
    z = np.array(fixture["inputs"]["x"])
    symbolic = [[float(exact(name, x, order)) for x in z] for order in (0, 1)]
    for order, key in enumerate(("y", "dy")):
        # PyTorch's own tails carry 1e-13 (1 - tanh^2 at 30 is 0 there)
        np.testing.assert_allclose(phi(name, z)[order], fixture["out"][key], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(symbolic[order], fixture["out"][key], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", FIXTURES)
def test_derivative_at_zero_follows_the_convention(name):
    expected = REFERENCE["derivative_at_zero"][FIXTURES[name]]
    assert phi(name, np.zeros(1))[1][0] == pytest.approx(expected, rel=1e-15, abs=0)
    assert float(exact(name, 0, 1)) == pytest.approx(expected, rel=1e-15, abs=0)


def test_softplus_does_not_become_the_identity_above_20_as_it_does_in_pytorch():
    trap = REFERENCE["trap.torch.softplus.threshold"]
    z = trap["inputs"]["x"]
    # 4e-15 is the rounding of a number near 20; PyTorch returns z itself there
    assert z - phi("softplus", np.array([z]))[0][0] == pytest.approx(trap["value"], abs=4e-15)
    assert float(z - exact("softplus", z)) == pytest.approx(trap["value"], abs=4e-15)


@pytest.mark.parametrize("name", ["hard-tanh", "hard-sigmoid", "relu6", "hard-swish"])
def test_derivative_at_both_edges_follows_the_convention(name):
    edges, expected = REFERENCE["derivative_at_zero"][f"{name.replace('-', '')}@edges"]
    assert list(phi(name, np.array(edges))[1]) == expected
    assert [float(exact(name, edge, 1)) for edge in edges] == expected


def test_hard_sigmoid_has_the_values_of_pytorch_and_not_its_sixth_of_32_bits():
    fixture, off = REFERENCE["act.hardsigmoid"], REFERENCE["trap.torch.hardsigmoid.grad"]["value"]
    z = np.array(fixture["inputs"]["x"])
    inside = np.abs(z) < 3
    for order, expected in enumerate((fixture["out"]["y"], fixture["out"]["dy"] - off * inside)):
        np.testing.assert_allclose(phi("hard-sigmoid", z)[order], expected, rtol=1e-12)
        np.testing.assert_allclose([float(exact("hard-sigmoid", x, order)) for x in z], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("entry", "name", "order", "place"),
    [
        ("sigmoid.dmax", "sigmoid", 1, "x"),
        ("tanh.dmax", "tanh", 1, "x"),
        ("erf.dmax", "erf", 1, "x"),
        ("swish.dmax", "silu", 1, "argmax"),
        ("swish.dmin", "silu", 1, "argmin"),
        ("swish.min", "silu", 0, "argmin"),
        ("gelu.dmax", "gelu", 1, "argmax"),
        ("gelu.dmin", "gelu", 1, "argmin"),
        ("gelu.min", "gelu", 0, "argmin"),
        ("gelu_tanh.dmax", "gelu-tanh", 1, "argmax"),
        ("mish.dmax", "mish", 1, "argmax"),
    ],
)
def test_extrema_have_the_published_value_at_the_published_place(entry, name, order, place):
    reference = REFERENCE[f"act.{entry}"]
    z = float(str(reference["inputs"][place]).replace("sqrt(2)", str(2**0.5)))
    assert float(exact(name, z, order)) == pytest.approx(reference["value"], rel=1e-14, abs=0)
    assert phi(name, np.array([z]))[order][0] == pytest.approx(reference["value"], rel=1e-14, abs=0)
    # stationary: the next derivative there is 0 up to the rounding of the place
    if order == 0:
        assert abs(phi(name, np.array([z]))[1][0]) < 1e-15
    assert abs(exact(name, z, order + 1)) < 1e-14


def test_selu_has_the_published_constants():
    assert REFERENCE["act.selu.lambda"]["value"] == SELU_LAMBDA
    assert REFERENCE["act.selu.alpha"]["value"] == SELU_ALPHA
    assert REFERENCE["act.selu.dsup"]["value"] == pytest.approx(float(exact("selu", 0, 1)), rel=1e-15, abs=0)


@pytest.mark.parametrize("name", FIXED)
@given(st.floats(-1000, 1000))
@settings(max_examples=30, deadline=None)
def test_sixty_digits_leave_forty_right_ones_everywhere(name, z):
    for order in (0, 1):
        few, many = exact(name, z, order), exact(name, z, order, MANY_DIGITS)
        assert abs(few - many) <= abs(many) * mpmath.mpf(10) ** -40


@pytest.mark.parametrize("name", FIXED)
@given(st.floats(-40, 40))
@settings(max_examples=30, deadline=None)
def test_listed_derivative_is_the_slope_of_the_expression(name, z):
    if z in facts_of(name).kinks:
        z += 0.5
    with mpmath.workdps(MANY_DIGITS):
        step, f = mpmath.mpf(10) ** -330, compiled(name)
        quotient = (f(z + step) - f(z - step)) / (2 * step)
        slope = compiled(name, 1)(mpmath.mpf(z))
        # softsign's second derivative jumps at 0, so the quotient there is right to the step only
        assert abs(quotient - slope) <= abs(slope) * mpmath.mpf(10) ** -300 + mpmath.mpf(10) ** -320
