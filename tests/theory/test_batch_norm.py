"""Batch norm over few examples: laws of its expectations, and what a large sample of normal units has."""

import math

import numpy as np
import pytest

from vgdesk.theory.batch_norm import batch_normalised, centred
from vgdesk.theory.layers import batch_norm_factor

UNITS = 200_000


def covariance(examples, seed, decay=1.0):
    """Returns a covariance whose directions have sizes that fall off by a factor each."""
    rng = np.random.default_rng(seed)
    turned = np.linalg.qr(rng.standard_normal((examples, examples)))[0]
    return turned * decay ** np.arange(examples) @ turned.T


def sampled(K, G):
    """Returns E[a a'] and the gradients before batch norm, of many units drawn."""
    rng = np.random.default_rng(3)
    z = rng.standard_normal((UNITS, len(K))) @ np.linalg.cholesky(K).T
    z -= z.mean(axis=1, keepdims=True)
    s = np.sqrt((z**2).mean(axis=1, keepdims=True) + 1e-5)
    a, g = z / s, rng.standard_normal((UNITS, len(K))) @ np.linalg.cholesky(G).T
    left = (g - g.mean(axis=1, keepdims=True) - a * (g * a).mean(axis=1, keepdims=True)) / s
    return a.T @ a / UNITS, left.T @ left / UNITS


@pytest.mark.parametrize("decay", [1.0, 0.8, 0.5])
def test_expectations_are_those_of_many_units(decay):
    K, G = covariance(12, 1, decay), covariance(12, 2, 0.9)
    normalised, scale = batch_normalised(K)
    signals, gradients = sampled(K, G)
    # 200,000 draws: 0.2 per cent each, of the largest entry
    assert normalised == pytest.approx(signals, abs=0.01 * signals.max())
    assert scale.backward(G) == pytest.approx(gradients, abs=0.02 * gradients.max())


@pytest.mark.parametrize("size", [1e-2, 1.0, 1e6])
def test_the_size_of_the_preactivations_leaves_the_signals_and_divides_the_gradients(size):
    K, G = covariance(8, 1, 0.9), np.eye(8)
    (own, at_one), (scaled, there) = batch_normalised(K), batch_normalised(size * K)
    # epsilon is 1e-5 beside a variance of 0.4 or more times the size
    assert scaled == pytest.approx(own, abs=1e-2)
    assert there.backward(G) * size == pytest.approx(at_one.backward(G), rel=1e-2, abs=1e-6)


def test_equal_directions_have_the_mean_of_an_inverse_chi_square():
    _, scale = batch_normalised(np.eye(20))
    assert scale.reciprocal == pytest.approx(20 / (19 - 2), rel=1e-4)


def test_a_direction_that_has_outgrown_the_others_loses_the_gradient_along_itself():
    along = centred(np.eye(6))[0]
    along /= np.linalg.norm(along)
    _, scale = batch_normalised(np.eye(6) + 1e4 * np.outer(along, along))
    left = scale.backward(np.outer(along, along))
    # taken off a, nearly +-sqrt(6) times that direction in all but rare draws; were a normal it would be doubled
    assert along @ left @ along < 0.4 * scale.reciprocal


def test_linear_layers_over_a_batch_multiply_the_gradient_nearly_as_in_closed_form():
    _, scale = batch_normalised(np.eye(32))
    # sum of a centred gradient that is alike in all directions; Yang et al. 2019, (B-2) / (B-3)
    left = np.trace(scale.backward(centred(np.eye(32)))) / 31
    assert left * 31 / 32 == pytest.approx(batch_norm_factor("identity", 32), rel=0.05)


def test_two_equal_examples_are_one_direction_less_and_no_fault():
    K = np.ones((5, 5)) + np.diag([0.0, 0.0, 1.0, 1.0, 1.0])
    normalised, scale = batch_normalised(K)
    assert np.trace(normalised) == pytest.approx(5.0, rel=1e-3)
    assert math.isfinite(scale.reciprocal)
    assert np.all(np.isfinite(scale.backward(np.eye(5))))
