"""Layers whose units have different activations, against the readable twin, finite differences and single units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import FIXED, block_cases, random_case
from tests.kernels.test_blocks import SEEDS, SMOOTH, assert_same, assert_slope, twin
from vgdesk.kernels.trainer import FusedTrainer, Network, differentiate

few = settings(max_examples=40, deadline=None)
FREE = ("mse", "half-mse-sum")


@st.composite
def mixed_cases(draw, activations=FIXED):
    """Draws networks with options as `block_cases` does; some layers' units have activations of their own."""
    case = draw(block_cases(activations))
    network = case.network
    own = [tuple(draw(st.sampled_from(activations)) for _ in range(width)) for width in network.widths[1:]]
    own = [names if draw(st.booleans()) else () for names in own]
    own[-1] = own[-1] if network.loss in FREE else ()
    # PReLU is a whole layer's, and its slope a parameter
    return replace(case, network=replace(network, unit_activations=tuple(own)))


@given(mixed_cases())
@few
def test_kernel_equals_the_readable_twin(case):
    # normalising few numbers divides by small variances: digits are lost in both
    assert_same(case.differentiate(), twin(case), 1e-8)


@given(mixed_cases(activations=SMOOTH), SEEDS)
@few
def test_gradient_is_the_slope_along_any_direction(case, seed):
    assert_slope(case, seed)


def units_of(names, widths=(3, 6, 2), batch=7):
    """Returns a case whose first layer has these units."""
    case = random_case(widths, ("tanh", "identity"), "mse", batch, np.random.default_rng(3))
    return replace(case, network=replace(case.network, unit_activations=(names, ())))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu", "elu(0.5)"])
def test_units_that_happen_to_be_alike_give_the_numbers_of_the_plain_layer(name, precision):
    mixed = units_of((name,) * 6)
    plain = replace(mixed, network=Network((3, 6, 2), (name, "identity"), "mse"))
    ours, theirs = mixed.differentiate(precision), plain.differentiate(precision)
    for one, other in zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_formula_of_ones_own_may_stand_beside_names():
    formula = "formula: z*tanh(log(1+exp(z)))"
    own, named = (units_of((unit, "relu", unit, "sigmoid", "tanh", unit)) for unit in (formula, "mish"))
    for one, other in zip(own.differentiate().weights, named.differentiate().weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


def test_only_the_units_that_are_flat_count_as_saturated_and_dead():
    case = units_of(("relu", "tanh", "identity", "relu", "sigmoid", "identity"))
    biases = [np.array([-100.0, 100.0, -100.0, 100.0, -100.0, 0.0]), case.biases[1]]
    _, found = replace(case, biases=biases).trainer().measure_step(case.whole[0])
    assert found["saturated"][0] == pytest.approx(3 / 6)
    assert found["dead"][0] == pytest.approx(1 / 6)


def test_a_training_step_follows_the_gradient_of_the_mixed_layer():
    case = units_of(("relu", "tanh", "sigmoid", "softplus", "identity", "gelu"))
    found, trainer = case.differentiate(), case.trainer(rate=0.5)
    trainer.run(case.whole)
    for W, after, slope in zip(case.weights, trainer.parameters()[0], found.weights, strict=True):
        np.testing.assert_allclose(after, W - 0.5 * slope, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ((("relu", "tanh"), ()), "each empty or with a name per unit"),
        ((("relu",) * 5 + ("prelu",), ()), "one slope per layer"),
        (((),), "must have 2 entries"),
    ],
)
def test_units_that_do_not_fit_the_network_are_refused(own, words):
    case = units_of(())
    with pytest.raises(ValueError, match=words):
        differentiate(replace(case.network, unit_activations=own), case.weights, case.biases, case.inputs, case.targets)


def test_an_output_that_the_loss_fixes_cannot_be_mixed():
    network = Network((1, 2), ("sigmoid",), "bce", unit_activations=(("sigmoid", "tanh"),))
    arrays = [np.ones((2, 1))], [np.zeros(2)], np.ones((1, 1)), np.ones((1, 2))
    with pytest.raises(ValueError, match="must be empty with bce"):
        FusedTrainer(network, *arrays, rate=0.1, batch=1)
