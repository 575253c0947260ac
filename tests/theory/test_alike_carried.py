"""Examples below skip connections stay apart, and a few come to have most of the gradient: against drawn products."""

import numpy as np
import pytest

from vgdesk.theory.alike_carried import merged

LAYERS, WIDTH, EXAMPLES, OUTPUTS, SHARE, SEEDS = 20, 16, 8, 10, 0.1, 300
OFF = ~np.eye(EXAMPLES, dtype=bool)


def drawn(is_on_apart):
    """Returns per layer means over draws of sum_ab (H_a . H_b)^2 / |H|^4 and of sum_a |H_a|^4 / |H|^4."""
    generator, found = np.random.default_rng(4), np.zeros((2, LAYERS))
    size = np.sqrt(SHARE / (1.0 - SHARE) / WIDTH * (2.0 if is_on_apart else 1.0))
    for _ in range(SEEDS):
        given = generator.standard_normal((EXAMPLES, OUTPUTS))
        given /= np.linalg.norm(given, axis=1, keepdims=True)
        H = given @ generator.standard_normal((OUTPUTS, WIDTH))
        for layer in range(LAYERS - 1, -1, -1):
            on = generator.random(H.shape) < 0.5 if is_on_apart else np.ones(H.shape)
            H = H + (on * H) @ generator.standard_normal((WIDTH, WIDTH)) * size
            products = H @ H.T
            own = products.diagonal()
            found[:, layer] += np.array([(products**2).sum(), (own**2).sum()]) / own.sum() ** 2 / SEEDS
    return found


def told(is_on_apart):
    """Returns the same of the theory: units that are on or off for each example by themselves, or linear ones."""
    ones = np.ones((LAYERS, EXAMPLES, EXAMPLES))
    kept = np.where(OFF & is_on_apart, 0.25, ones)
    fourth = np.where(~OFF & is_on_apart, 2.0, ones)
    top = np.where(OFF, 1.0 / OUTPUTS, 1.0)
    every = np.ones(LAYERS)
    found = merged(fourth, kept, top, SHARE * every, WIDTH * every, np.zeros(LAYERS, bool))
    whole = found.sizes.sum(axis=(1, 2))
    own = np.diagonal(found.sizes, axis1=1, axis2=2).sum(axis=1)
    return np.array([(found.rho * found.sizes).sum(axis=(1, 2)) / whole, own / whole])[:, :LAYERS]


@pytest.mark.parametrize("is_on_apart", [True, False])
def test_likeness_and_unevenness_below_skip_connections_are_those_of_drawn_products(is_on_apart):
    # ratios of means lie above means of ratios; with equal weights for all examples the second would be 0.74 of this
    assert np.abs(told(is_on_apart) / drawn(is_on_apart) - 1.0).max() < 0.2


def test_units_that_are_on_for_other_examples_keep_gradients_apart_below_skip_connections():
    apart, linear = told(True)[0], told(False)[0]
    assert apart[0] < 0.9 * linear[0]


def test_plain_layers_leave_every_example_its_weight():
    ones = np.ones((3, 4, 4))
    found = merged(ones, ones, np.eye(4), np.ones(3), np.full(3, 16.0), np.zeros(3, bool))
    np.testing.assert_array_equal(found.sizes, np.ones((4, 4, 4)))
    np.testing.assert_array_equal(found.across, 0.0 * ones)


def test_orthogonal_weights_above_a_skip_connection_add_what_crosses_but_no_lengths():
    ones, top = np.ones((1, 2, 2)), np.eye(2)
    half, width, is_orthogonal = np.array([0.5]), np.array([16.0]), np.array([True])
    found = merged(ones, ones, top, half, width, is_orthogonal)
    # |H + QH|^2 has the variance 4 s (1 - s) / N, where normal W has 2 s^2 / N more
    assert found.sizes[0, 0, 0] / found.sizes[0, 0, 1] == pytest.approx(1.0 + 1.0 / 16.0)
