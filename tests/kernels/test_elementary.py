"""Vector exp, tanh and sigmoid against NumPy's extended precision."""

import numba
import numpy as np
import pytest

from vgdesk.kernels.simd.elementary import exp, sigmoid, tanh

PRECISIONS = [np.float32, np.float64]


@numba.njit
def run_exp(x, out):
    """Calls the vector function from Python."""
    exp(x, out)


@numba.njit
def run_tanh(x, out, slope):
    """Calls the vector function from Python."""
    tanh(x, out, slope)


@numba.njit
def run_sigmoid(x, out, slope):
    """Calls the vector function from Python."""
    sigmoid(x, out, slope)


def true_exp(x):
    return (np.exp(x),)


def true_tanh(x):
    e = np.exp(-2 * np.abs(x))
    return np.tanh(x), 4 * e / (1 + e) ** 2


def true_sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e), e / (1 + e) ** 2


FUNCTIONS = [(run_exp, true_exp), (run_tanh, true_tanh), (run_sigmoid, true_sigmoid)]


def arguments(dtype):
    """Returns numbers over the whole range in which results are normal, dense around 0."""
    limit = 85.0 if dtype == np.float32 else 700.0
    tiny = np.logspace(-30, 1, 2001)
    return np.concatenate([np.linspace(-limit, limit, 20001), np.linspace(-3, 3, 20001), tiny, -tiny]).astype(dtype)


def results(function, x, count):
    outputs = [np.empty_like(x) for _ in range(count)]
    function(x, *outputs)
    return outputs


def last_units(found, exact):
    """Returns the largest error where the truth is a normal number."""
    normal = np.abs(exact) >= 4 * np.finfo(found.dtype).tiny
    spacing = np.spacing(np.abs(exact[normal]).astype(found.dtype)).astype(np.longdouble)
    return np.max(np.abs(found[normal] - exact[normal]) / spacing)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize(("function", "truth"), FUNCTIONS)
def test_values_are_within_three_units_in_the_last_place_and_slopes_within_five(function, truth, dtype):
    """tanh's slope in float32: within six, for ln 2 is subtracted in one step, see `exponential.factors_of_exp`."""
    x = arguments(dtype)
    value, *slope = truth(x.astype(np.longdouble))
    found = results(function, x, 1 + len(slope))
    assert last_units(found[0], value) < 3
    for at, exact in enumerate(slope, 1):
        assert last_units(found[at], exact) < (6 if function is run_tanh and dtype == np.float32 else 5)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65])
def test_arrays_of_any_length_get_the_same_numbers_and_nothing_beyond_is_touched(size, dtype):
    x = np.linspace(-4, 4, 65).astype(dtype)
    guard = np.full((2, 80), 7.0, dtype)
    run_tanh(x[:size], guard[0, :size], guard[1, :size])
    whole = results(run_tanh, x, 2)
    np.testing.assert_array_equal(guard[:, :size], np.array(whole)[:, :size])
    assert np.all(guard[:, size:] == 7.0)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_limits_are_exact(dtype):
    x = np.array([-np.inf, np.inf, 0.0, -1e30, 1e30], dtype)
    np.testing.assert_array_equal(results(run_exp, x, 1)[0], [0, np.inf, 1, 0, np.inf])
    np.testing.assert_array_equal(results(run_tanh, x, 2), [[-1, 1, 0, -1, 1], [0, 0, 1, 0, 0]])
    np.testing.assert_array_equal(results(run_sigmoid, x, 2), [[0, 1, 0.5, 0, 1], [0, 0, 0.25, 0, 0]])


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize(("function", "count"), [(run_exp, 1), (run_tanh, 2), (run_sigmoid, 2)])
def test_nan_stays_nan_in_the_body_and_in_the_tail(function, count, dtype):
    x = np.zeros(19, dtype)
    x[[3, 18]] = np.nan
    for found in results(function, x, count):
        np.testing.assert_array_equal(np.isnan(found), np.isnan(x))


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_tanh_is_odd_and_keeps_the_sign_of_zero(dtype):
    x = arguments(dtype)
    np.testing.assert_array_equal(results(run_tanh, x, 2)[0], -results(run_tanh, -x, 2)[0])
    assert np.signbit(results(run_tanh, np.array([-0.0], dtype), 2)[0][0])


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_a_saturated_unit_has_the_slope_that_one_minus_h_squared_loses(dtype):
    slope = results(run_tanh, np.array([20.0], dtype), 2)[1]
    np.testing.assert_allclose(slope, 4 * np.exp(-40.0), rtol=1e-6)
