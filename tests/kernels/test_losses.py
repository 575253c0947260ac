"""The loss kernels: digits of small losses, large batches, and the delta against the loss's own difference."""

import math

import numba
import numpy as np
import pytest

from vgdesk.kernels.losses import LOSS_CODES, output_delta

SOFTMAX = LOSS_CODES["softmax-cross-entropy"]


@numba.njit
def run(code, z, h, slope, targets, delta):
    """Calls the kernel from Python."""
    return output_delta(code, z, h, slope, targets, delta)


def softmax(z, targets):
    """Returns (loss, delta)."""
    delta = np.empty_like(z)
    return run(SOFTMAX, z, z, z, targets, delta), delta


def one_hot(classes, outputs, dtype=np.float64):
    return np.eye(outputs, dtype=dtype)[classes]


@pytest.mark.parametrize("margin", [1.0, 20.0, 40.0, 300.0])
def test_loss_of_learnt_examples_keeps_its_digits(margin):
    z = np.array([[0.0, margin], [margin, 0.0], [0.0, margin]])
    loss, _ = softmax(z, one_hot([1, 0, 1], 2))
    # a handful of roundings in exp, log1p and the sum of three
    assert loss == pytest.approx(math.log1p(math.exp(-margin)), rel=1e-14, abs=0)


def test_one_logarithm_serves_a_batch_of_any_size():
    z = np.random.default_rng(0).standard_normal((3000, 50))  # the product of all sums is beyond 1e308
    classes = np.arange(3000) % 50
    loss, _ = softmax(z, one_hot(classes, 50))
    expected = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(3000), classes])
    assert loss == pytest.approx(expected, rel=1e-12)


def test_delta_is_softmax_less_the_targets_also_where_several_outputs_are_largest():
    z = np.array([[2.0, 2.0, -1.0], [0.0, 5.0, 5.0], [1.0, 1.0, 1.0]])
    targets = one_hot([1, 1, 0], 3)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(softmax(z, targets)[1], (p - targets) / 3, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nan_among_the_outputs_makes_the_loss_nan(place):
    z = np.zeros((4, 3))
    z[2, place] = np.nan
    assert math.isnan(softmax(z, one_hot([0, 1, 2, 0], 3))[0])


@pytest.mark.parametrize("code", [LOSS_CODES["mse"], LOSS_CODES["half-mse-sum"], LOSS_CODES["bce"], SOFTMAX])
def test_delta_is_the_slope_of_the_loss(code):
    generator, step = np.random.default_rng(1), 1e-5
    z, direction = generator.standard_normal((2, 5, 3))
    targets, one = one_hot([0, 1, 2, 0, 1], 3), np.ones((5, 3))
    delta = np.empty_like(z)
    run(code, z, z, one, targets, delta)  # with y = z the first two losses have the slope 1
    above, below = (
        run(code, x, x, one, targets, np.empty_like(z)) for x in (z + step * direction, z - step * direction)
    )
    # a central difference: step squared from the third derivative, and 1e-16 / step from rounding
    assert (above - below) / (2 * step) == pytest.approx(np.sum(delta * direction), rel=1e-7, abs=1e-9)
