"""Networks whose h leaves the number format on the way forward, against float64 and against longer exponents."""

from dataclasses import replace

import numpy as np
import pytest

from tests.kernels.networks import deep_case, with_options
from tests.reference.feed_forward import backpropagate
from vgdesk.kernels.layout import ACTIVATION_CODES, SCALES_NOWHERE, build_wiring
from vgdesk.spec.activation import ACTIVATIONS

WIDTH = 32
STD = 0.01
SMALL_AT_ZERO = [name for name in ACTIVATIONS if build_wiring((1, 1), (name,), None, np.dtype(float)).scales[0]]
LONG = pytest.mark.skipif(np.finfo(np.longdouble).minexp > -16000, reason="longdouble has no longer exponent here")


def narrow_case(depth, name, std=STD, bias=0.0):
    """Returns a network of equal layers with W ~ N(0, std^2) and biases of about `bias`."""
    case = deep_case(depth, WIDTH, name, std * np.sqrt(WIDTH))
    generator = np.random.default_rng(1)
    return replace(case, biases=[bias * generator.standard_normal(WIDTH) for _ in case.biases])


def norms_with_long_exponents(case):
    """Returns log10 norms of dW from the readable twin, computed in longdouble."""
    activations, loss, weights, biases, inputs, targets = case.twin_arguments
    weights, biases = ([array.astype(np.longdouble) for array in arrays] for arrays in (weights, biases))
    batch = inputs.astype(np.longdouble), targets.astype(np.longdouble)
    gradients = backpropagate(activations, loss, weights, biases, *batch)[1]
    return np.array([float(np.log10(np.sqrt(np.sum(dW * dW)))) for dW in gradients])


def deviation(log10_norms, others):
    """Returns the largest relative difference of norms given by their logarithms."""
    return np.abs(np.expm1(np.log(10) * (log10_norms - others))).max()


@pytest.mark.parametrize("name", SMALL_AT_ZERO)
def test_hundred_layers_with_weights_of_a_hundredth_have_the_norms_of_float64_in_float32(name):
    case = narrow_case(100, name)
    single, double = case.differentiate("float32"), case.differentiate()
    assert (double.log10_weight_norm < -90).all()
    assert deviation(single.log10_weight_norm, double.log10_weight_norm) < 1e-5
    assert deviation(single.log10_delta_norm, double.log10_delta_norm) < 1e-5


@LONG
@pytest.mark.parametrize("name", ["relu", "leaky-relu", "identity", "tanh"])
@pytest.mark.parametrize("depth", [100, 400])
def test_float64_has_the_norms_of_numbers_with_longer_exponents(name, depth):
    case = narrow_case(depth, name)
    assert deviation(case.differentiate().log10_weight_norm, norms_with_long_exponents(case)) < 1e-11


@LONG
@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "softplus"])
@pytest.mark.parametrize("bias", [1e-3, 1e-30, 1e-200])
def test_a_bias_of_any_size_joins_a_signal_of_any_size(name, bias):
    case = narrow_case(200, name, bias=bias)
    case.biases[:100] = [np.zeros(WIDTH)] * 100
    assert deviation(case.differentiate().log10_weight_norm, norms_with_long_exponents(case)) < 1e-11


def test_a_bias_joins_the_scaled_signal_in_float32():
    case = narrow_case(60, "relu", bias=1e-25)
    single, double = case.differentiate("float32"), case.differentiate()
    assert deviation(single.log10_weight_norm, double.log10_weight_norm) < 1e-5


@pytest.mark.parametrize("name", ["relu", "leaky-relu", "identity", "prelu"])
def test_what_overflows_float32_halfway_and_comes_back_is_recorded(name):
    case = narrow_case(40, name, std=100.0)
    case = replace(case, weights=[*case.weights[:20], *(W / 1e6 for W in case.weights[20:])])
    single, double = case.differentiate("float32"), case.differentiate()
    assert max(np.abs(h).max() for h in double.activations) > 1e45
    assert deviation(single.log10_weight_norm, double.log10_weight_norm) < 1e-5


def test_an_output_beyond_float32_is_not_finite_there():
    single = narrow_case(40, "relu", std=100.0).differentiate("float32")
    assert not np.isfinite(single.loss)


def test_the_output_is_compared_as_the_format_stores_it():
    case = narrow_case(100, "relu")
    single = case.differentiate("float32")
    assert not single.activations[-1].any()
    assert single.loss == pytest.approx(0.5 * np.sum(case.targets**2) / len(case.targets), rel=1e-6)
    assert single.activations[50].max() == pytest.approx(case.differentiate().activations[50].max(), rel=1e-5, abs=0)


def test_units_that_are_dead_stay_exactly_zero():
    case = narrow_case(100, "relu")
    case.weights[10] = -np.abs(case.weights[10])
    single = case.differentiate("float32")
    assert (single.log10_weight_norm == -np.inf).all()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_training_records_what_differentiation_finds(precision):
    case = narrow_case(100, "relu")
    rows = case.trainer(precision=precision).run(np.repeat(case.whole, 3, axis=0))
    assert rows.finite
    assert deviation(rows.log10_weight_norm[0], case.differentiate().log10_weight_norm) < 1e-5
    assert np.isfinite(rows.log10_weight_norm).all()


def test_prelu_and_dropout_keep_the_exponent():
    case, generator = narrow_case(100, "prelu"), np.random.default_rng(2)
    case = with_options(case, generator, dropouts=(0.2,) * 99 + (0.0,))
    single, double = (case.trainer(precision=precision, seed=3).run(case.whole) for precision in ("float32", "float64"))
    assert (double.log10_weight_norm < -90).all()
    assert deviation(single.log10_weight_norm, double.log10_weight_norm) < 1e-5
    assert deviation(single.log10_total_norm, double.log10_total_norm) < 1e-5


@pytest.mark.parametrize("skip", ["residual", "highway"])
def test_skips_and_normalisation_get_true_numbers(skip):
    case, generator = narrow_case(40, "relu"), np.random.default_rng(2)
    norms, skips = ("none",) * 12 + ("layer",) + ("none",) * 27, (None,) * 14 + (skip,) * 4 + (None,) * 22
    case = with_options(case, generator, norms, skips)
    single, double = case.differentiate("float32"), case.differentiate()
    assert deviation(single.log10_delta_norm, double.log10_delta_norm) < 1e-4


def test_measures_of_a_step_are_those_of_true_numbers():
    case = narrow_case(100, "relu")
    single, double = (
        case.trainer(precision=precision).measure_step(case.whole[0])[1] for precision in ("float32", "float64")
    )
    np.testing.assert_allclose(single["activation-mean"][:99], double["activation-mean"][:99], rtol=1e-5)
    np.testing.assert_array_equal(single["dead"], double["dead"])


def test_only_activations_that_are_zero_at_zero_are_scaled():
    for name in ACTIVATION_CODES:
        at_zero = narrow_case(1, name, std=0.0).differentiate().activations[1]
        is_scaled = build_wiring((1, 1), (name,), None, np.dtype(float)).scales[0] != SCALES_NOWHERE
        assert is_scaled == (not at_zero.any())
