"""Products in parts: the same numbers as at once, and an end in the middle when the word is there."""

import numba
import numpy as np
import pytest

from vgdesk.kernels import interruption
from vgdesk.kernels.layout import build_wiring
from vgdesk.kernels.long_products import (
    LONGEST,
    long_backward_product,
    long_forward_product,
    long_gradient_product,
)
from vgdesk.kernels.memory import aligned_zeros

BELOW, ABOVE = 512, 300
PART = LONGEST // (BELOW * ABOVE)
ROWS = PART + 37


@numba.njit
def run_forward(h, W, b, z, strip):
    """Calls the kernel from Python."""
    return long_forward_product(h, W, b, z, strip)


@numba.njit
def run_backward(delta, W, slope, dh, strip):
    """Calls the kernel from Python."""
    return long_backward_product(delta, W, slope, dh, strip)


@numba.njit
def run_gradient(delta, h, mask, dW, strip):
    """Calls the kernel from Python."""
    return long_gradient_product(delta, h, mask, dW, strip)


@pytest.fixture(autouse=True)
def _no_word_stays():
    yield
    interruption.resume()


@pytest.fixture(scope="module")
def factors():
    """Returns h, W and delta of more rows than go into one part, float32."""
    generator = np.random.default_rng(0)
    shapes = (ROWS, BELOW), (ABOVE, BELOW), (ROWS, ABOVE)
    return [generator.standard_normal(shape, np.float32) for shape in shapes]


@pytest.fixture(params=["explicit", "blas"])
def strip(request):
    """Returns the scratch memory that chooses who multiplies."""
    size = build_wiring((BELOW, ABOVE), ("tanh",), None, np.dtype(np.float32)).strip_size[0]
    return aligned_zeros(size if request.param == "explicit" else 0, np.dtype(np.float32))


def assert_close(found, expected):
    """Compares with float32's digits of the largest number."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


def test_forward_in_parts(factors, strip):
    h, W, _ = factors
    b, z = np.arange(ABOVE, dtype=np.float32), np.empty((ROWS, ABOVE), np.float32)
    square = run_forward(h, W, b, z, strip)
    assert_close(z, h @ W.T + b)
    assert square == pytest.approx(np.sum(z.astype(float) ** 2), rel=1e-4)


def test_backward_in_parts(factors, strip):
    slope, W, delta = factors
    dh = np.empty((ROWS, BELOW), np.float32)
    before, after = run_backward(delta, W, slope.ravel(), dh, strip)
    assert_close(dh, (delta @ W) * slope)
    assert before == pytest.approx(np.sum((delta @ W).astype(float) ** 2), rel=1e-4)
    assert after == pytest.approx(np.sum(dh.astype(float) ** 2), rel=1e-4)


@pytest.mark.parametrize("is_masked", [False, True])
def test_gradient_in_parts(factors, strip, is_masked):
    h, W, delta = factors
    mask = (W > 0).astype(np.float32) if is_masked else np.ones_like(W)
    dW = np.full((ABOVE, BELOW), np.nan, np.float32)
    square = run_gradient(delta, h, mask.ravel() if is_masked else mask.ravel()[:0], dW, strip)
    assert_close(dW, (delta.T @ h) * mask)
    assert square == pytest.approx(np.sum(dW.astype(float) ** 2), rel=1e-4)


def test_the_word_ends_a_gradient_after_its_first_part(factors, strip):
    h, _, delta = factors
    dW = np.empty((ABOVE, BELOW), np.float32)
    interruption.interrupt()
    run_gradient(delta, h, dW.ravel()[:0], dW, strip)
    assert_close(dW, delta[:PART].T @ h[:PART])


def test_the_word_ends_the_way_forward_and_back_before_any_part(factors, strip):
    h, W, delta = factors
    z, dh = np.zeros((ROWS, ABOVE), np.float32), np.zeros((ROWS, BELOW), np.float32)
    interruption.interrupt()
    run_forward(h, W, np.ones(ABOVE, np.float32), z, strip)
    run_backward(delta, W, h.ravel(), dh, strip)
    assert not z.any()
    assert not dh.any()


def test_fewer_rows_than_a_part_would_have_are_one_part():
    generator = np.random.default_rng(1)
    delta, h = (generator.standard_normal((40, size), np.float32) for size in (16384, 4096))
    dW = np.empty((16384, 4096), np.float32)
    run_gradient(delta, h, dW.ravel()[:0], dW, np.zeros(0, np.float32))
    assert_close(dW[::997], delta.T[::997] @ h)
