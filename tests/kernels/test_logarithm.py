"""log10 of many norms at once against NumPy's extended precision."""

import numba
import numpy as np
import pytest

from vgdesk.kernels.simd.logarithm import log10_norms


@numba.njit
def run(squares, exponents, out):
    """Calls the vector function from Python."""
    return log10_norms(squares, exponents, out)


def norms_of(squares, exponents):
    out = np.full(len(squares) + 1, 7.0)
    good = run(np.array(squares, np.float64), np.array(exponents, np.int64), out[:-1])
    assert out[-1] == 7.0  # nothing is written behind the end
    return out[:-1], good


def test_norms_of_squares_over_the_whole_range_are_right_to_the_last_bits():
    squares = np.concatenate([np.exp2(np.linspace(-1021, 1023, 40001)), np.linspace(0.25, 4.0, 40001)])
    exponents = np.random.default_rng(0).integers(-2000, 2000, squares.size)
    for given in (exponents, 0 * exponents):
        found, good = norms_of(squares, given)
        true = (np.log2(squares.astype(np.longdouble)) / 2 + given) * np.log10(np.longdouble(2))
        assert good
        np.testing.assert_allclose(found, true.astype(np.float64), rtol=4e-16, atol=2e-16)


@pytest.mark.parametrize("size", range(1, 20))
def test_any_number_of_norms_is_written(size):
    found, good = norms_of(4.0 ** np.arange(size), np.full(size, 3))
    np.testing.assert_allclose(found, (np.arange(size) + 3) * np.log10(2.0), rtol=1e-15)
    assert good


@pytest.mark.parametrize("place", [0, 7, 8, 10])
@pytest.mark.parametrize(
    ("square", "norm", "is_good"), [(0.0, -np.inf, True), (np.inf, np.inf, False), (np.nan, np.nan, False)]
)
def test_zero_is_a_norm_and_what_is_not_finite_is_none(place, square, norm, is_good):
    squares = np.ones(11)
    squares[place] = square
    found, good = norms_of(squares, np.zeros(11))
    expected = np.zeros(11)
    expected[place] = norm
    np.testing.assert_array_equal(found, expected)
    assert good == is_good
