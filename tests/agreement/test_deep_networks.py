"""Predictions of deep batch-normalised and highway networks against draws, at small width."""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_theory_monte_carlo import measured
from vgdesk.spec.layer import Highway
from vgdesk.spec.library import example
from vgdesk.study.predict import predict
from vgdesk.theory.depth_search import deepened
from vgdesk.theory.layers import batch_norm_factor

SEEDS = 12


def of_depth(name, depth, width, skip=None):
    """Returns an example's network of another depth and width; the first layer, of another width below, has no skip."""
    experiment = deepened(example(name), depth)
    layers = [msgspec.structs.replace(layer, width=width) for layer in experiment.feed_forward.layers[:-1]]
    layers[1:] = [msgspec.structs.replace(layer, skip=skip) for layer in layers[1:]]
    network = msgspec.structs.replace(experiment.network, layers=(*layers, experiment.feed_forward.layers[-1]))
    return msgspec.structs.replace(experiment, network=network)


def apart(experiment):
    """Returns the median over seeds less the prediction of |dL/dW| and of |dL/dh| below the output, and deviations."""
    found = predict(experiment)
    weights, states = measured(experiment, SEEDS)
    pairs = (weights, found.profile("weight"), slice(None)), (states, found.profile("state"), slice(0, -1))
    away = [(np.median(values, axis=0) - line.log10_norm)[rows] for values, line, rows in pairs]
    return away, [line.log10_deviation[rows] for _, line, rows in pairs]


@pytest.mark.parametrize("depth", [20, 60])
def test_the_line_of_a_highway_is_the_median_within_one_deviation_at_every_layer(depth):
    away, deviations = apart(of_depth("digits-tanh-20", depth, 16, Highway(gate_bias=0.0)))
    for difference, deviation in zip(away, deviations, strict=True):
        assert np.all(np.abs(difference) < deviation)


def test_deep_batch_norm_saturates_at_the_factor_of_a_finite_batch():
    chi = 10 ** (-2 * np.diff(predict(of_depth("digits-bn-relu-20", 95, 64)).wide))
    # Yang et al. 2019, theorem 8, of equal correlations of the examples; 1.21 per layer of the norm for many
    assert chi[20:70] == pytest.approx(batch_norm_factor("relu", 32), rel=0.02)
