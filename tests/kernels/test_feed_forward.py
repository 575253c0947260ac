"""The fused kernel against its readable twin and against finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import FIXED, cases, random_case
from tests.reference.feed_forward import backpropagate, loss_of
from vgdesk.kernels.trainer import FusedTrainer, Network, differentiate
from vgdesk.spec.activation import facts_of

DIFFERENTIABLE = [name for name in FIXED if not facts_of(name).kinks]
few = settings(max_examples=60, deadline=None)


def assert_close(found, expected, tolerance, floor=0.0):
    """Compares arrays relative to the largest number of each (rounding spreads over a matrix), at least `floor`."""
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(
            ours, theirs, rtol=tolerance, atol=tolerance * max(1e-300, floor, np.abs(theirs).max())
        )


@given(cases())
@few
def test_kernel_equals_readable_backpropagation(case):
    loss, dW, db, deltas = backpropagate(*case.twin_arguments)
    found = case.differentiate()
    assert found.loss == pytest.approx(loss, rel=1e-12, abs=1e-14)
    assert_close(found.weights, dW, 1e-11)
    assert_close(found.biases, db, 1e-11)
    assert_close(found.deltas, deltas, 1e-11)


@given(cases())
@few
def test_float32_kernel_is_float64_up_to_its_rounding(case):
    loss, single = backpropagate(*case.twin_arguments)[0], case.differentiate("float32")
    double = case.differentiate()
    assert single.loss == pytest.approx(loss, rel=1e-4, abs=1e-5)
    # rounding may carry a unit over its kink
    if not any(facts_of(name).kinks for name in case.network.activations):
        # answers near their targets lose digits in the difference
        assert_close(single.weights, double.weights, 1e-4 + 1e-6 / max(loss**0.5, 1e-6))


@given(cases(activations=DIFFERENTIABLE), st.integers(0, 2**32 - 1))
@few
def test_gradient_is_the_slope_along_any_direction(case, seed):
    generator = np.random.default_rng(seed)
    W_step = [generator.standard_normal(W.shape) for W in case.weights]
    b_step = [generator.standard_normal(b.shape) for b in case.biases]
    found = case.differentiate()
    slope = sum(np.sum(g * s) for g, s in zip((*found.weights, *found.biases), (*W_step, *b_step), strict=True))
    central = central_difference(case, W_step, b_step, 1e-5)
    size = sum(np.sum(np.abs(g * s)) for g, s in zip((*found.weights, *found.biases), (*W_step, *b_step), strict=True))
    assert slope == pytest.approx(central, abs=1e-6 * (1 + size))


def central_difference(case, W_step, b_step, step):
    """Returns (L(p + step u) - L(p - step u)) / (2 step), from the readable twin."""
    names, loss, W, b, *batch = case.twin_arguments
    losses = []
    for sign in (step, -step):
        moved_W = [w + sign * s for w, s in zip(W, W_step, strict=True)]
        moved_b = [v + sign * s for v, s in zip(b, b_step, strict=True)]
        losses.append(loss_of(names, loss, moved_W, moved_b, *batch))
    return (losses[0] - losses[1]) / (2 * step)


@given(cases(), st.sampled_from([1e-3, 0.1]))
@few
def test_one_step_moves_parameters_against_the_gradient(case, rate):
    batch = len(case.inputs)
    trainer = FusedTrainer(case.network, case.weights, case.biases, case.inputs, case.targets, rate=rate, batch=batch)
    trainer.run(np.arange(batch)[None])
    _, dW, db, _ = backpropagate(*case.twin_arguments)
    weights, biases = trainer.parameters()
    assert_close(weights, [W - rate * g for W, g in zip(case.weights, dW, strict=True)], 1e-11)
    assert_close(biases, [b - rate * g for b, g in zip(case.biases, db, strict=True)], 1e-11)


@given(cases())
@few
def test_absent_connections_have_no_gradient_and_the_rest_is_unchanged(case):
    generator = np.random.default_rng(1)
    masks = tuple((generator.random(W.shape) < 0.5).astype(float) for W in case.weights)
    weights = [W * mask for W, mask in zip(case.weights, masks, strict=True)]
    network = Network(case.network.widths, case.network.activations, case.network.loss, masks)
    found = differentiate(network, weights, case.biases, case.inputs, case.targets)
    _, dW, _, _ = backpropagate(*case.twin_arguments[:2], weights, case.biases, case.inputs, case.targets)
    assert_close(found.weights, [g * mask for g, mask in zip(dW, masks, strict=True)], 1e-11)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_learnt_example_still_has_its_small_gradient(precision):
    network = Network((1, 2), ("identity",), "softmax-cross-entropy")
    weights, one = [np.array([[40.0], [0.0]])], np.ones((1, 1))
    found = differentiate(network, weights, [np.zeros(2)], one, np.array([[1.0, 0.0]]), precision)
    small = np.exp(-40.0)
    np.testing.assert_allclose(found.deltas[0], [[-small, small]], rtol=1e-6)
    assert found.loss == pytest.approx(small, rel=1e-6, abs=0)


@pytest.mark.parametrize("raw", [-700.0, -40.0, 0.0, 40.0, 700.0])
def test_bce_is_finite_and_exact_for_any_raw_output(raw):
    network = Network((1, 1), ("sigmoid",), "bce")
    found = differentiate(network, [np.array([[raw]])], [np.zeros(1)], np.ones((1, 1)), np.ones((1, 1)))
    assert found.loss == pytest.approx(np.logaddexp(0, -raw), rel=1e-14, abs=0)
    assert found.deltas[0][0, 0] == pytest.approx(-np.exp(-np.logaddexp(0, raw)), rel=1e-13, abs=0)


@pytest.mark.parametrize("rows", [[[0, 5]], [[-1, 0]], [[0]], [0, 1]])
def test_rows_outside_the_examples_are_refused(rows):
    case = random_case((2, 3, 1), ("tanh", "identity"), "mse", 5, np.random.default_rng(0))
    trainer = FusedTrainer(case.network, case.weights, case.biases, case.inputs, case.targets, rate=0.1, batch=2)
    with pytest.raises(ValueError, match="rows must"):
        trainer.run(np.array(rows))


def test_arrays_of_the_wrong_shape_are_refused():
    case = random_case((2, 3, 1), ("tanh", "identity"), "mse", 5, np.random.default_rng(0))
    with pytest.raises(ValueError, match="weights must have shapes"):
        differentiate(case.network, case.weights[::-1], case.biases, case.inputs, case.targets)
    with pytest.raises(ValueError, match="biases must have shapes"):
        differentiate(case.network, case.weights, case.biases[:1], case.inputs, case.targets)
    with pytest.raises(ValueError, match="inputs and targets must have shapes"):
        differentiate(case.network, case.weights, case.biases, case.inputs, case.targets[:3])
