"""Networks as deep as they are narrow, or ten times as deep: the line is still the median, for q is a walk that bends.

Forty seeds: the median of a normal number is known to 1.25 / sqrt(40) = 0.2 deviations, at the worst of hundreds of
layers to three times that, and what theory leaves out must fit into the rest of one deviation.
"""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_deep_networks import of_depth
from vgdesk.spec.initialisation import Glorot, He, LeCun, ScaledGaussian
from vgdesk.study.predict import first_examples, predict
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

SEEDS = 40
CRITICAL_ERF = np.sqrt(np.pi) / 2
CASES = {
    "tanh 200 x 16": ("digits-tanh-20", 200, 16, "tanh", Glorot()),
    "tanh 100 x 32": ("digits-tanh-20", 100, 32, "tanh", Glorot()),
    "tanh 200 x 64": ("digits-tanh-20", 200, 64, "tanh", LeCun()),
    "circles 348 x 8": ("circles", 348, 8, "tanh", Glorot()),
    "circles 348 x 16": ("circles", 348, 16, "tanh", Glorot()),
    "erf 200 x 16": ("digits-tanh-20", 200, 16, "erf", ScaledGaussian(sigma_w=float(CRITICAL_ERF), sigma_b=0.0)),
    "sigmoid 60 x 16": ("digits-sigmoid-20", 60, 16, "sigmoid", ScaledGaussian(sigma_w=4.0, sigma_b=0.0)),
    "relu 100 x 32": ("digits-relu-20", 100, 32, "relu", He()),
}


def of_case(name):
    """Returns the experiment of a case."""
    example, depth, width, activation, rule = CASES[name]
    experiment = of_depth(example, depth, width)
    layers = [msgspec.structs.replace(layer, activation=activation) for layer in experiment.feed_forward.layers[:-1]]
    network = msgspec.structs.replace(experiment.network, layers=(*layers, experiment.feed_forward.layers[-1]))
    return msgspec.structs.replace(experiment, network=network, initialisation=rule)


def medians(experiment):
    """Returns the medians over seeds of log10 of |dL/dW|, |dL/dz| and |dL/dh| of each layer."""
    data = first_examples(experiment)
    rows = []
    for seed in range(SEEDS):
        found = gradient(experiment, draw(msgspec.structs.replace(experiment, seed=seed)), data.inputs, data.targets)
        deltas = np.log10([np.linalg.norm(delta) for delta in found.deltas])
        rows.append((found.log10_weight_norm, deltas, found.log10_state_norm))
    return dict(zip(("weight", "delta", "state"), np.median(rows, axis=0), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_line_is_the_median_within_one_deviation_at_every_layer(name):
    experiment = of_case(name)
    found = predict(experiment)
    for quantity, median in medians(experiment).items():
        line = found.profile(quantity)
        # of the output nearly nothing is random but |dL/dW|, whose h has the whole network below it
        rows = slice(None) if quantity == "weight" else slice(0, -1)
        assert np.abs((median - line.log10_norm) / line.log10_deviation)[rows].max() < 1.0, quantity


def test_narrow_critical_layers_let_signals_decay_far_below_those_of_wide_ones():
    narrow, wide = (predict(of_depth("digits-tanh-20", 200, width)).profile("weight") for width in (16, 1000))
    # |dL/dW| of the output is |h| below it: of 1000 units it falls as 1 / sqrt(layers), of 16 as exp(-layers / 4 N)
    assert narrow.log10_norm[-1] < wide.log10_norm[-1] - 1.5
