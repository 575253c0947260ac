"""Networks that the theory is known to be rough for: no prediction with a reason, or a note that says which way."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_odd_networks import on
from tests.theory.test_predict import deep
from vgdesk.spec.initialisation import FixedGaussian
from vgdesk.study.predict import predict
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


def medians(experiment, seeds=20):
    """Returns the median over seeds of log10 |dL/dW| of every layer."""
    data = load_parts(experiment).training
    seeded = (msgspec.structs.replace(experiment, seed=seed) for seed in range(seeds))
    return np.median([gradient(one, draw(one), *data).log10_weight_norm for one in seeded], axis=0)


@pytest.mark.parametrize("units", [1, 2])
def test_layer_norm_of_fewer_than_three_units_is_a_reason_not_a_number(units):
    found = predict(deep(width=units, normalisation="layer"))
    assert found.profiles == ()
    assert f"layer normalisation of {units} unit" in found.reason
    assert predict(deep(width=3, normalisation="layer")).profiles


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "tanh", "sigma_w": 1.5},
        {"activation": "tanh", "sigma_w": 1.0, "depth": 200},
        {"activation": "relu", "sigma_w": 3.0, "depth": 100, "width": 16},
        {"activation": "tanh", "sigma_w": 3.0, "depth": 60, "width": 16},
    ],
    ids=["short", "critical", "exploding without chaos", "chaotic"],
)
def test_narrow_deep_networks_have_no_note(options):
    assert predict(deep(**options)).note == ""


def test_the_band_at_the_top_of_a_very_deep_narrow_network_is_as_wide_as_below():
    # the last digit of 1 is no bias that would hold up a signal which has fallen by 1e-15
    told = predict(deep("relu", depth=400, sigma_w=2**0.5, width=16)).profile("weight")
    assert told.log10_deviation[-1] > 0.7 * told.log10_deviation[0]


def test_weights_whose_squares_are_no_numbers_are_a_reason_and_zeros_are_not():
    lost = msgspec.structs.replace(deep("relu"), initialisation=FixedGaussian(std=1e-170))
    assert "the weights of layer 1 are so small" in predict(lost).reason
    assert predict(msgspec.structs.replace(lost, initialisation=FixedGaussian(std=0.0))).profiles
    near = msgspec.structs.replace(lost, initialisation=FixedGaussian(std=1e-95))
    assert medians(near) == pytest.approx(predict(near).profile("weight").log10_norm, abs=0.3)


@pytest.mark.parametrize("normalisation", ["layer", "batch"])
def test_normalised_numbers_that_a_run_takes_for_zero_are_told(normalisation):
    tiny = deep("relu", depth=20, normalisation=normalisation, width=16)
    tiny = msgspec.structs.replace(tiny, initialisation=FixedGaussian(std=1e-30))
    assert "a run of this network has no gradient below layer" in predict(tiny).note
    assert np.all(np.isneginf(medians(tiny, 3)[:-1]))
    assert predict(deep("relu", normalisation=normalisation)).note == ""


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "tanh"])
def test_an_example_of_zeros_passes_the_slope_at_zero_through_layer_norm(activation):
    rows = np.random.default_rng(2).standard_normal((8, 30))
    rows[0] = 0.0
    experiment = on(deep(activation, depth=4, normalisation="layer"), rows[:6])
    told = predict(experiment).profile("weight")
    assert medians(experiment, 30) == pytest.approx(told.log10_norm, abs=0.15)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_layer_norm_scatters_as_much_as_the_band(activation):
    experiment = deep(activation, depth=15, normalisation="layer", width=20, sigma_w=1.4)
    data, told = load_parts(experiment).training, predict(experiment).profile("state")
    seeded = (msgspec.structs.replace(experiment, seed=seed) for seed in range(60))
    found = np.array([gradient(one, draw(one), *data).log10_state_norm for one in seeded])
    assert np.std(found, axis=0)[:-2] == pytest.approx(told.log10_deviation[:-2], rel=0.45)
    assert np.all(np.abs(np.median(found, axis=0) - told.log10_norm)[:-1] < told.log10_deviation[:-1])
