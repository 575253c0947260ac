"""The passes over a batch that are written in vectors: copying examples, summing columns, softmax of a row."""

import numba
import numpy as np
import pytest

from vgdesk.kernels.losses import LOSS_CODES, output_delta
from vgdesk.kernels.simd.columns import column_sums
from vgdesk.kernels.simd.examples import copy_rows

SIZES = (1, 7, 8, 9, 15, 16, 17, 33)  # around one and two vectors of either format
FORMATS = ("float32", "float64")


@numba.njit
def copied(source, rows, following, target):
    """Calls the kernel from Python."""
    copy_rows(source, rows, following, target)


@numba.njit
def summed(delta, sums):
    """Calls the kernel from Python."""
    return column_sums(delta, sums)


@numba.njit
def softmax(code, z, targets, delta):
    """Calls the kernel from Python."""
    return output_delta(code, z, z, z, targets, delta)


@pytest.mark.parametrize("columns", SIZES)
@pytest.mark.parametrize("precision", FORMATS)
def test_rows_are_copied_in_the_order_asked_for_and_nothing_else_is_written(columns, precision):
    source = np.random.default_rng(0).standard_normal((5, columns)).astype(precision)
    rows, room = np.array([4, 0, 4, 2]), np.full((6, columns), 7, precision)
    copied(source, rows, np.array([0, 1, 2, 3]), room[1:5])
    np.testing.assert_array_equal(room[1:5], source[rows])
    assert (room[[0, 5]] == 7).all()


@pytest.mark.parametrize("columns", SIZES)
@pytest.mark.parametrize("rows", [1, 3, 4, 6])
@pytest.mark.parametrize("precision", FORMATS)
def test_columns_are_summed_with_their_squares_and_nothing_else_is_written(rows, columns, precision):
    delta = np.random.default_rng(1).standard_normal((rows, columns)).astype(precision)
    room = np.full(columns + 2, 7, precision)
    square = summed(delta, room[1:-1])
    # some roundings of numbers near 1, in another order than here
    rounding = 8 * float(np.finfo(precision).eps)
    expected = delta.astype(float).sum(axis=0)
    np.testing.assert_allclose(room[1:-1], expected, rtol=0, atol=rows * rounding)
    assert square == pytest.approx(np.sum(expected**2), rel=columns * rounding, abs=columns * rows * rounding)
    assert room[0] == room[-1] == 7


@pytest.mark.parametrize("outputs", SIZES)
@pytest.mark.parametrize("precision", FORMATS)
def test_softmax_of_any_number_of_outputs_is_that_of_numpy(outputs, precision):
    generator = np.random.default_rng(outputs)
    z = (3 * generator.standard_normal((6, outputs))).astype(precision)
    targets = generator.dirichlet(np.ones(outputs), 6).astype(precision)
    delta = np.empty_like(z)
    loss = softmax(LOSS_CODES["softmax-cross-entropy"], z, targets, delta)
    true = z.astype(float)
    p = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    rounding = float(np.finfo(precision).eps)
    # targets sum to 1 within a few roundings, which the largest z multiplies
    assert loss == pytest.approx(-np.mean(np.sum(targets * np.log(p), axis=1)), rel=20 * rounding, abs=40 * rounding)
    np.testing.assert_allclose(delta, (p - targets) / 6, rtol=0, atol=4 * rounding)


@pytest.mark.parametrize("precision", FORMATS)
def test_softmax_of_outputs_far_below_zero_is_not_disturbed_by_lanes_beyond_the_last(precision):
    z = np.full((2, 3), -1000, precision)
    z[:, 1] = -999
    delta = np.empty_like(z)
    loss = softmax(LOSS_CODES["softmax-cross-entropy"], z, np.eye(3, dtype=precision)[[1, 1]], delta)
    assert loss == pytest.approx(np.log(1 + 2 * np.exp(-1.0)), rel=4 * float(np.finfo(precision).eps))
