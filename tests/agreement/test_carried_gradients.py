"""Theory against our own networks with skip connections, whose gradient along the signal fades slower than the rest."""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_theory_monte_carlo import measured
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import Highway, Residual
from vgdesk.spec.library import find_experiment
from vgdesk.study.predict import predict

SEEDS = 20
NEAR = 0.1
"""Decades: the median of 20 seeds is itself unsure by a quarter of a deviation, and bands of wide nets are thin."""


def carrying(activation, skip, width, depth=20):
    """Returns a network on digits whose hidden layers but the first carry the signal past their weights."""
    plain = find_experiment("digits-tanh-20")
    hidden = msgspec.structs.replace(plain.feed_forward.layers[0], width=width, activation=activation)
    above = msgspec.structs.replace(hidden, skip=skip)
    layers = (hidden, *(above for _ in range(depth - 2)), plain.feed_forward.layers[-1])
    return msgspec.structs.replace(plain, network=msgspec.structs.replace(plain.feed_forward, layers=layers))


def farthest(experiment):
    """Returns how far a median over seeds lies off at most, over the deviation or 0.1 decades, whichever is more."""
    found = []
    for quantity, values in zip(("weight", "state"), measured(experiment, SEEDS), strict=True):
        profile = predict(experiment).profile(quantity)
        allowed = np.maximum(profile.log10_deviation, NEAR)
        found.append(np.max(np.abs(np.median(values, axis=0) - profile.log10_norm) / allowed))
    return max(found)


SKIPS = {"half open": Highway(gate_bias=0.0), "nearly closed": Highway(gate_bias=-2.0), "residual": Residual()}


@pytest.mark.parametrize("width", [16, 64, 128])
@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_median_of_twenty_seeds_is_within_a_deviation_at_every_layer(activation, skip, width):
    assert farthest(carrying(activation, SKIPS[skip], width)) < 1.0


@pytest.mark.parametrize("skip", SKIPS)
def test_so_it_is_of_sixty_layers(skip):
    assert farthest(carrying("relu", SKIPS[skip], 16, depth=60)) < 1.0


@pytest.mark.parametrize("skip", SKIPS)
def test_bands_of_carried_gradients_hold_the_share_of_seeds_they_promise(skip):
    experiment = carrying("relu", SKIPS[skip], 64)
    for quantity, values in zip(("weight", "state"), measured(experiment, SEEDS), strict=True):
        profile = predict(experiment).profile(quantity)
        inside = np.abs(values - profile.log10_norm)[:, :-1] < profile.log10_deviation[:-1]
        # 0.68 of a Gaussian; the layers of a seed move together, so twenty seeds are not many draws
        assert 0.4 < inside.mean() < 0.95


@pytest.mark.parametrize(("width", "depth"), [(32, 50), (64, 50)])
def test_saturated_units_beside_residual_connections_scatter_in_their_own_layer(width, depth):
    # sums of sigmoids grow by one sign: after some layers few units are off saturation, and have all of delta
    experiment = carrying("sigmoid", Residual(), width, depth)
    start = ScaledGaussian(sigma_w=1.0, sigma_b=0.0)
    experiment = msgspec.structs.replace(experiment, initialisation=start)
    assert farthest(experiment) < 1.0
    values, profile = measured(experiment, SEEDS)[0], predict(experiment).profile("weight")
    inside = np.abs(values - profile.log10_norm)[:, :-1] < profile.log10_deviation[:-1]
    assert 0.5 < inside.mean() < 0.9
