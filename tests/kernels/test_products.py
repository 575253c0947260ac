"""The three products, both ways, against NumPy in float64: every size, every edge, between fences."""

import sys

import numba
import numpy as np
import pytest

from tests.kernels.fences import fenced
from tests.kernels.networks import random_case
from vgdesk.kernels import layout
from vgdesk.kernels.cell_products import add_backward_product, add_forward_product, pack_weights, packed_forward_product
from vgdesk.kernels.layout import build_wiring
from vgdesk.kernels.products import (
    backward_product,
    forward_product,
    gradient_product,
    is_finite,
    is_thin,
    thin_gradients,
)
from vgdesk.kernels.simd.registers import packed_size, strip_size
from vgdesk.kernels.simd.thin import INPUTS

WAYS = ["explicit", "blas"]
PRECISIONS = [np.float32, np.float64]
SIZES = range(1, 71)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fences are made with mprotect")


@numba.njit
def run_forward(h, W, b, z, strip):
    """Calls the kernel from Python."""
    return is_finite(forward_product(h, W, b, z, strip), z)


@numba.njit
def run_backward(delta, W, slope, dh, strip):
    """Calls the kernel from Python."""
    return backward_product(delta, W, slope, dh, strip)


@numba.njit
def run_gradient(delta, h, mask, dW, strip):
    """Calls the kernel from Python."""
    return gradient_product(delta, h, mask, dW, strip)


@numba.njit
def run_thin(delta, h, dW, db, strip):
    """Calls the kernels from Python; returns NaN where they are not the way."""
    return thin_gradients(delta, h, dW, db, strip) if is_thin(delta, h, strip) else np.nan


@numba.njit
def run_add_forward(h, W, packed, z, room):
    """Calls the kernels from Python."""
    pack_weights(W, packed)
    return add_forward_product(h, W, packed, z, room)


@numba.njit
def run_packed_forward(h, W, packed, b, z):
    """Calls the kernels from Python."""
    pack_weights(W, packed)
    return packed_forward_product(h, packed, b, z)


@numba.njit
def run_add_backward(delta, W, dh, strip, room):
    """Calls the kernel from Python."""
    return add_backward_product(delta, W, dh, strip, room)


class Operands:
    """The arrays of one layer, each between its own fences; what a kernel writes is NaN before."""

    def __init__(self, way, dtype, batch, below, above, seed=0):
        generator = np.random.default_rng([seed, batch, below, above])
        at_end, self._offset = bool(generator.integers(2)), int(generator.integers(3))
        self._fenced = []

        def place(values):
            self._fenced.append(fenced(np.asarray(values, dtype), at_end, self._offset))
            return self._fenced[-1].array

        self.h, self.W, self.b = (
            place(generator.standard_normal(shape)) for shape in ((batch, below), (above, below), above)
        )
        self.delta, self.slope = (place(generator.standard_normal(shape)) for shape in ((batch, above), batch * below))
        self.mask = place(generator.integers(0, 2, above * below))
        self.z, self.dh, self.dW = (
            place(np.full(shape, np.nan)) for shape in ((batch, above), (batch, below), (above, below))
        )
        self.strip = place(np.full(strip_size(below, dtype().itemsize) if way == "explicit" else 0, np.nan))
        self.packed = place(np.full(packed_size(above, below, dtype().itemsize) if way == "explicit" else 0, np.nan))
        self.none = np.zeros(0, dtype)

    def intact(self):
        """Returns whether no kernel wrote outside its arrays."""
        return all(array.intact() for array in self._fenced)


def shapes():
    """Yields (batch, below, above): each of the three takes every size once, beside random others."""
    generator = np.random.default_rng(5)
    for place in range(3):
        for size in SIZES:
            shape = [int(n) for n in generator.integers(1, 71, 3)]
            shape[place] = size
            yield tuple(shape)
    yield from ((1, 1, 1), (32, 32, 32), (8, 64, 32), (3, 1, 70), (1, 70, 1), (70, 1, 1), (2, 131, 257), (300, 5, 6))


def double(*arrays):
    return [array.astype(np.float64) for array in arrays]


def assert_product(found, expected, size, dtype):
    """Compares within the rounding of a sum: `size` holds the sums of the terms' magnitudes."""
    assert np.all(np.abs(found - expected) <= 8 * np.finfo(dtype).eps * (size + 1e-30))


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("way", WAYS)
def test_forward_product_of_every_size(way, dtype):
    for shape in shapes():
        o = Operands(way, dtype, *shape)
        assert run_forward(o.h, o.W, o.b, o.z, o.strip)
        h, W, b = double(o.h, o.W, o.b)
        assert_product(o.z, h @ W.T + b, abs(h) @ abs(W).T + abs(b), dtype)
        assert o.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("way", WAYS)
def test_backward_product_of_every_size(way, dtype):
    for shape in shapes():
        o = Operands(way, dtype, *shape)
        squares = run_backward(o.delta, o.W, o.slope, o.dh, o.strip)
        delta, W, slope = double(o.delta, o.W, o.slope.reshape(o.dh.shape))
        assert_product(o.dh, delta @ W * slope, abs(delta) @ abs(W) * abs(slope), dtype)
        expected = [np.sum((delta @ W) ** 2), np.sum((delta @ W * slope) ** 2)]
        np.testing.assert_allclose(squares, expected, rtol=1e3 * np.finfo(dtype).eps)
        assert o.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("way", WAYS)
def test_products_of_every_size_are_added_to_what_stands_there(way, dtype):
    for shape in shapes():
        o = Operands(way, dtype, *shape)
        o.z[:], o.dh[:] = o.delta[::-1], o.h[::-1]
        (h, W, delta), z, dh = double(o.h, o.W, o.delta), *double(o.z, o.dh)
        assert run_add_forward(o.h, o.W, o.packed, o.z, np.empty_like(o.z))
        square = run_add_backward(o.delta, o.W, o.dh, o.strip, np.empty_like(o.dh))
        assert_product(o.z, z + h @ W.T, abs(z) + abs(h) @ abs(W).T, dtype)
        assert_product(o.dh, dh + delta @ W, abs(dh) + abs(delta) @ abs(W), dtype)
        assert square == pytest.approx(np.sum(o.dh.astype(np.float64) ** 2), rel=1e3 * float(np.finfo(dtype).eps))
        assert o.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("way", WAYS)
def test_an_added_product_that_overflows_is_told(way, dtype):
    o = Operands(way, dtype, 9, 5, 7)
    o.z[:] = 0
    o.h[8, 4] = np.inf
    assert not run_add_forward(o.h, o.W, o.packed, o.z, np.empty_like(o.z))


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_gradient_product_of_every_size(way, masked, dtype):
    for shape in shapes():
        o = Operands(way, dtype, *shape)
        square = run_gradient(o.delta, o.h, o.mask if masked else o.none, o.dW, o.strip)
        delta, h, mask = double(o.delta, o.h, o.mask.reshape(o.dW.shape) if masked else np.ones_like(o.dW))
        assert_product(o.dW, delta.T @ h * mask, abs(delta).T @ abs(h) * mask, dtype)
        np.testing.assert_allclose(square, np.sum((delta.T @ h * mask) ** 2), rtol=1e3 * np.finfo(dtype).eps)
        assert o.intact()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("below", range(1, INPUTS + 1))
def test_few_inputs_and_the_biases_get_their_gradients_in_one_pass(below, dtype):
    for batch, above in ((1, 1), (2, 3), (7, 8), (32, 16), (33, 17), (300, 5), (1600, 40)):
        o = Operands("explicit", dtype, batch, below, above)
        strip, db = np.full((below + 1) * above, np.nan, dtype), np.full(above, np.nan, dtype)
        square = run_thin(o.delta, o.h, o.dW, db, strip)
        delta, h = double(o.delta, o.h)
        assert_product(o.dW, delta.T @ h, abs(delta).T @ abs(h), dtype)
        assert_product(db, delta.sum(axis=0), abs(delta).sum(axis=0), dtype)
        np.testing.assert_allclose(square, np.sum(o.dW.astype(np.float64) ** 2), rtol=1e3 * np.finfo(dtype).eps)
        assert o.intact()


def test_many_inputs_or_a_short_strip_are_not_for_the_one_pass():
    wide, narrow = Operands("explicit", np.float32, 4, INPUTS + 1, 2), Operands("blas", np.float32, 4, 1, 2)
    assert np.isnan(run_thin(wide.delta, wide.h, wide.dW, wide.none, wide.strip))
    assert np.isnan(run_thin(narrow.delta, narrow.h, narrow.dW, narrow.none, narrow.strip))


@pytest.mark.parametrize("way", WAYS)
def test_backward_product_without_slope_has_no_factor(way):
    o = Operands(way, np.float64, 19, 7, 21)
    before, after = run_backward(o.delta, o.W, o.none, o.dh, o.strip)
    np.testing.assert_allclose(o.dh, o.delta @ o.W, atol=1e-13)
    assert before == after == pytest.approx(np.sum(o.dh**2), rel=1e-13)


def assert_finite_but_in_the_last_row(array):
    assert np.isfinite(array[:-1]).all()
    assert not np.isfinite(array[-1]).any()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_finite_reaches_exactly_the_results_it_is_part_of(way, bad, dtype):
    for batch, below, above in ((9, 17, 33), (8, 32, 32), (1, 1, 1), (19, 40, 3)):
        o = Operands(way, dtype, batch, below, above)
        o.h[batch - 1, below - 1] = o.delta[batch - 1, above - 1] = bad
        assert not run_forward(o.h, o.W, o.b, o.z, o.strip)
        assert_finite_but_in_the_last_row(o.z)
        squares = run_backward(o.delta, o.W, o.slope, o.dh, o.strip)
        assert not np.isfinite(squares).any()
        assert_finite_but_in_the_last_row(o.dh)
        assert not np.isfinite(run_gradient(o.delta, o.h, o.none, o.dW, o.strip))
        inside = (np.arange(above)[:, None] < above - 1) & (np.arange(below) < below - 1)
        np.testing.assert_array_equal(np.isfinite(o.dW), inside)


@pytest.mark.parametrize("way", WAYS)
def test_finite_numbers_whose_squares_overflow_are_finite(way):
    o = Operands(way, np.float32, 3, 4, 5)
    o.b[2] = 1e30
    assert run_forward(o.h, o.W, o.b, o.z, o.strip)
    assert np.isfinite(o.z).all()


def test_wide_layers_go_to_blas():
    wiring = build_wiring((64, 2048, 32, 10), ("tanh", "tanh", "identity"), None, np.dtype(np.float32))
    assert wiring.strip_size[0] == wiring.strip_size[1] == 0


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_trainer_that_multiplies_by_blas_finds_the_same_gradient(precision, monkeypatch):
    case = random_case((13, 37, 20, 3), ("tanh", "sigmoid", "identity"), "mse", 19, np.random.default_rng(0))
    explicit = case.differentiate(precision)
    monkeypatch.setattr(layout, "BLAS_WIDTH", 1)
    blas = case.differentiate(precision)
    for ours, theirs in zip(explicit.weights, blas.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=30 * np.finfo(precision).eps * abs(theirs).max())
    np.testing.assert_allclose(explicit.log10_weight_norm, blas.log10_weight_norm, atol=30 * np.finfo(precision).eps)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_a_packed_product_with_a_bias_of_every_size(dtype):
    for shape in shapes():
        o = Operands("explicit", dtype, *shape)
        h, W, b = double(o.h, o.W, o.b)
        assert run_packed_forward(o.h, o.W, o.packed, o.b, o.z)
        assert_product(o.z, h @ W.T + b, abs(h) @ abs(W).T + abs(b), dtype)
        assert o.intact()
