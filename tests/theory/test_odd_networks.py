"""Networks and inputs at the edge of what a spec allows: a prediction of numbers, or one sentence why there is none."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.initialisation import Identity, Orthogonal, ScaledGaussian, Zeros
from vgdesk.spec.layer import Highway, Residual
from vgdesk.study.plan import plan
from vgdesk.study.predict import predict


def on(experiment, rows):
    """Returns the experiment on other inputs, with as many targets."""
    task = experiment.task
    inputs = tuple(tuple(float(x) for x in row) for row in rows)
    return msgspec.structs.replace(
        experiment, task=msgspec.structs.replace(task, inputs=inputs, targets=task.targets[: len(rows)])
    )


def drawn(rule):
    return msgspec.structs.replace(deep(), initialisation=rule)


def bumps():
    """Returns a network whose slopes lie hundreds of decades apart, for large weights, biases and masks."""
    start = ScaledGaussian(sigma_w=30.0, sigma_b=0.1)
    return on(
        msgspec.structs.replace(deep("formula: exp(-z**2)", 20, width=8, dropout=0.9), initialisation=start),
        np.zeros((6, 8)),
    )


ODD = {
    "zero weights": drawn(Zeros()),
    "identity": drawn(Identity()),
    "orthogonal beyond 1": drawn(Orthogonal(gain=1.1)),
    "zero inputs": on(deep(), np.zeros((6, 30))),
    "one example": on(deep(), np.ones((1, 30))),
    "equal examples": on(deep(), np.ones((2, 30))),
    "equal examples in batch norm": on(deep(normalisation="batch"), np.ones((6, 30))),
    "equal examples in batch norm beside a skip connection": on(
        deep(width=8, depth=3, normalisation="batch", skip=Residual()), np.ones((6, 8))
    ),
    "equal examples in deep batch norm": on(
        deep("formula: exp(z)", width=2, depth=40, sigma_w=1.4, normalisation="batch"), [[1.0, 0.5]] * 4
    ),
    "zero inputs in layer norm": on(deep(normalisation="layer"), np.zeros((6, 30))),
    "three examples in batch norm": on(deep(normalisation="batch"), np.ones((3, 30))),
    "inputs of 1e150": on(deep(), 1e150 * np.ones((6, 30))),
    "inputs of 1e99": on(deep("relu"), 1e99 * np.eye(6, 30)),
    "inputs of 1e-160": on(deep(), 1e-160 * np.ones((6, 30))),
    "inputs of many sizes": on(deep(), [[0.0] * 30, [1.0] * 30, [1e3] * 30]),
    "one example beyond what is known of a formula": on(
        deep("formula: sin(3*z)", width=2), [[30.0, 30.0]] + [[0.1, 0.1]] * 5
    ),
    "one example far out on straight lines": on(deep("formula: abs(z)", width=2), [[2e12, 2e12]] + [[0.1, 0.1]] * 5),
    "nearly everything dropped": deep(dropout=0.99),
    "saturated": deep(sigma_w=1000.0),
    "exploding": deep("relu", sigma_w=1000.0),
    "vanishing": deep("relu", sigma_w=1e-6, depth=60),
    "one unit": deep(width=1),
    "one unit of nothing": on(deep(width=1), np.zeros((1, 1))),
    "one rectifier for either sign": on(deep("relu", width=1, depth=2, sigma_w=1.4), [[1.0], [-1.0], [0.5]]),
    "two rectifiers beside a skip connection, for either sign": on(
        deep("relu", width=2, depth=3, sigma_w=3.0, skip=Residual()), [[1.0, 0.0], [-1.0, 0.0], [0.5, 0.0], [-2.0, 0.0]]
    ),
    "bumps that few see": bumps(),
    "deep batch norm without weights": msgspec.structs.replace(
        deep(width=8, depth=150, normalisation="batch"), initialisation=Zeros()
    ),
    "two rectifiers": deep("relu", width=2, sigma_w=1.4),
    "deep residual": deep("relu", depth=200, skip=Residual()),
    "highway": deep(skip=Highway(gate_bias=0.0)),
    "far shut units on an open highway": on(
        deep("formula: where(z > 2, z, 0)", width=2, depth=2, sigma_w=1e-3, skip=Highway(gate_bias=30.0)), [[1.0, 0.5]]
    ),
    "zeros on an open highway": on(deep("relu", width=2, depth=3, skip=Highway(gate_bias=30.0)), np.zeros((1, 2))),
    "weights of nothing on an open highway": msgspec.structs.replace(
        deep(width=3, depth=2, normalisation="layer", skip=Highway(gate_bias=30.0)), initialisation=Zeros()
    ),
    "a constant formula": deep("formula: 0*z+1"),
    "a formula that grows": deep("formula: z**3", depth=30),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_network_is_predicted_in_numbers_or_with_a_reason(name):
    found = predict(ODD[name])
    assert bool(found.profiles) != bool(found.reason)
    for profile in found.profiles:
        assert np.all(profile.log10_norm < np.inf)  # -inf is a gradient of exactly 0; nan would fail
        assert np.all(np.isfinite(profile.log10_deviation))
        assert np.all(profile.log10_deviation[np.isneginf(profile.log10_norm)] == 0.0)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_network_is_planned_or_there_is_a_reason(name):
    found = plan(ODD[name], 1e-3)
    assert found.reason or found.tried >= (found.deepest or 0)


def test_a_slope_that_walks_forty_decades_takes_no_more_than_these():
    experiment = msgspec.structs.replace(deep("formula: exp(-z**2)", 2, width=8), initialisation=Orthogonal(gain=1.5))
    # e^-72, rounded away beside 1, took all that the line can lose: it lay at -87
    assert predict(on(experiment, 551.5 * np.ones((1, 8)))).profile("state").log10_norm[0] > -60.0


def test_a_highway_scatters_over_seeds():
    closed, half_open = (predict(deep(skip=Highway(gate_bias=bias))).profile("state") for bias in (-30.0, 0.0))
    assert half_open.log10_deviation[0] > closed.log10_deviation[0] + 0.05


@pytest.mark.parametrize("activation", ["formula: 1e-300*z", "formula: 1e-300*tanh(z)+1", "formula: 1e-50*z"])
def test_a_slope_whose_square_is_hardly_a_number_is_not_taken_for_zero(activation):
    found = predict(deep(activation, depth=4))
    assert found.profiles == ()
    assert "is so flat in layer 1 that the mean square of its slope is below 1e-90" in found.reason


def test_an_output_whose_slope_has_no_square_is_not_taken_for_silent():
    network = deep(depth=4).feed_forward
    layers = (*network.layers[:-1], msgspec.structs.replace(network.layers[-1], activation="formula: 1e-300*z"))
    found = predict(msgspec.structs.replace(deep(), network=msgspec.structs.replace(network, layers=layers)))
    assert "is so flat in layer 5 " in found.reason


def test_every_flat_layer_whose_slope_has_a_square_takes_its_decades():
    flat, line = (predict(deep(name, depth=20)).profile("weight") for name in ("formula: 1e-44*z", "identity"))
    # layer 1 lies below 20 slopes; of layer 2 the signal has passed one of them, too
    assert flat.log10_norm[0] - flat.log10_norm[-2] == pytest.approx(line.log10_norm[0] - line.log10_norm[-2], abs=0.1)
    assert flat.log10_norm[0] < -850


def test_a_slope_of_exactly_zero_leaves_exactly_no_gradient():
    assert predict(deep("formula: 0*z+1")).profile("weight").log10_norm[0] == -np.inf
