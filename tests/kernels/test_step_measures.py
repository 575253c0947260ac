"""What a measured step tells beside its row, against the same numbers counted in NumPy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import Case, block_cases, cases, deep_case, random_case
from tests.reference.blocks import forward, phi_and_slope
from vgdesk.kernels.rules import ADAM, Rule
from vgdesk.kernels.trainer import Bins, Network

any_case = st.one_of(cases(), block_cases())
few = settings(max_examples=40, deadline=None)


def layers_of(case):
    """Returns the readable twin's layers, with phi(a) and phi'(a) of each."""
    found = forward(case.network, case.weights, case.biases, case.others, case.inputs)
    return [
        (layer, *phi_and_slope(case.network, case.others, number, layer.a)) for number, layer in enumerate(found, 1)
    ]


@given(any_case)
@few
def test_shares_and_moments_are_those_of_the_layers(case):
    _, found = case.trainer().measure_step(case.whole[0])
    for number, (layer, phi, slope) in enumerate(layers_of(case)):
        if np.abs(np.abs(slope) - 0.01).min() > 1e-9:  # else rounding decides
            assert found["saturated"][number] == pytest.approx(np.mean(np.abs(slope) < 0.01), abs=1e-12)
        silent = np.all((phi == 0) & (slope == 0), axis=0)
        assert found["dead"][number] == pytest.approx(np.mean(silent), abs=1e-12)
        assert found["activation-mean"][number] == pytest.approx(layer.h.mean(), rel=1e-8, abs=1e-8)
        assert found["activation-variance"][number] == pytest.approx(layer.h.var(), rel=1e-8, abs=1e-8)


@given(any_case)
@few
def test_weights_their_change_and_their_update_are_measured(case):
    trainer = case.trainer(rate=0.05)
    trainer.run(np.repeat(case.whole, 2, axis=0))
    before = trainer.parameters()[0]
    _, found = trainer.measure_step(case.whole[0])
    after = trainer.parameters()[0]
    for key, ours, theirs in (
        ("weight-norm", before, [0 * W for W in before]),
        ("weight-change", before, case.weights),
        ("update", after, before),
    ):
        with np.errstate(divide="ignore"):
            expected = np.log10([np.linalg.norm(a - b) for a, b in zip(ours, theirs, strict=True)])
        np.testing.assert_allclose(found[key], expected, rtol=1e-9, atol=1e-9)


@given(any_case, st.integers(1, 30), st.floats(-3, 0), st.floats(0.1, 3))
@few
def test_histograms_hold_all_z(case, count, low, high):
    _, found = case.trainer().measure_step(case.whole[0], bins=Bins(count, low, high))
    for shares, (layer, _, _) in zip(found["histogram"], layers_of(case), strict=True):
        edges = np.linspace(low, high, count + 1)
        inside, _ = np.histogram(layer.z[(layer.z >= low) & (layer.z < high)], edges)
        expected = np.array([np.sum(layer.z < low), *inside, np.sum(layer.z >= high)]) / layer.z.size
        assert shares.sum() == pytest.approx(1, abs=1e-12)
        # a z on an edge may fall to either side
        assert np.abs(shares - expected).sum() <= 2.1 / layer.z.size


@given(any_case, st.sampled_from(["float32", "float64"]))
@few
def test_a_measured_step_is_the_step(case, precision):
    one, other = case.trainer(precision=precision), case.trainer(precision=precision)
    measured, made = one.measure_step(case.whole[0], 0.02)[0], other.run(case.whole, [0.02])
    np.testing.assert_array_equal(measured.log10_weight_norm, made.log10_weight_norm)
    for ours, theirs in zip(one.parameters()[0], other.parameters()[0], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(one.moments().variance, other.moments().variance)


@pytest.mark.parametrize("rule", [Rule(), Rule(code=ADAM, momentum=0.9, memory=0.999, epsilon=1e-8)])
def test_what_a_number_format_loses_is_counted_whatever_the_rule(rule):
    case = deep_case(200, 6, "sigmoid", 1.0)
    rows, found = case.trainer(rule=rule).measure_step(case.whole[0])
    size = 6  # decades between |dL/dW| and its smallest entries, but for a few
    norms = rows.log10_weight_norm[0]
    for key, smallest in (("float32-lost", np.log10(2.0**-150)), ("float16-lost", np.log10(2.0**-25))):
        assert np.all(found[key][norms < smallest] == 1)
        assert np.all(found[key][norms > smallest + size] < 0.05)
        assert 0 < np.mean(found[key] == 1) < 1


def test_lost_entries_are_those_numpy_rounds_to_zero():
    case = random_case((9, 9, 9, 4), ("sigmoid", "sigmoid", "identity"), "mse", 5, np.random.default_rng(0), 12.0)
    _, found = case.trainer().measure_step(case.whole[0])
    gradient = case.differentiate()
    for number, dW in enumerate(gradient.weights):
        some = dW[dW != 0]
        assert found["float16-lost"][number] == pytest.approx(np.mean(some.astype(np.float16) == 0), abs=1e-12)
        assert found["float32-lost"][number] == pytest.approx(np.mean(some.astype(np.float32) == 0), abs=1e-12)


def test_weights_that_never_changed_have_changed_by_exactly_zero():
    case = deep_case(3, 4, "tanh", 1.0)
    _, found = case.trainer(rate=0.0).measure_step(case.whole[0])
    assert np.all(found["weight-change"] == -np.inf)
    assert np.all(found["update"] == -np.inf)


def broken(**changes):
    """Returns a case of three layers, changed."""
    case = random_case((3, 4, 4, 2), ("relu", "relu", "identity"), "mse", 6, np.random.default_rng(0))
    return replace(case, **changes)


def layer_scaled(number, factor):
    weights = broken().weights
    return [W * factor if layer == number else W for layer, W in enumerate(weights, 1)]


def test_a_finite_run_has_no_breakdown():
    case = broken()
    trainer = case.trainer()
    trainer.run(case.whole)
    assert trainer.breakdown() is None


@pytest.mark.parametrize("number", [1, 2, 3])
def test_breakdown_names_the_layer_whose_preactivation_overflowed(number):
    case = broken(weights=layer_scaled(number, np.inf))
    trainer = case.trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (number, "preactivation")


def test_breakdown_names_the_loss():
    case = broken(weights=layer_scaled(3, 1e200))
    trainer = case.trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (3, "loss")


def test_breakdown_names_the_normalisation_whose_variance_overflowed():
    case = broken(weights=layer_scaled(2, 1e200))
    case = replace(case, network=replace(case.network, normalisations=("none", "batch", "none")))
    trainer = case.trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (2, "normalisation")


def test_breakdown_names_the_activation():
    case = random_case((3, 4, 2), ("prelu", "identity"), "mse", 6, np.random.default_rng(0))
    trainer = replace(case, weights=[1e10 * case.weights[0], case.weights[1]], others={"slope1": np.array([1e308])})
    trainer = trainer.trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (1, "activation")


def test_breakdown_names_the_layer_where_the_way_back_failed():
    # the units below are silent, so that only the sum of four huge products on the way back overflows
    network = Network((1, 1, 4), ("relu", "identity"), "mse")
    weights, biases = [-np.ones((1, 1)), np.full((4, 1), 1.5e308)], [np.zeros(1), np.zeros(4)]
    case = Case(network, weights, biases, np.ones((1, 1)), np.ones((1, 4)))
    trainer = case.trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (1, "backward")


def test_breakdown_names_the_layer_whose_further_parameters_have_no_gradient():
    # h = 1e308 / 4 cancels in z of the output, signal times a, the slope's gradient, does so only after overflowing
    # (the skip connection wants true numbers; without it z would be scaled, and nothing overflow)
    network = Network((2, 2, 1), ("prelu", "identity"), "mse", skips=("residual", None))
    weights, biases = [np.zeros((2, 2)), np.array([[0.5, -0.5]])], [np.full(2, -1e308), np.zeros(1)]
    case = Case(network, weights, biases, np.ones((2, 2)), np.full((2, 1), 1e3))
    trainer = case.trainer()
    rows = trainer.run(case.whole)
    assert not rows.finite
    assert np.isfinite(rows.loss[0])
    assert trainer.breakdown() == (1, "gradient")


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_weights_of_any_size_have_a_norm(size):
    case = deep_case(2, 3, "tanh", 1.0)
    _, found = replace(case, weights=[size * W for W in case.weights]).trainer(rate=0.0).measure_step(case.whole[0])
    norms = np.log10([np.linalg.norm(W) for W in case.weights]) + np.log10(size)
    np.testing.assert_allclose(found["weight-norm"], norms, rtol=1e-12)
