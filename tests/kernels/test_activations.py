"""Every activation's vector code: exact limits, NaN, any length, and the readable twin."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import FIXED, NUMBERED
from tests.reference.activations import ACTIVATIONS as TWIN
from vgdesk.kernels.activations import VECTOR_FUNCTIONS, activate
from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.spec.activation import ACTIVATION_FACTS, ACTIVATIONS, alpha_of, family_name

PRECISIONS = [np.float32, np.float64]
LIMITS = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "softsign": (-1, 1),
    "erf": (-1, 1),
    "hard-tanh": (-1, 1),
    "hard-sigmoid": (0, 1),
    "relu": (0, np.inf),
    "relu6": (0, 6),
    "leaky-relu": (-np.inf, np.inf),
    "elu": (-1, np.inf),
    "celu": (-1, np.inf),
    "elu(0.5)": (-0.5, np.inf),
    "celu(0.5)": (-0.5, np.inf),
    "selu": (-1.7580993408473766, np.inf),
    "softplus": (0, np.inf),
    "log-sigmoid": (-np.inf, 0),
    "silu": (0, np.inf),
    "gelu": (0, np.inf),
    "gelu-tanh": (0, np.inf),
    "mish": (0, np.inf),
    "hard-swish": (0, np.inf),
    "identity": (-np.inf, np.inf),
}
"""phi at -infinity and infinity."""
SLOPE_LIMITS = {
    "relu": (0, 1),
    "leaky-relu": (0.01, 1),
    "elu": (0, 1),
    "celu": (0, 1),
    "elu(0.5)": (0, 1),
    "celu(0.5)": (0, 1),
    "selu": (0, 1.0507009873554805),
    "softplus": (0, 1),
    "log-sigmoid": (1, 0),
    "silu": (0, 1),
    "gelu": (0, 1),
    "gelu-tanh": (0, 1),
    "mish": (0, 1),
    "hard-swish": (0, 1),
    "identity": (1, 1),
}
"""phi' at -infinity and infinity, where it is not 0 at both ends."""


@numba.njit
def run(code, alpha, z, h, slope):
    """Calls the kernel from Python."""
    activate(code, alpha, z, h, slope)


def phi(name, z):
    """Returns (value, slope) of a flat array."""
    h, slope = np.empty_like(z), np.empty_like(z)
    run(ACTIVATION_CODES[family_name(name)], alpha_of(name), z, h, slope)
    return h, slope


def test_every_table_knows_the_same_activations():
    from vgdesk.symbolic.activations import ACTIVATION
    from vgdesk.symbolic.notation import ACTIVATION_SYMBOL

    for table in (ACTIVATION_CODES, ACTIVATION, ACTIVATION_SYMBOL):
        assert set(table) - {"prelu"} == set(VECTOR_FUNCTIONS)
    assert set(VECTOR_FUNCTIONS) == set(FIXED) - set(NUMBERED)
    for table in (TWIN, LIMITS):
        assert set(table) == set(FIXED)
    assert set(ACTIVATION_CODES) == set(ACTIVATIONS) == set(ACTIVATION_FACTS)
    assert len(set(ACTIVATION_CODES.values())) == len(ACTIVATIONS)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", FIXED)
def test_limits_are_reached_without_nan(name, dtype):
    far = np.array([-np.inf, -1e30, 1e30, np.inf], dtype)
    value, slope = phi(name, far)
    low, high = (dtype(limit) for limit in LIMITS[name])
    np.testing.assert_array_equal(value[[0, 3]], [low, high])
    np.testing.assert_array_equal(slope[[0, 3]], np.array(SLOPE_LIMITS.get(name, (0, 0)), dtype))
    if np.isfinite(low):
        assert value[1] == low
    assert np.isfinite(value[1:3]).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", FIXED)
def test_nan_stays_nan_in_the_body_and_in_the_tail(name, dtype):
    z = np.zeros(19, dtype)
    z[[3, 18]] = np.nan
    np.testing.assert_array_equal(np.isnan(phi(name, z)[0]), np.isnan(z))


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", FIXED)
def test_arrays_of_any_length_get_the_same_numbers_and_nothing_beyond_is_touched(name, dtype):
    z = np.linspace(-4, 4, 40).astype(dtype)
    whole = np.array(phi(name, z))
    for size in (1, 7, 8, 9, 15, 16, 17, 31, 33):
        guard = np.full((2, 48), 7.0, dtype)
        run(ACTIVATION_CODES[family_name(name)], alpha_of(name), z[:size], guard[0, :size], guard[1, :size])
        np.testing.assert_array_equal(guard[:, :size], whole[:, :size])
        assert np.all(guard[:, size:] == 7.0)


@pytest.mark.parametrize("name", FIXED)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_kernel_equals_its_readable_twin(name, numbers):
    z = np.array(numbers)
    for found, expected in zip(phi(name, z), (function(z) for function in TWIN[name]), strict=True):
        # 1e-12: the twin's own rounding of e^(-z^2/2) and of cosh^2 in the far tail; 1e-300: kernels flush below it
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15 * np.abs(expected).max() + 1e-300)
