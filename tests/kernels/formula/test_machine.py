"""The stack machine: equal to its NumPy twin on every tree, to named kernels, and to difference quotients."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formula_trees import TREES
from tests.reference.own_activation import phi as twin
from vgdesk.errors import FormulaError
from vgdesk.kernels.activations import activate
from vgdesk.kernels.formula.machine import own_activation
from vgdesk.kernels.formula.program import CODES, build_program
from vgdesk.kernels.layout import ACTIVATION_CODES, activation_code
from vgdesk.spec.formula.derivative import derivative
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.formula.values import OPERATIONS, values

PRECISIONS = [np.float32, np.float64]
SAME = {
    "sigmoid": "1/(1 + exp(-z))",
    "tanh": "tanh(z)",
    "relu": "max(0, z)",
    "leaky-relu": "where(z > 0, z, 0.01*z)",
    "elu": "where(z > 0, z, exp(z) - 1)",
    "softplus": "log(1 + exp(z))",
    "log-sigmoid": "-log(1 + exp(-z))",
    "silu": "z/(1 + exp(-z))",
    "mish": "z*tanh(log(1 + exp(z)))",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2",
    "hard-tanh": "max(-1, min(1, z))",
    "relu6": "min(max(z, 0), 6)",
    "softsign": "z/(1 + abs(z))",
    "identity": "z",
}


@numba.njit
def run(program, z, h, slope):
    own_activation(program, z, h, slope)


@numba.njit
def run_any(code, z, h, slope):
    activate(code, 1.0, z, h, slope)


def machine(tree, z):
    words, h, slope = build_program(tree), np.empty_like(z), np.empty_like(z)
    run(words.ctypes.data, z, h, slope)
    return h, slope


def any_phi(name, z):
    h, slope = np.empty_like(z), np.empty_like(z)
    run_any(activation_code(name), z, h, slope)
    return h, slope


def test_every_operation_has_a_code_of_its_own():
    assert set(CODES) == {"end", "number", "z", *OPERATIONS}
    assert len(set(CODES.values())) == len(CODES)


@given(TREES, st.lists(st.floats(-8, 8), min_size=1, max_size=70))
@settings(max_examples=300, deadline=None)
def test_the_machine_equals_its_readable_twin(tree, numbers):
    z = np.array(numbers)
    with np.errstate(all="ignore"):
        for found, expected in zip(machine(tree, z), twin(tree, z), strict=True):
            # 1e-11: a difference of equal terms multiplies the last digit of each library's exp
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11 * (1 + np.abs(z).max()))


@given(TREES, st.lists(st.floats(-8, 8), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_dual_numbers_equal_the_derivative_by_rules(tree, numbers):
    z = np.array(numbers)
    expected = np.array(values(derivative(tree), numbers))
    slope = machine(tree, z)[1]
    np.testing.assert_allclose(slope, expected, rtol=1e-9, atol=1e-9 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("text", [SAME["mish"], SAME["gelu"], "atan(z)*cos(2*z) + exp(-z**2)", "(1 + z**2)**0.3"])
def test_the_slope_is_the_limit_of_difference_quotients(text):
    tree, z, step = read_formula(text).tree, np.linspace(-3, 3, 41), 1e-5
    quotient = (machine(tree, z + step)[0] - machine(tree, z - step)[0]) / (2 * step)
    np.testing.assert_allclose(machine(tree, z)[1], quotient, atol=1e-9)  # step**2 phi''' and 1e-16 / step


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", SAME)
def test_a_typed_formula_equals_the_activation_of_that_name(name, dtype):
    z = np.concatenate([np.linspace(-20, 20, 401), [-3.0, 0.0, 3.0, -600.0, 600.0]]).astype(dtype)
    for found, expected in zip(any_phi(f"formula: {SAME[name]}", z), any_phi(name, z), strict=True):
        rounding = np.finfo(dtype).eps  # absolute where mish' goes through 0
        np.testing.assert_allclose(
            found, expected, rtol=1e4 * np.finfo(np.float64).eps + 8 * rounding, atol=2 * rounding
        )


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_arrays_of_any_length_get_the_same_numbers_and_nothing_beyond_is_touched(dtype):
    z = np.linspace(-4, 4, 100).astype(dtype)
    whole = np.array(any_phi("formula: z*cos(z)", z))
    for size in (1, 31, 32, 33, 63, 64, 65):
        guard = np.full((2, 100), 7.0, dtype)
        run_any(activation_code("formula: z*cos(z)"), z[:size], guard[0, :size], guard[1, :size])
        np.testing.assert_array_equal(guard[:, :size], whole[:, :size])
        assert np.all(guard[:, size:] == 7.0)


@pytest.mark.parametrize(
    "text", ["relu(z)", "abs(z)", "sign(z)", "sqrt(z*z)", "max(z, 0)", "tanh(z)", "z**3", "z + 1", "min(1, z)"]
)
def test_nan_stays_nan(text):
    z = np.array([1.0, np.nan, -1.0])
    np.testing.assert_array_equal(np.isnan(machine(read_formula(text).tree, z)[0]), np.isnan(z))


def test_what_is_nan_in_the_case_not_taken_does_no_harm():
    z = np.array([-1.0, 0.0, 2.0])
    value, slope = machine(read_formula("where(z > 0, log(z), z*z)").tree, z)
    np.testing.assert_array_equal(value, [1.0, 0.0, np.log(2.0)])
    np.testing.assert_array_equal(slope, [-2.0, 0.0, 0.5])


def test_equal_formulas_share_a_program_and_no_code_is_that_of_a_name():
    assert activation_code("formula: z*2") == activation_code("formula:z*2")
    assert activation_code("formula: z*2") > max(ACTIVATION_CODES.values())


def test_a_formula_that_needs_too_deep_a_stack_is_refused():
    tree = read_formula("z").tree
    for _ in range(200):
        tree = type(read_formula("z + z").tree)("+", (read_formula("z").tree, tree))
    with pytest.raises(FormulaError, match="160 numbers waiting"):
        build_program(tree)
