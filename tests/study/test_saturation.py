"""The histogram of an activation's arguments: against what training records, and what cannot be asked."""

import msgspec
import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.saturation import Saturation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.spec.recording import Recording, What
from vgdesk.spec.vary import varied
from vgdesk.study.saturation import find_saturation
from vgdesk.training.loop import Trainer


def saturated(sigma_w: float = 5.0, **fields: str) -> Experiment:
    wide = varied(example("digits-tanh-20"), "sigma_w", sigma_w)
    for name, value in fields.items():
        wide = varied(wide, name, value)
    return wide


@pytest.mark.parametrize("normalisation", ["none", "batch", "layer"])
def test_share_of_saturated_units_is_the_one_that_training_records(normalisation: str):
    experiment = msgspec.structs.replace(
        saturated(normalisation=normalisation), recording=Recording(what=What(quantities=("saturated",)))
    )
    recorded = Trainer(experiment).advance(1).values("saturated")[0]
    found = [find_saturation(experiment, place).saturated for place in (1, 10, 20)]
    assert found == pytest.approx(recorded[[0, 9, 19]].tolist(), abs=1e-12)


def test_after_updates_the_units_stand_elsewhere():
    before, after = (find_saturation(saturated(), 10, step) for step in (0, 20))
    assert (before.step, after.step) == (0, 20)
    assert before.saturated != after.saturated


def test_without_a_layer_the_worst_one_is_told():
    worst = find_saturation(saturated())
    assert worst.saturated == max(find_saturation(saturated(), place).saturated for place in range(1, 21)) > 0.3


def test_the_output_of_a_sure_classifier_is_not_the_worst_layer():
    base = example("circles")
    layers = base.feed_forward.layers
    output = msgspec.structs.replace(layers[-1], initialisation=ScaledGaussian(sigma_w=300.0))
    sure = msgspec.structs.replace(
        base, network=msgspec.structs.replace(base.feed_forward, layers=(*layers[:-1], output))
    )
    assert find_saturation(sure, len(layers)).saturated > 0.5, "else this proves nothing"
    assert find_saturation(sure).place < len(layers)


def test_the_worst_layer_is_found_beside_a_layer_that_has_prelu():
    wide = saturated()
    layers = wide.feed_forward.layers
    learned = msgspec.structs.replace(layers[0], activation="prelu")
    network = msgspec.structs.replace(wide.feed_forward, layers=(learned, *layers[1:]))
    assert find_saturation(msgspec.structs.replace(wide, network=network)).place > 1


def test_shares_sum_to_one_and_slopes_are_those_of_tanh():
    found = find_saturation(saturated(), 5)
    assert found.shares.sum() == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(found.slopes[0], 1.0 - np.tanh(found.points) ** 2, atol=1e-12)
    assert found.edges[0] == found.points[0] <= -3.0


def test_sigmoids_at_their_steepest_are_not_saturated_and_still_lose_the_gradient():
    found = find_saturation(example("digits-sigmoid-20"), 5)
    assert found.saturated == 0.0
    assert 0.04 < found.mean_square_slope < 1.0 / 16.0


def test_a_plain_recurrent_network_is_told_by_time_steps():
    found = find_saturation(example("digits-rnn-rows"), 3)
    assert (found.place, found.places.value, found.activations) == (3, "time", ("tanh",))


@pytest.mark.parametrize(
    ("experiment", "place", "step", "words"),
    [
        (example("adding-lstm-200"), None, 0, "has gates, each with its own activation"),
        (example("digits-tanh-20"), 21, 0, "layer must be an integer from 1 to 20, got 21"),
        (example("digits-tanh-20"), 1, -1, "step must lie between 0 and"),
        (saturated(activation="prelu"), 1, 0, "layer 1 has PReLU"),
    ],
)
def test_what_cannot_be_asked_is_refused(experiment: Experiment, place: int | None, step: int, words: str):
    with pytest.raises(SpecError, match=words):
        find_saturation(experiment, place, step)


def test_layers_with_several_activations_are_told_with_each():
    mixed = example("digits-tanh-20")
    layers = mixed.feed_forward.layers
    two = msgspec.structs.replace(layers[1], unit_activations=("relu",) * 8 + ("tanh",) * 8)
    network = msgspec.structs.replace(mixed.feed_forward, layers=(layers[0], two, *layers[2:]))
    found = find_saturation(msgspec.structs.replace(mixed, network=network, initialisation=ScaledGaussian()), 2)
    assert sorted(found.activations) == ["relu", "tanh"]
    assert found.slopes.shape == (2, len(found.points))


def test_it_crosses_a_process_border():
    found = find_saturation(example("digits-tanh-20"), 1)
    assert to_bytes(from_bytes(to_bytes(found), Saturation)) == to_bytes(found)
