"""The sums that theory takes of many layers or draws at once, against the same in plain words."""

import numpy as np
import pytest
from scipy.special import polygamma

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Glorot, He
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.task import Examples
from vgdesk.theory.initialisation import layer_start, layer_starts
from vgdesk.theory.log_gamma import trigamma
from vgdesk.theory.mehler import even_and_odd, power_sums
from vgdesk.theory.pairs import pair_series


def test_trigamma_is_that_of_scipy_from_shapes_of_nothing_to_shapes_beyond_all_widths():
    x = 10.0 ** np.linspace(-3, 9, 400)
    assert trigamma(x) == pytest.approx(polygamma(1, x), rel=1e-13, abs=0)


@pytest.mark.parametrize("terms", [1, 2, 7, 33])
def test_series_are_summed_as_polynomials_are(terms):
    rows = np.random.default_rng(0).uniform(0.0, 1.0, (2, terms))
    c = np.linspace(-1.0, 1.0, 24).reshape(4, 6)
    found = power_sums(even_and_odd(*rows), c)
    wanted = [np.polynomial.polynomial.polyval(c, row) for row in rows]
    assert found == pytest.approx(np.array(wanted), abs=1e-13 * terms)


def test_series_without_any_term_sum_to_nothing():
    assert np.all(power_sums(even_and_odd(np.zeros(33)), np.eye(3)) == 0.0)


@pytest.mark.parametrize("name", ["relu", "leaky-relu", "identity"])
def test_pairs_of_examples_without_any_signal_are_exactly_zero(name):
    value, slope = pair_series(name, 0.0).both(np.zeros((3, 3)))
    assert np.all(value == 0.0)
    assert np.all(np.isfinite(slope))


@pytest.mark.parametrize("name", ["relu", "leaky-relu"])
def test_pairs_of_straight_lines_are_means_over_normal_numbers(name):
    K = np.array([[1.5, 0.7], [0.7, 0.8]])
    z = np.random.default_rng(0).multivariate_normal(np.zeros(2), K, 400_000)
    below = {"relu": 0.0, "leaky-relu": 0.01}[name]
    h, bend = np.where(z > 0, z, below * z), np.where(z > 0, 1.0, below)
    value, slope = pair_series(name, 1.15).both(K)
    assert value == pytest.approx(h.T @ h / len(z), rel=0.01)
    assert slope == pytest.approx(bend.T @ bend / len(z), rel=0.01)


def test_equal_layers_have_the_start_that_each_has_alone():
    layers = [DenseLayer(width=width, initialisation=rule) for width in (3, 3, 3, 5, 3) for rule in (None, He())]
    network = FeedForward(inputs=3, layers=(*layers, DenseLayer(width=1)))
    task = Examples(inputs=((0.1, 0.2, 0.3),), targets=((0.5,),))
    experiment = Experiment(name="mixed", title="mixed", network=network, task=task, initialisation=Glorot())
    wanted = [layer_start(experiment, number) for number in range(1, experiment.feed_forward.depth + 1)]
    assert layer_starts(experiment) == wanted
