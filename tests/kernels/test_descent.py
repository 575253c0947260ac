"""Plain descent in one pass with the gradient: the numbers of the update that follows the gradient, to the last bit."""

import sys

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.fences import fenced
from tests.kernels.networks import cases, random_case
from vgdesk.kernels import descent
from vgdesk.kernels.clipping import BY_NORM, Cap
from vgdesk.kernels.products import descent_product
from vgdesk.kernels.simd.columns import column_descent
from vgdesk.kernels.trainer import FusedTrainer, Network

NEVER = Cap(BY_NORM, 1e300)
"""Clips nothing, but has to know all gradients before any parameter changes."""
PRECISIONS = ["float32", "float64"]
few = settings(max_examples=60, deadline=None)


@numba.njit
def run_product(delta, h, W, factor, out):
    """Calls the kernel from Python."""
    return descent_product(delta, h, W, factor, out)


@numba.njit
def run_columns(delta, b, factor, out):
    """Calls the kernel from Python."""
    return column_descent(delta, b, factor, out)


def both_ways(make, rows, calls=1):
    """Returns parameters and rows of a trainer that descends in one pass, and of one that must not."""
    found = []
    for cap in (Cap(), NEVER):
        trainer = make()
        trainer.cap = cap
        recorded = [trainer.run(rows) for _ in range(calls)]
        found.append((trainer.parameters(), recorded))
    return found


def assert_same_bits(found):
    """Compares parameters and every recorded norm."""
    (one, their_rows), (other, our_rows) = found
    for first, second in zip([*one[0], *one[1]], [*other[0], *other[1]], strict=True):
        np.testing.assert_array_equal(first, second)
    for first, second in zip(their_rows, our_rows, strict=True):
        assert first.finite == second.finite
        for name in ("loss", "log10_weight_norm", "log10_bias_norm", "log10_delta_norm"):
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


@pytest.mark.parametrize("precision", PRECISIONS)
@given(case=cases(), steps=st.integers(1, 4), calls=st.integers(1, 3))
@few
def test_any_network_has_the_bits_of_the_update_that_follows_the_gradient(case, steps, calls, precision):
    rows = np.repeat(case.whole, steps, axis=0)
    assert_same_bits(both_ways(lambda: case.trainer(0.05, precision=precision), rows, calls))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("activation", "gain"), [("sigmoid", 1.0), ("tanh", 3.0), ("relu", 0.02), ("identity", 8.0)])
def test_gradients_far_outside_the_format_change_the_same_bits(activation, gain, precision):
    depth, width = 60, 20
    generator = np.random.default_rng(3)
    network = Network((width,) * (depth + 1), (activation,) * depth, "mse")
    weights = [generator.standard_normal((width, width)) * gain / np.sqrt(width) for _ in range(depth)]
    biases = [np.full(width, 0.01) for _ in range(depth)]
    inputs, targets = generator.standard_normal((2, 9, width))

    def make():
        return FusedTrainer(network, weights, biases, inputs, targets, rate=1e-3, batch=9, precision=precision)

    assert_same_bits(both_ways(make, np.tile(np.arange(9), (3, 1))))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_sparse_wiring_and_biases_that_stay_keep_the_bits(precision):
    generator = np.random.default_rng(1)
    masks = tuple(generator.integers(0, 2, shape).astype(float) for shape in ((18, 7), (4, 18)))
    weights = [generator.standard_normal(mask.shape) * mask for mask in masks]
    biases = [np.ones(18), np.zeros(4)]
    arrays = generator.standard_normal((11, 7)), generator.standard_normal((11, 4))
    for learns in ((True, True), (False, True)):
        network = Network((7, 18, 4), ("tanh", "identity"), "mse", masks=masks, learns_bias=learns)

        def make(network=network):
            return FusedTrainer(network, weights, biases, *arrays, rate=0.1, batch=11, precision=precision)

        found = both_ways(make, np.tile(np.arange(11), (3, 1)))
        assert_same_bits(found)
        assert (found[0][0][1][0] == 1).all() == (not learns[0])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_step_that_is_not_finite_leaves_the_parameters_of_the_step_before(steps):
    case = random_case((6, 17, 5), ("relu", "identity"), "mse", 4, np.random.default_rng(0))
    trainer, twin = case.trainer(0.01), case.trainer(0.01)
    trainer.cap = NEVER
    rows, rates = np.repeat(case.whole, steps + 2, axis=0), np.r_[np.full(steps - 1, 0.01), np.inf, 0.01, 0.01]
    for one in (trainer, twin):
        blown = one.run(rows, rates)
        assert not blown.finite
        assert len(blown.loss) == steps + 1
    for first, second in zip([*trainer.parameters()[0]], [*twin.parameters()[0]], strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_network_too_large_to_be_copied_keeps_the_bits():
    width = 2 * int(np.sqrt(descent.MOST_PARAMETERS) / 2 + 1)
    case = random_case((width, width), ("identity",), "mse", 2, np.random.default_rng(0))
    assert case.weights[0].size > descent.MOST_PARAMETERS
    assert_same_bits(both_ways(lambda: case.trainer(0.05, precision="float32"), case.whole))


@pytest.mark.skipif(sys.platform == "win32", reason="fences are made with mprotect")
@pytest.mark.parametrize("precision", PRECISIONS)
@given(batch=st.integers(1, 40), below=st.integers(1, 70), above=st.integers(1, 40), seed=st.integers(0, 99))
@few
def test_the_product_of_any_shape_touches_nothing_else(precision, batch, below, above, seed):
    generator = np.random.default_rng([seed, batch, below, above])
    shapes = (batch, above), (batch, below), (above, below), (above, below), (batch, above), (above,), (above,)
    arrays = [fenced(generator.standard_normal(shape).astype(precision), bool(seed % 2), seed % 3) for shape in shapes]
    delta, h, W, out, same, b, changed = (one.array for one in arrays)
    square = run_product(delta, h, W, -0.5, out)
    dW = delta.astype(float).T @ h.astype(float)
    rounding = 1e-4 if precision == "float32" else 1e-12
    np.testing.assert_allclose(out, W - 0.5 * dW, rtol=rounding, atol=rounding)
    assert square == pytest.approx(np.sum(dW**2), rel=rounding)
    square = run_columns(same, b, -0.5, changed)
    db = same.astype(float).sum(axis=0)
    np.testing.assert_allclose(changed, b - 0.5 * db, rtol=rounding, atol=rounding)
    assert square == pytest.approx(np.sum(db**2), rel=10 * rounding)
    assert all(one.intact() for one in arrays)
