"""The walk of ln q in layers of finite width: what is known of it in closed form, and simulated walks."""

import math

import numpy as np
import pytest

from vgdesk.theory.log_curves import log_curves
from vgdesk.theory.moments import moments, moments_at
from vgdesk.theory.typical import Walk, typical
from vgdesk.theory.variance_map import variance_trajectory

BOUNDS = (400.0, 1e3)


def walk(activation, q, added, given=1.0, drift=None):
    """Returns a walk through layers of these variances, of one noise."""
    count = len(q)
    noise = np.full(count, -added / 2 if drift is None else drift)
    columns = np.log(q), np.full(count, given), np.zeros(count), np.zeros(count), noise, np.full(count, added)
    return typical(Walk([log_curves(activation)] * count, *columns), *BOUNDS)


def simulated(q0, width, layers, draws=4000):
    """Returns ln q of so many walks of tanh with sigma_w = 1, a Gamma number a layer; shape (layers, draws)."""
    generator, curves = np.random.default_rng(0), log_curves("tanh")
    x, found = np.full(draws, math.log(q0)), []
    for _ in range(layers):
        shape = width / curves.read(curves.excess, x)
        x = curves.read(curves.square, x) + np.log(generator.gamma(shape) / shape)
        found.append(x)
    return np.array(found)


def critical(width, layers):
    """Returns q of the wide critical tanh network, and what the typical one of this width does."""
    q = variance_trajectory("tanh", 1.0, 0.0, 0.3, layers)
    at = moments("tanh", q[:-1])
    noise = (at.square_fourth / at.square**2 - 1.0) / width
    columns = (
        np.log(q[:-1]),
        np.ones(layers),
        np.zeros(layers),
        np.zeros(layers),
        -noise / 2 - noise**2 / 12,
        noise + noise**2 / 2,
    )
    return q, typical(Walk([log_curves("tanh")] * layers, *columns), *BOUNDS)


def test_straight_activations_only_add_up_what_each_layer_adds():
    found = walk("relu", np.ones(50), 0.2)
    assert found.variance == pytest.approx(0.2 * np.arange(51))
    assert found.mean == pytest.approx(-0.1 * np.arange(51))
    assert found.slope == pytest.approx(np.zeros(50), abs=1e-9)


def test_without_noise_nothing_moves_and_kappa_is_the_slope_of_the_map():
    q = np.array([0.05, 0.4, 3.0])
    found, at = walk("tanh", q, 0.0), moments("tanh", q)
    assert found.mean == pytest.approx(np.zeros(4), abs=2e-3)
    assert found.variance == pytest.approx(np.zeros(4), abs=1e-12)
    assert found.kappa == pytest.approx(q * (at.slope_square + at.curvature) / at.square, abs=1e-3)
    assert found.slope == pytest.approx(q * at.slope_growth / at.slope_square, abs=1e-3)


def test_a_bias_holds_the_walk_back_by_the_share_it_has():
    found = walk("relu", np.ones(1), 1e-6, given=0.25)
    assert found.kappa == pytest.approx(np.array([0.25]), abs=1e-3)


def test_at_criticality_the_variance_is_two_thirds_of_depth_over_width():
    layers, width = 200, 10_000
    _, found = critical(width, layers)
    # kappa = 1 - 1 / l and a noise of 2 / N; the first layers, where q is not yet 1 / 2l, are worth a few of them
    assert found.variance[-1] == pytest.approx(2 / 3 * layers / width, rel=0.05)


def test_at_criticality_the_mean_falls_by_a_third_more_than_the_noise_alone_makes_it_fall():
    layers, width = 200, 10_000
    _, found = critical(width, layers)
    # m' = (1 - 1 / l) m - 1 / N - v / 2l with v = 2 l / 3 N has the solution -2 l / 3 N, without the last term -l / 2N
    assert found.mean[-1] == pytest.approx(-2 / 3 * layers / width, rel=0.05)


@pytest.mark.parametrize(("width", "layers"), [(64, 100), (16, 100), (16, 250)])
def test_mean_and_spread_are_those_of_simulated_walks(width, layers):
    q, found = critical(width, layers)
    x = simulated(0.3, width, layers)[-1]
    # a normal number in place of one with a tail to the left, up to twenty e-folds long
    assert math.log(q[-1]) + found.mean[-1] == pytest.approx(x.mean(), abs=0.15 * x.std())
    assert math.sqrt(found.variance[-1]) == pytest.approx(x.std(), rel=0.1)


def test_curves_are_the_moments_between_the_places_of_the_grid():
    for activation in ("tanh", "gelu", "mix: 3 relu & tanh"):
        curves = log_curves(activation)
        x = np.linspace(-6.0, 4.0, 37)
        at = [moments_at(activation, float(np.exp(each))) for each in x]
        assert curves.read(curves.square, x) == pytest.approx(np.log([each.square for each in at]), abs=1e-3)
        assert curves.read(curves.slope, x) == pytest.approx(np.log([each.slope_square for each in at]), abs=1e-3)
        scalar = [curves.square_and_excess(float(each)) for each in x]
        vector = curves.read(curves.square, x), curves.read(curves.excess, x)
        assert pytest.approx(np.array(vector), abs=1e-12) == np.array(scalar).T
