"""The seeded draw: same bits, right variances, sparse wiring, explicit numbers in their places."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import network_experiment
from vgdesk.records.parameters import named_arrays, parameter_names
from vgdesk.spec.initialisation import (
    Explicit,
    FixedGaussian,
    Glorot,
    He,
    Identity,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    TorchDefault,
    Zeros,
)
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.training.draws import draw_weights, orthogonal
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw


def wide_experiment(initialisation):
    """Returns a network of 200 inputs, 400 and 1 units."""
    rows = [[0.0] * 200]
    return network_experiment([200, 400, 1], ["tanh"] * 2, rows, [[0.0]], initialisation=initialisation)


@pytest.mark.parametrize("name", EXAMPLES)
def test_same_experiment_draws_the_same_bits(name):
    network = example(name).network
    first, second = (named_arrays(network, draw(example(name))) for _ in range(2))
    assert {key: array.shape for key, array in first.items()} == parameter_names(network)
    for key, array in first.items():
        np.testing.assert_array_equal(array, second[key])


def test_another_seed_draws_other_numbers():
    experiment = example("digits-tanh-20")
    other = msgspec.structs.replace(experiment, seed=experiment.seed + 1)
    assert not np.array_equal(draw(experiment).weights[0], draw(other).weights[0])


@pytest.mark.parametrize(
    ("rule", "deviation"),
    [
        (Glorot(), np.sqrt(2 / 600)),
        (Glorot(distribution="normal", gain=2.0), 2 * np.sqrt(2 / 600)),
        (He(), np.sqrt(2 / 200)),
        (He(distribution="uniform"), np.sqrt(2 / 200)),
        (LeCun(), np.sqrt(1 / 200)),
        (LeCun(distribution="uniform"), np.sqrt(1 / 200)),
        (ScaledGaussian(sigma_w=1.5), 1.5 / np.sqrt(200)),
        (FixedGaussian(std=0.01), 0.01),
        (TorchDefault(), np.sqrt(1 / 3 / 200)),
        (Orthogonal(gain=2.0), 2 * np.sqrt(1 / 400)),
    ],
)
def test_weights_have_the_standard_deviation_of_their_rule(rule, deviation):
    W = draw(wide_experiment(rule)).weights[0]
    # 80,000 draws: the sample deviation is within 0.25 % of the true one (one sigma)
    assert W.std() == pytest.approx(deviation, rel=0.01)
    assert W.mean() == pytest.approx(0.0, abs=4 * deviation / np.sqrt(W.size))


def test_uniform_weights_stay_inside_the_bound_of_glorot():
    W = draw(wide_experiment(Glorot())).weights[0]
    assert 0.99 * np.sqrt(6 / 600) < np.abs(W).max() <= np.sqrt(6 / 600)


def test_torch_default_draws_weights_and_biases_inside_one_bound():
    parameters = draw(wide_experiment(TorchDefault()))
    bound = 1 / np.sqrt(200)
    for numbers in (parameters.weights[0], parameters.biases[0]):
        # 1e-15: the bound is a square root and a product, each rounded once
        assert 0.98 * bound < np.abs(numbers).max() <= bound * (1 + 1e-15)
    assert parameters.biases[0].std() == pytest.approx(bound / np.sqrt(3), rel=0.15)


@given(st.integers(1, 40), st.integers(1, 40), st.floats(0.1, 3.0), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_orthogonal_matrices_keep_every_length_times_the_gain(rows, columns, gain, seed):
    mask = np.ones((rows, columns), bool)
    W = draw_weights(Orthogonal(gain=gain), mask, np.random.default_rng(seed))
    product = W @ W.T if rows <= columns else W.T @ W
    np.testing.assert_allclose(product, gain**2 * np.eye(min(rows, columns)), atol=1e-13 * gain**2)


def test_orthogonal_matrices_prefer_no_sign():
    # uniform over all orthogonal 2x2 matrices: E[trace] = 0 and Var[trace] = 1; QR's own signs give E[trace] = -4/pi
    generator = np.random.default_rng(3)
    traces = [np.trace(orthogonal(generator, 2, 2)) for _ in range(4000)]
    assert np.mean(traces) == pytest.approx(0.0, abs=5 / np.sqrt(4000))
    assert np.var(traces) == pytest.approx(1.0, rel=0.1)


def test_identity_copies_source_i_to_unit_i():
    W = draw(wide_experiment(Identity(gain=0.5))).weights[0]
    np.testing.assert_array_equal(W[:200], 0.5 * np.eye(200))
    assert not W[200:].any()


def test_zeros_are_zero_everywhere():
    parameters = draw(wide_experiment(Zeros()))
    assert not any(array.any() for array in (*parameters.weights, *parameters.biases))


def test_a_layer_with_its_own_rule_uses_it():
    experiment = network_experiment([30, 30, 30], ["tanh"] * 2, [[0.0] * 30], [[0.0] * 30], initialisation=He())
    first, second = experiment.feed_forward.layers
    numbers = tuple(tuple(float(i + j) for j in range(30)) for i in range(30))
    for rule, expected in ((Identity(), np.eye(30)), (Explicit(weights=(numbers,), biases=((1.0,) * 30,)), numbers)):
        layers = (first, msgspec.structs.replace(second, initialisation=rule))
        network = msgspec.structs.replace(experiment.network, layers=layers)
        drawn = draw(msgspec.structs.replace(experiment, network=network))
        np.testing.assert_array_equal(drawn.weights[1], expected)
        np.testing.assert_array_equal(drawn.weights[0], draw(experiment).weights[0])


def test_biases_are_zero_unless_the_rule_draws_them():
    assert not draw(wide_experiment(He())).biases[0].any()
    drawn = draw(wide_experiment(ScaledGaussian(sigma_b=0.5))).biases[0]
    assert drawn.std() == pytest.approx(0.5, rel=0.15)


def test_a_sparse_unit_counts_only_its_own_sources():
    layer = DenseLayer(width=2000, sources=((1,), *([(1, 2, 3, 4)] * 1999)))
    network = FeedForward(inputs=4, layers=(layer, DenseLayer(width=1)))
    experiment = network_experiment([4, 1], ["tanh"], [[0.0] * 4], [[0.0]])
    sparse = msgspec.structs.replace(experiment, network=network, initialisation=He())
    W = draw(sparse).weights[0]
    assert list(W[0] != 0) == [True, False, False, False]
    assert W[1:].std() == pytest.approx(np.sqrt(2 / 4), rel=0.05)


def test_explicit_numbers_of_sparse_wiring_land_at_their_sources():
    weights = draw(example("insurance-sparse")).weights
    assert weights[0].shape == (2, 4)
    network = FeedForward(inputs=3, layers=(DenseLayer(width=1, sources=((3, 1),)),))
    experiment = network_experiment([3, 1], ["tanh"], [[0.0] * 3], [[0.0]])
    rule = Explicit(weights=(((5.0, 7.0),),), biases=((1.0,),))
    placed = draw(msgspec.structs.replace(experiment, network=network, initialisation=rule))
    np.testing.assert_array_equal(placed.weights[0], [[7.0, 0.0, 5.0]])


def test_parameters_cannot_be_changed_by_mistake():
    with pytest.raises(ValueError, match="read-only"):
        draw(example("mazur")).weights[0][0, 0] = 1.0


@pytest.mark.parametrize("rule", [TorchDefault(), ScaledGaussian(sigma_w=1.0, sigma_b=1.0), Zeros()])
def test_a_layer_without_bias_starts_and_stays_without(rule):
    layers = (DenseLayer(width=3, activation="tanh", bias=False), DenseLayer(width=1, activation="tanh"))
    network = FeedForward(inputs=2, layers=layers)
    experiment = network_experiment(
        [2, 3, 1], ["tanh"] * 2, [[0.5, 1.0]], [[0.2]], network=network, initialisation=rule
    )
    trainer = Trainer(experiment)
    trainer.advance(5)
    for parameters in (draw(experiment), trainer.parameters):
        np.testing.assert_array_equal(parameters.biases[0], np.zeros(3))
    assert trainer.parameters.biases[1] != draw(experiment).biases[1]
