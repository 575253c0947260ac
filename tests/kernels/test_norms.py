"""The recorded norms of plain networks: four columns, in both formats, for every size of gradient."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.kernels.networks import cases, deep_case, random_case
from tests.reference.blocks import backpropagate
from vgdesk.kernels.trainer import Network, differentiate

COLUMNS = ("log10_weight_norm", "log10_bias_norm", "log10_delta_norm", "log10_state_norm")
few = settings(max_examples=60, deadline=None)


def columns_of(rows):
    """Returns the four norms, shape (4, layers), of a gradient."""
    return np.array([getattr(rows, name) for name in COLUMNS])


@given(cases())
@few
def test_all_columns_are_those_of_the_readable_twin(case):
    twin = backpropagate(case.network, case.weights, case.biases, {}, case.inputs, case.targets)
    rows = case.trainer().run(case.whole)
    for name, arrays in zip(COLUMNS, (twin.weights, twin.biases, twin.deltas, twin.states), strict=True):
        norms = np.array([np.linalg.norm(array) for array in arrays])
        # a sum over the batch may cancel: then its rounding is that of its terms
        scale = 1e-11 * (1 + np.array([np.abs(delta).sum() for delta in twin.deltas]))
        np.testing.assert_allclose(10 ** getattr(rows, name)[0], norms, rtol=1e-10, atol=scale.max())


@given(cases())
@few
def test_true_signals_have_the_recorded_norms(case):
    found = case.differentiate()
    norms = [np.linalg.norm(state) for state in found.states]
    np.testing.assert_allclose(10**found.log10_state_norm, norms, rtol=1e-9, atol=1e-300)


# weights of standard deviation 0.01; deeper than 20 layers its activations, which are not scaled, leave float32
@pytest.mark.parametrize(("name", "gain", "depth"), [("sigmoid", 1.0, 100), ("relu", 0.01 * np.sqrt(32), 20)])
def test_vanishing_networks_have_the_same_norms_in_both_formats(name, gain, depth):
    case = deep_case(depth, 32, name, gain)
    single, double = columns_of(case.differentiate("float32")), columns_of(case.differentiate())
    assert double[3, 0] < -25
    np.testing.assert_allclose(10 ** (single - double), 1.0, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("name", "gain", "depth"), [("tanh", 3.0, 100), ("identity", 1.3, 200)])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_exploding_networks_have_numbers_in_every_column(name, gain, depth, precision):
    found = columns_of(deep_case(depth, 32, name, gain).differentiate(precision))
    assert np.isfinite(found).all()
    assert found[3, 0] > 10


@pytest.mark.parametrize("size", [1e-28, 1e-18, 1e18, 1e28])
def test_a_signal_through_weights_of_any_size_keeps_its_norm_in_float32(size):
    case = random_case((3, 4, 5), ("identity", "tanh"), "half-mse-sum", 6, np.random.default_rng(0))
    case = replace(case, weights=[case.weights[0], size * case.weights[1]])
    case = replace(case, inputs=case.inputs / size, biases=[0 * case.biases[0], case.biases[1]])
    single, double = case.differentiate("float32"), case.differentiate()
    np.testing.assert_allclose(single.log10_state_norm, double.log10_state_norm, rtol=0, atol=4e-6)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("raw", [-2000.0, -50.0, 0.0, 50.0, 2000.0])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_the_signal_at_a_sigmoid_output_is_exact_for_any_raw_output(target, raw, precision):
    network, one = Network((1, 1), ("sigmoid",), "bce"), np.ones((1, 1))
    found = differentiate(network, [raw * one], [np.zeros(1)], one, target * one, precision)
    # dL/dh is 1 / (1 - h) = 1 + e^z for t = 0, and -1 / h for t = 1
    expected = np.logaddexp(0, raw if target == 0 else -raw) / np.log(10)
    assert found.log10_state_norm[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_gradient_of_zero_is_minus_infinity_in_every_column():
    case = deep_case(3, 4, "tanh", 1.0)
    learnt = replace(case, targets=case.differentiate().activations[-1])
    assert np.all(columns_of(learnt.differentiate()) == -np.inf)


@pytest.mark.parametrize("widths", [(7, *[5] * 200, 3), (3, 1024, 1024, 2)])
def test_deep_and_wide_networks_are_trained(widths):
    names = ("tanh",) * (len(widths) - 2)
    case = random_case(widths, (*names, "identity"), "mse", 3, np.random.default_rng(0))
    rows = case.trainer(rate=1e-3, precision="float32").run(np.repeat(case.whole, 3, axis=0))
    assert rows.finite
    assert np.isfinite(rows.log10_state_norm).all()
