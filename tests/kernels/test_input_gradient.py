"""dL/dh^0 against the readable twin, finite differences, PyTorch's dL/dx, and where numbers leave their format."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.det import det
from tests.agreement.test_layers import FIXTURES, SHAPES, surrounded
from tests.kernels.networks import block_cases, cases, deep_case, random_case, with_options
from tests.kernels.test_blocks import SMOOTH, dropping_case, twin
from tests.kernels.test_feed_forward import assert_close
from vgdesk.kernels.trainer import Network, differentiate

few = settings(max_examples=60, deadline=None)
DENSE = json.loads((Path(__file__).parents[1] / "agreement" / "data" / "dense.json").read_text())


def assert_input_is_that_of_the_twin(case, tolerance):
    found, expected = case.differentiate(), twin(case)
    # where normalising cancels the whole gradient, only rounding of the layers above is left of it
    size = max(np.abs(array).max() for array in expected.states)
    assert_close([found.inputs], [expected.inputs], tolerance, 1e-4 * size)
    norm = np.linalg.norm(found.inputs)
    np.testing.assert_allclose(10**found.log10_input_norm, norm, rtol=1e-9, atol=1e-300)


@given(cases())
@few
def test_gradient_at_the_input_is_that_of_the_twin(case):
    assert_input_is_that_of_the_twin(case, 1e-9)


@given(block_cases())
@few
def test_gradient_at_the_input_is_that_of_the_twin_whatever_the_first_layer_does(case):
    assert_input_is_that_of_the_twin(case, 1e-8)


@given(block_cases(activations=SMOOTH), st.integers(0, 2**32 - 1))
@few
def test_gradient_at_the_input_is_the_slope_along_any_direction_of_it(case, seed):
    direction, step = np.random.default_rng(seed).standard_normal(case.inputs.shape), 1e-6
    found = case.differentiate()
    up, down = (replace(case, inputs=case.inputs + sign * step * direction).differentiate() for sign in (1, -1))
    slope, along = (up.loss - down.loss) / (2 * step), np.vdot(found.inputs, direction)
    # rounding of the loss over the step, and the third derivative times its square, which a small variance makes large
    size = np.linalg.norm(found.inputs) * np.linalg.norm(direction)
    assert slope == pytest.approx(along, rel=1e-4, abs=1e-4 * size + 1e-8 * (1 + abs(found.loss)))


def test_dense_layer_has_the_input_gradient_of_pytorch():
    expected, x = DENSE["linear"]["out"], det((3, 4), 0.3, 0.7)
    targets = np.array(expected["y"]) - len(x) * det((3, 5), 0.5, 0.37)
    arrays = [det((5, 4), 0.1, 1.1)], [det(5, 0.2, 0.9)], x, targets
    found = differentiate(Network((4, 5), ("identity",), "half-mse-sum"), *arrays)
    np.testing.assert_allclose(found.inputs, expected["dx"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("kind", SHAPES)
def test_normalised_layer_has_the_input_gradient_of_pytorch(kind):
    name, shape = SHAPES[kind]
    expected, units = FIXTURES[name]["out"], shape[1]
    others = {"gamma1": 1 + 0.3 * det((units,), 0.2, 1), "beta1": det((units,), 0.4, 0.5)}
    arrays = surrounded(shape, det(shape, 0.3, 0.7, 2), np.array(expected["y"]), det(shape, 0.5, 0.37))
    network = Network((units,) * 3, ("identity",) * 2, "half-mse-sum", normalisations=(kind, "none"))
    found = differentiate(network, *arrays, others=others)
    np.testing.assert_allclose(found.inputs, expected["dx"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("gain", [1e-7, 1e7])
def test_norm_at_the_input_has_a_number_where_its_values_have_none(precision, gain):
    case = deep_case(60, 8, "identity", gain)
    found = differentiate(case.network, case.weights, case.biases, 0 * case.inputs, case.targets, precision)
    # of a linear network it is one more product, whatever the numbers' size
    product = np.eye(8)
    for W in case.weights[::-1]:
        product = product @ (W / gain)
    outputs = (0 * case.inputs - case.targets) / len(case.inputs)
    expected = np.log10(np.linalg.norm(outputs @ product)) + 60 * np.log10(gain)
    assert found.log10_input_norm == pytest.approx(expected, abs=4e-6)
    assert abs(expected) > 400


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_first_weights_of_any_size_keep_the_norm(size):
    case = random_case((3, 4, 2), ("identity", "tanh"), "half-mse-sum", 6, np.random.default_rng(0))
    case = replace(case, biases=[0 * case.biases[0], case.biases[1]], inputs=0 * case.inputs)
    scaled = replace(case, weights=[size * case.weights[0], case.weights[1]])
    expected = case.differentiate().log10_input_norm + np.log10(size)
    assert scaled.differentiate().log10_input_norm == pytest.approx(expected, rel=1e-13)


def test_a_dead_first_layer_hands_on_exactly_nothing_but_its_skip_does():
    case = deep_case(3, 4, "relu", 1.0)
    case = replace(case, weights=[0 * case.weights[0], *case.weights[1:]], biases=[-np.ones(4), np.ones(4), np.ones(4)])
    found = case.differentiate()
    assert found.log10_input_norm == -np.inf
    assert not found.inputs.any()
    past = with_options(case, np.random.default_rng(0), skips=("residual", None, None)).differentiate()
    np.testing.assert_array_equal(past.inputs, past.states[0])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_is_measured_beforehand_is_the_gradient_of_the_very_step(seed):
    case = dropping_case()  # dropout and batch normalisation: a step differs from an answer
    trainer, silent = case.trainer(seed=seed), case.trainer(seed=seed)
    for _ in range(3):
        outputs, (at_input, at_first) = trainer.measure_input(case.whole[0])
        np.testing.assert_array_equal(outputs, silent.measure(case.whole[0])[1])
        rows, expected = trainer.run(case.whole), silent.run(case.whole)
        assert at_first == rows.log10_state_norm[0, 0] == expected.log10_state_norm[0, 0]
        assert np.isfinite(at_input)


def test_a_step_without_finite_numbers_has_no_gradient_at_the_input():
    case = random_case((2, 3, 1), ("relu", "identity"), "mse", 4, np.random.default_rng(0))
    broken = replace(case, targets=np.full_like(case.targets, np.nan))
    assert np.isnan(broken.trainer().measure_input(case.whole[0])[1]).all()
    found = broken.differentiate()
    assert np.isnan(found.log10_input_norm)
    assert np.isnan(found.inputs).all()
