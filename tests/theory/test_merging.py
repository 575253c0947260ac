"""A batch in narrow linear layers becomes one direction: the coherence against products of drawn matrices."""

import numpy as np
import pytest

from vgdesk.theory.alike import Likeness
from vgdesk.theory.alike_signals import passed_on
from vgdesk.theory.merging import coherence

LAYERS, WIDTH, EXAMPLES = 256, 32, 8
EVERY = np.ones(LAYERS)
NONE = np.zeros(LAYERS)


def batch(kind):
    """Returns eight examples: of independent directions, of correlation 0.7, or in a plane."""
    generator = np.random.default_rng(3)
    own = generator.standard_normal((EXAMPLES, 400))
    if kind == "independent":
        return own
    if kind == "alike":
        return np.sqrt(0.7) * generator.standard_normal(400) + np.sqrt(0.3) * own
    angles = np.arange(EXAMPLES) * np.pi / EXAMPLES
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) @ own[:2]


def drawn(inputs, seeds=60):
    """Returns the mean over draws of tr(S^2) / tr(S)^2 below each layer, shape (layers,)."""
    generator, found = np.random.default_rng(1), np.zeros(LAYERS)
    for _ in range(seeds):
        h = inputs @ generator.standard_normal((inputs.shape[1], WIDTH))
        for layer in range(LAYERS):
            S = h @ h.T
            found[layer] += (S**2).sum() / np.trace(S) ** 2 / seeds
            h = h @ generator.standard_normal((WIDTH, WIDTH))
            h /= np.abs(h).max()
    return found


def linear(inputs):
    """Returns what linear layers do to a batch's likeness: nothing, where they are wide."""
    sizes = np.linalg.norm(inputs, axis=1)
    c = inputs @ inputs.T / np.outer(sizes, sizes)
    columns = np.broadcast_to(c, (LAYERS, EXAMPLES, EXAMPLES))
    return Likeness(np.ones_like(columns), np.ones_like(columns), columns, np.ones_like(columns))


@pytest.mark.parametrize("kind", ["independent", "alike", "plane"])
def test_coherence_of_linear_layers_is_that_of_drawn_products(kind):
    inputs = batch(kind)
    found = coherence(linear(inputs), WIDTH * EVERY, EVERY, np.ones(LAYERS + 1), np.zeros(LAYERS + 1), NONE, EXAMPLES)
    # the module's text says 0.09; sixty draws add 0.03
    assert np.abs(found - drawn(inputs))[WIDTH // 2 :].max() < 0.12


def test_coherence_of_a_layer_that_hears_only_its_bias_does_not_grow():
    found = coherence(
        linear(batch("alike")), WIDTH * EVERY, EVERY, np.ones(LAYERS + 1), np.ones(LAYERS + 1), NONE, EXAMPLES
    )
    assert found == pytest.approx(np.full(LAYERS, found[0]))


def test_wide_layers_keep_the_coherence_of_their_correlations():
    inputs = batch("plane")
    found = coherence(linear(inputs), 1e9 * EVERY, EVERY, np.ones(LAYERS + 1), np.zeros(LAYERS + 1), NONE, EXAMPLES)
    assert found == pytest.approx(np.full(LAYERS, np.mean(linear(inputs).correlation[0] ** 2)), abs=1e-6)


def test_what_is_led_past_the_weights_merges_nothing():
    inputs, ones = batch("independent"), np.ones(LAYERS + 1)
    apart = linear(inputs)._replace(slopes=np.zeros((LAYERS, EXAMPLES, EXAMPLES)))
    found = coherence(apart, WIDTH * EVERY, EVERY, ones, np.zeros(LAYERS + 1), np.ones(LAYERS), EXAMPLES)
    half = coherence(apart, WIDTH * EVERY, EVERY, ones, np.zeros(LAYERS + 1), np.full(LAYERS, 0.9), EXAMPLES)
    assert found == pytest.approx(np.full(LAYERS, found[0]))
    assert half[-1] > 1.1 * half[0]


def test_a_share_that_is_passed_on_is_never_more_than_all_however_the_variances_fall():
    one = np.ones((1, EXAMPLES, EXAMPLES))
    # below a normalisation of nothing q may be 1e-300, and the square of a share of 1e300 is no number
    found = passed_on(Likeness(one, one, one, one), np.ones(1), np.array([1.0, 0.0]), np.zeros(1))
    np.testing.assert_array_equal(found, one)
