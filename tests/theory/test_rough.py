"""Networks that the theory is known to be rough for: no prediction with a reason, or a note that says which way."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.initialisation import Identity
from vgdesk.spec.library import find_experiment
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


def test_a_recurrent_identity_is_a_reason_not_a_number():
    experiment = find_experiment("adding-rnn-200")
    network = msgspec.structs.replace(experiment.network, recurrent_initialisation=Identity())
    found = predict(msgspec.structs.replace(experiment, network=network))
    assert found.profiles == ()
    assert "multiple of the identity" in found.reason


def test_chaos_in_deep_narrow_networks_is_told_and_lies_where_the_note_says():
    experiment = deep("tanh", depth=60, sigma_w=3.0, width=16)
    found = predict(experiment)
    assert "chaos in so many narrow layers" in found.note
    profile = found.profile("weight")
    assert medians(experiment)[0] < profile.log10_norm[0] - profile.log10_deviation[0]


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "tanh", "sigma_w": 1.5},
        {"activation": "tanh", "sigma_w": 1.0, "depth": 200},
        {"activation": "relu", "sigma_w": 3.0, "depth": 100, "width": 16},
    ],
    ids=["short", "critical", "exploding without chaos"],
)
def test_networks_without_chaos_have_no_note(options):
    assert predict(deep(**options)).note == ""


def test_the_band_at_the_top_of_a_very_deep_narrow_network_is_as_wide_as_below():
    # the last digit of 1 is no bias that would hold up a signal which has fallen by 1e-15
    told = predict(deep("relu", depth=400, sigma_w=2**0.5, width=16)).profile("weight")
    assert told.log10_deviation[-1] > 0.7 * told.log10_deviation[0]
