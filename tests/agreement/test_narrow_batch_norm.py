"""Narrow networks with batch norm: line, band and planned depth against networks that are drawn and differentiated."""

from functools import cache

import msgspec
import numpy as np
import pytest

from tests.agreement.test_theory_monte_carlo import measured
from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.library import example
from vgdesk.study.plan import plan
from vgdesk.study.predict import predict
from vgdesk.theory.depth_search import deepened

SEEDS = 20
CASES = [(activation, width, depth) for activation in ("relu", "tanh") for width in (16, 64) for depth in (20, 62)]


def of_kind(activation="relu", width=16, depth=20, **options):
    """Returns the example with batch norm, of other layers; `options` are of all hidden layers but the first."""
    network = example("digits-bn-relu-20").feed_forward
    first = msgspec.structs.replace(network.layers[0], width=width, activation=activation)
    layers = (first, *(msgspec.structs.replace(first, **options) for _ in network.layers[1:-1]), network.layers[-1])
    replaced = msgspec.structs.replace(network, layers=layers)
    return deepened(msgspec.structs.replace(example("digits-bn-relu-20"), network=replaced), depth)


def compared(experiment, seeds=SEEDS):
    """Returns log10 of each seed's |dL/dW| and of |dL/dh| below the output, with line and deviations of each."""
    found = predict(experiment)
    weights, states = measured(experiment, seeds)
    pairs = (weights, found.profile("weight"), slice(None)), (states, found.profile("state"), slice(0, -1))
    return [(values[:, rows], line.log10_norm[rows], line.log10_deviation[rows]) for values, line, rows in pairs]


@cache
def of_case(activation, width, depth):
    return compared(of_kind(activation, width, depth))


@pytest.mark.parametrize(("activation", "width", "depth"), CASES)
def test_the_line_is_the_median_within_one_deviation_at_every_layer(activation, width, depth):
    for values, line, deviation in of_case(activation, width, depth):
        assert np.all(np.abs(np.median(values, axis=0) - line) < deviation)


@pytest.mark.parametrize(("activation", "width", "depth"), CASES)
def test_the_band_holds_about_two_thirds_of_the_seeds(activation, width, depth):
    for values, line, deviation in of_case(activation, width, depth):
        # 0.68 of a Gaussian; layers of a seed move together, so these are not many more than twenty draws
        assert 0.5 < np.mean(np.abs(values - line) < deviation) < 0.9


OPTIONS = {
    "residual": {"skip": Residual()},
    "highway": {"skip": Highway(gate_bias=-2.0)},
    "half of the connections": {"sources": tuple(tuple(range(1 + k % 2, 17, 2)) for k in range(16))},
    "two activations": {"unit_activations": ("relu", "tanh") * 8},
    "layer norm in between": {"normalisation": "layer"},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_what_stands_around_a_narrow_layer_keeps_the_median_within_its_scatter(name):
    for values, line, deviation in compared(of_kind(**OPTIONS[name])):
        # a median of 20 scatters by 0.28, and the line by 0.13 of a deviation; highways scatter more than 64 draws tell
        assert np.mean(np.abs(np.median(values, axis=0) - line) / deviation) < 1.0


def test_the_planned_depth_of_float16_is_the_measured_one_within_a_tenth():
    experiment = example("digits-bn-relu-20")
    deepest = plan(experiment, "float16").deepest
    layer = experiment.feed_forward.layers[0]
    numbers = layer.width * experiment.feed_forward.inputs
    shallower, deeper = (
        np.median(measured(deepened(experiment, depth), SEEDS)[0][:, 0]) - 0.5 * np.log10(numbers)
        for depth in (round(0.9 * deepest), round(1.1 * deepest))
    )
    assert shallower < np.log10(65504) < deeper
