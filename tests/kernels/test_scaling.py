"""Magnitudes that no number format holds: deep nets that vanish and explode, zeros that are zeros."""

import numpy as np
import pytest

from tests.kernels.networks import deep_case
from tests.reference.feed_forward import backpropagate
from vgdesk.kernels.trainer import FusedTrainer, Network, differentiate
from vgdesk.spec.activation import ACTIVATIONS


def norms_of(case):
    """Returns log10 norms of dW from the readable twin; each is divided by its peak, for squares underflow first."""
    gradients = backpropagate(*case.twin_arguments)[1]
    peaks = [np.abs(dW).max() for dW in gradients]
    return np.array([np.log10(np.linalg.norm(dW / p)) + np.log10(p) for dW, p in zip(gradients, peaks, strict=True)])


def test_hundred_sigmoid_layers_have_the_norms_of_float64_in_float32():
    case = deep_case(100, 16, "sigmoid", 1.0)
    exact, single = norms_of(case), case.differentiate("float32")
    assert exact[0] < -50
    np.testing.assert_allclose(10 ** (single.log10_weight_norm - exact), 1.0, rtol=0, atol=1e-5)


def test_three_hundred_sigmoid_layers_keep_the_same_digits_in_both_formats():
    case = deep_case(300, 16, "sigmoid", 1.0)
    single, double = case.differentiate("float32"), case.differentiate()
    assert double.log10_weight_norm[0] < -150
    np.testing.assert_allclose(10 ** (single.log10_weight_norm - double.log10_weight_norm), 1.0, rtol=0, atol=3e-5)
    np.testing.assert_allclose(double.log10_weight_norm, norms_of(case), rtol=0, atol=1e-12)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_gradient_below_every_float_is_a_number(precision):
    depth, weight = 1000, 0.3
    network = Network((1,) * (depth + 1), ("tanh",) * depth, "half-mse-sum")
    weights, biases = [np.array([[weight]])] * depth, [np.zeros(1)] * depth
    zero, one = np.zeros((1, 1)), np.ones((1, 1))
    found = differentiate(network, weights, biases, zero, one, precision)
    # at z = 0 every slope is 1, so that delta of layer 1 is weight ** 999 with the weight as the format holds it
    stored = float(np.dtype(precision).type(weight))
    assert found.log10_delta_norm[0] == pytest.approx(999 * np.log10(stored), rel=1e-8)
    assert found.log10_delta_norm[0] < -520
    assert found.deltas[0][0, 0] == 0.0


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_gradient_above_every_float_is_a_number(precision):
    depth, weight = 1000, 3.0
    network = Network((1,) * (depth + 1), ("tanh",) * depth, "half-mse-sum")
    weights, biases = [np.array([[weight]])] * depth, [np.zeros(1)] * depth
    zero, one = np.zeros((1, 1)), np.ones((1, 1))
    found = differentiate(network, weights, biases, zero, one, precision)
    assert found.log10_delta_norm[0] == pytest.approx(999 * np.log10(weight), rel=1e-8)
    assert np.isinf(found.deltas[0][0, 0])


@pytest.mark.parametrize(("name", "gain", "depth"), [("tanh", 3.0, 100), ("identity", 1.3, 200)])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_exploding_networks_are_recorded_without_nan(name, gain, depth, precision):
    case = deep_case(depth, 32, name, gain)
    found = case.differentiate(precision)
    assert np.isfinite(found.loss)
    assert np.isfinite(found.log10_weight_norm).all()
    assert found.log10_delta_norm[0] > 10
    if precision == "float64":
        # this tanh network is chaotic: it carries a rounding of 1e-16 at the input to 1e-5 and more at the output
        np.testing.assert_allclose(found.log10_weight_norm, norms_of(case), rtol=0, atol=0.01)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_float32_weight_gradients_survive_activations_of_any_size(size):
    case = deep_case(2, 8, "identity", 1.0)
    weights = [case.weights[0] * size, case.weights[1] / size]
    single = differentiate(case.network, weights, case.biases, case.inputs, case.targets, "float32")
    double = differentiate(case.network, weights, case.biases, case.inputs, case.targets)
    np.testing.assert_allclose(10 ** (single.log10_weight_norm - double.log10_weight_norm), 1.0, atol=1e-5)
    assert double.log10_weight_norm[1] == pytest.approx(np.log10(size), abs=2)


def test_a_gradient_of_zero_is_minus_infinity():
    case = deep_case(3, 4, "tanh", 1.0)
    learnt = case.differentiate().activations[-1]
    found = differentiate(case.network, case.weights, case.biases, case.inputs, learnt)
    assert found.loss == 0.0
    assert np.all(found.log10_weight_norm == -np.inf)
    assert np.all(found.log10_delta_norm == -np.inf)


def test_a_dead_relu_layer_stops_the_gradient_exactly():
    case = deep_case(3, 4, "relu", 1.0)
    biases = [np.zeros(4), np.full(4, -100.0), np.ones(4)]
    found = differentiate(case.network, case.weights, biases, case.inputs, case.targets)
    assert np.all(found.log10_weight_norm == -np.inf)
    assert list(np.isfinite(found.log10_delta_norm)) == [False, False, True]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_overflow_in_the_forward_pass_is_recorded_and_ends_the_run(precision):
    case = deep_case(4, 8, "identity", 1.0)
    trainer = FusedTrainer(
        case.network, case.weights, case.biases, case.inputs, case.targets, rate=1e9, batch=16, precision=precision
    )
    rows = trainer.run(np.tile(np.arange(16), (200, 1)))
    assert not rows.finite
    assert 1 < len(rows.loss) < 200
    assert np.isfinite(rows.loss[:-1]).all()
    assert np.isfinite(rows.log10_weight_norm[:-1]).all()
    assert np.isnan(rows.log10_weight_norm[-1]).all()


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_activation_swallows_a_number_that_is_not_finite(bad, name, precision):
    case = deep_case(4, 5, name, 1.0)
    case.weights[1][2, 3] = bad
    found = case.differentiate(precision)
    assert np.isnan(found.loss)
    assert np.isnan(found.log10_weight_norm).all()
    assert np.isnan(found.weights[0]).all()


def test_an_input_beyond_float32_is_non_finite_there_and_fine_in_float64():
    case = deep_case(2, 3, "tanh", 1.0)
    case.inputs[0, 0] = 1e60
    assert np.isnan(case.differentiate("float32").loss)
    assert np.isfinite(case.differentiate("float64").loss)


def test_an_enormous_update_makes_infinite_weights_but_leaves_absent_ones_at_zero():
    depth = 40
    network = Network((2,) * (depth + 1), ("tanh",) * depth, "half-mse-sum", (np.eye(2),) * depth)
    weights, biases = [1e30 * np.eye(2)] * depth, [np.zeros(2)] * depth
    inputs = np.array([[1e-31, 0.0]])
    trainer = FusedTrainer(network, weights, biases, inputs, np.ones((1, 2)), rate=1.0, batch=1)
    trainer.run(np.zeros((1, 1), int))
    changed, _ = trainer.parameters()
    assert all(W[0, 1] == W[1, 0] == 0.0 for W in changed)


def test_the_cpu_treats_subnormals_as_before_after_a_kernel():
    deep_case(50, 8, "sigmoid", 1.0).differentiate("float32")
    assert np.float64(2.0**-1022) / np.float64(4.0) > 0.0
