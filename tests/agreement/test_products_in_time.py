"""Products of one drawn matrix, in NumPy, against the band through time: no cell, no network, only W and phi'."""

import math
from functools import cache

import numpy as np
import pytest

from vgdesk.theory.cells import Back
from vgdesk.theory.own_growth import share_stopped, stopped
from vgdesk.theory.time_band import time_scatter

LAGS = (50, 200, 1000)
DRAWS = 80


def band(width, lag, memory=math.inf):
    """Returns median and deviation of ln |W^n v|^2 at a lag, of a cell whose phi' is 1 on average."""
    step = Back(direct=0.0, aligned=1.0, scattered=0.0, into_cell=0.0, scattered_state=0.0)
    found = time_scatter([step] * (lag + 1), width, False, memory, np.zeros(lag + 1))
    return found.drift[0], math.sqrt(found.variance[0])


def rates(W, memory, steps, seed):
    """Returns the mean growth of ln |v|^2 per step and draw of W where phi' has this memory, after fifty steps."""
    kept, generator = math.exp(-1.0 / memory), np.random.default_rng(seed)
    v, grown = generator.standard_normal((*W.shape[:2], 1)), np.zeros(len(W))
    for step in range(steps + 50):
        v = W @ v * (math.sqrt(kept) + math.sqrt(1.0 - kept) * generator.choice((-1.0, 1.0), v.shape))
        size = np.linalg.norm(v, axis=1, keepdims=True)
        v /= size
        if step >= 50:
            grown += 2.0 * np.log(size[:, 0, 0])
    return grown / steps


@cache
def powers(width):
    """Returns ln |W^n v|^2 of drawn W at each of the lags, shape (lags, draws)."""
    generator, found, total = np.random.default_rng(7), [], np.zeros(DRAWS)
    W = generator.standard_normal((DRAWS, width, width)) / math.sqrt(width)
    v = generator.standard_normal((DRAWS, width, 1))
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    for lag in range(1, max(LAGS) + 1):
        v = W @ v
        size = np.linalg.norm(v, axis=1, keepdims=True)
        v, total = v / size, total + 2.0 * np.log(size[:, 0, 0])
        if lag in LAGS:
            found.append(total)
    return np.array(found)


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("width", [16, 32, 128])
def test_powers_of_one_matrix_lie_in_the_band(width, lag):
    median, deviation = band(width, lag)
    away = (powers(width)[LAGS.index(lag)] - median) / deviation
    # eighty draws know a share of 0.68 to 0.05: three of those
    assert 0.53 < np.mean(np.abs(away) < 1.0) < 0.83
    assert abs(np.median(away)) < 0.5


@pytest.mark.parametrize("memory", [1.0, 2.0])
def test_the_rate_of_products_whose_slopes_change_fast_scatters_as_derived(memory):
    width, steps = 32, 300
    W = np.random.default_rng(11).standard_normal((400, width, width)) / math.sqrt(width)
    # what two runs of phi' have in common is that of W
    found = np.cov(rates(W, memory, steps, 1), rates(W, memory, steps, 2))[0, 1]
    derived = 2.0 / width**2 / (1.0 - math.exp(-2.0 / memory))
    # four hundred draws know a variance to 7 %, runs of 300 steps to as much again; m^2 / N is not quite small
    assert found == pytest.approx(derived, rel=0.3)
    _, deviation = band(width, 3000, memory)
    assert deviation**2 / 3000**2 == pytest.approx(derived, rel=0.1)


def test_what_grows_and_is_stopped_ends_half_at_zero_and_half_as_far_below():
    x = np.random.default_rng(0).normal(0.4, 1.0, 400_000)
    half = np.arange(len(x)) % 2 == 0
    ends = np.where(x > 0.0, np.where(half, 0.0, -2.0 * x), x)
    median, variance = stopped(np.array([0.4]), np.array([1.0]), 1.0)
    assert median[0] == pytest.approx(np.median(ends), abs=0.01)
    assert variance[0] == pytest.approx(ends.var(), rel=0.01)


def test_nothing_is_stopped_where_many_modes_grow_or_none_of_the_draws_does():
    mean, variance = np.array([-60.0, 0.5]), np.array([2.0, 3.0])
    median, kept = stopped(mean, variance, share_stopped(2.0, 200))
    assert median == pytest.approx(mean, abs=1e-6)
    assert kept == pytest.approx(variance)
    median, kept = stopped(mean[:1], variance[:1], 1.0)
    assert median == pytest.approx(mean[:1], abs=1e-6)
    assert kept == pytest.approx(variance[:1])
