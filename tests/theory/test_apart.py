"""Batches whose examples' gradients have come apart in size, beside drawn sums and networks drawn from nothing."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_dropped import first_steps
from tests.theory.test_predict import deep
from vgdesk.study.predict import predict
from vgdesk.theory.apart import spread_of, sum_of, unequal
from vgdesk.theory.outputs import covariance_root
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


@pytest.mark.parametrize("batch", [2, 8, 32, 300])
@pytest.mark.parametrize("s", [0.1, 0.6, 1.1, 2.6, 5.2, 11.0, 20.0])
def test_sums_of_log_normal_numbers_are_those_drawn(s, batch):
    logs = s * np.random.default_rng(4).standard_normal((40_000, batch))
    largest = logs.max(axis=1, keepdims=True)
    terms = np.exp(logs - largest)
    sums = np.log(terms.mean(axis=1)) + largest[:, 0]
    shares = terms / terms.sum(axis=1, keepdims=True)
    found = sum_of(np.array([s]), batch)
    # 4 standard errors of 40,000 draws, and what lies between the knots of the table
    assert found.rise[0] == pytest.approx(sums.mean(), abs=4 * sums.std() / 200 + 0.01 * s)
    assert found.variance[0] == pytest.approx(sums.var(), rel=0.06, abs=1e-3)
    assert found.participation[0] == pytest.approx((shares**2).sum(axis=1).mean(), rel=0.03, abs=2e-3)


def test_sums_of_two_are_known_in_closed_form():
    # ln((e^a + e^b) / 2) is the mean of a and b plus ln cosh of half their difference
    places, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    for s in (0.5, 1.0, 2.0):
        more = np.log(np.cosh(s * places / np.sqrt(2.0)))
        mean = more @ weights
        found = sum_of(np.array([s]), 2)
        assert found.rise[0] == pytest.approx(mean, rel=1e-3)
        assert found.variance[0] == pytest.approx(s * s / 2 + (more - mean) ** 2 @ weights, rel=1e-3)


@pytest.mark.parametrize("batch", [2, 32, 1000])
def test_equal_examples_add_nothing_and_one_has_no_others(batch):
    nothing = np.zeros(1)
    assert unequal(nothing, nothing, nothing, batch).drift == pytest.approx([0.0], abs=1e-9)
    assert unequal(nothing, nothing, nothing, batch).variance == pytest.approx([0.0], abs=1e-9)
    assert unequal(np.array([9.0]), nothing, nothing, 1).drift[0] == 0.0


@pytest.mark.parametrize("free", [0.0, 3.0])
def test_the_logarithm_of_a_sum_is_on_average_no_larger_than_that_of_its_mean(free):
    # chances whose logarithms lie much further apart than their mean says: nine units of ten dropped, of two
    spread, skewed = np.array([9.0]), np.array([500.0])
    found = unequal(spread, skewed, np.array([free]), 30)
    assert found.drift[0] - spread[0] / 2 / 30 <= free / 2


@pytest.mark.parametrize("spread", [0.3, 2.0, 40.0])
def test_a_spread_is_found_again_in_its_participation(spread):
    share = sum_of(np.sqrt([spread]), 20).participation[0]
    assert spread_of(share, 20) == pytest.approx(spread, rel=1e-6)


def test_a_covariance_that_a_series_cut_short_left_below_zero_has_a_root():
    K = np.ones((3, 3)) - 1e-9 * np.diag([1.0, 2.0, 3.0])
    root = covariance_root(K)
    assert root @ root.T == pytest.approx(K, abs=1e-8)


def weights_of_draws(experiment, seeds):
    """Returns log10 |dL/dW| of networks drawn from nothing, shape (seeds, layers)."""
    data = load_parts(experiment).training
    seeded = (msgspec.structs.replace(experiment, seed=seed) for seed in range(seeds))
    return np.array([gradient(one, draw(one), *data).log10_weight_norm for one in seeded])


def told(experiment, quantity="weight"):
    """Returns line and deviation of the prediction."""
    profile = predict(experiment).profile(quantity)
    assert profile is not None
    assert profile.log10_deviation is not None
    return profile.log10_norm, profile.log10_deviation


@pytest.mark.parametrize(("depth", "width", "sigma_w"), [(60, 16, 3.0), (100, 32, 3.0), (50, 16, 1.5), (100, 32, 2.0)])
def test_gradients_of_chaotic_narrow_networks_lie_within_their_band(depth, width, sigma_w):
    experiment = deep("tanh", depth=depth, sigma_w=sigma_w, width=width)
    found, (line, deviation) = weights_of_draws(experiment, 24), told(experiment)
    # next to the output the band is as narrow as the median of 24 is unsure
    assert np.all((np.abs(np.median(found, axis=0) - line) < deviation)[:-3])
    assert 0.5 < (np.abs(found - line) < deviation).mean() < 0.85


@pytest.mark.parametrize("sigma_w", [1.0, 1.5])
def test_dropout_in_deep_narrow_networks_leaves_gradients_within_their_band(sigma_w):
    experiment = deep("tanh", depth=50, sigma_w=sigma_w, width=16, dropout=0.2)
    for quantity in ("weight", "delta"):
        found, (line, deviation) = first_steps(experiment, 24, quantity), told(experiment, quantity)
        assert np.all(np.abs(np.median(found, axis=0) - line)[:-3] < deviation[:-3])
        assert 0.5 < (np.abs(found - line) < deviation).mean() < 0.85


def test_half_of_sixteen_units_dropped_in_fifty_layers_lie_near_the_band():
    experiment = deep("relu", depth=50, sigma_w=2**0.5, width=16, dropout=0.5)
    line, deviation = told(experiment)
    assert np.all(np.abs(np.median(first_steps(experiment, 24, "weight"), axis=0) - line) < 1.5 * deviation)


def test_output_weights_above_few_chaotic_units_have_the_gradient_of_alike_signals():
    experiment = deep("tanh", depth=30, sigma_w=3.0, width=16)
    found = np.median(weights_of_draws(experiment, 40), axis=0)[-1]
    assert told(experiment)[0][-1] == pytest.approx(found, abs=0.08)
