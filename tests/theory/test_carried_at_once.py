"""Runs of layers with skip connections that go down at once: the same as one by one, for they are one linear map."""

import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.spec.layer import Highway, Residual
from vgdesk.study.predict import predict
from vgdesk.theory import way_back
from vgdesk.theory.carried_at_once import at_once
from vgdesk.theory.carried_part import part_scatter
from vgdesk.theory.example_pairs import half_of

CASES = {
    "residual": {"activation": "relu", "skip": Residual()},
    "highway": {"activation": "relu", "skip": Highway(gate_bias=-1.0)},
    "residual tanh": {"activation": "tanh", "skip": Residual()},
    "normalised": {"activation": "tanh", "skip": Residual(), "normalisation": "layer"},
    "residual dropped out": {"activation": "leaky-relu", "skip": Residual(), "dropout": 0.2},
    "dropped out": {"activation": "relu", "skip": Highway(gate_bias=0.0), "dropout": 0.2},
}


def lines(experiment):
    """Returns everything the prediction draws as one array."""
    return np.array([[each.log10_norm, each.log10_deviation] for each in predict(experiment).profiles])


def one_by_one(experiment, monkeypatch):
    """Returns the prediction of layers of which no two go down together."""
    with monkeypatch.context() as patched:
        patched.setattr(way_back, "at_once", lambda *told: None)
        return lines(experiment)


def told_of(monkeypatch):
    """Returns a list that fills with what every run gives down, None where it goes layer by layer."""
    found = []
    monkeypatch.setattr(way_back, "at_once", lambda *told: found.append(at_once(*told)) or found[-1])
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_run_at_once_is_its_layers_one_by_one(name, monkeypatch):
    experiment = deep(depth=40, width=32, **CASES[name])
    wanted, found = one_by_one(experiment, monkeypatch), told_of(monkeypatch)
    # of sums of some ten numbers in another order
    assert lines(experiment) == pytest.approx(wanted, rel=1e-10, abs=1e-10)
    assert len(found) > 1
    assert all(run is not None for run in found)


def test_signals_beyond_float64_go_down_at_once_in_their_own_units(monkeypatch):
    experiment = deep(depth=300, width=32, activation="relu", skip=Residual())
    assert lines(experiment) == pytest.approx(one_by_one(experiment, monkeypatch), rel=1e-10, abs=1e-10)


def test_examples_that_become_one_are_held_at_their_bound(monkeypatch):
    experiment = deep(depth=60, width=16, activation="tanh", skip=Highway(gate_bias=-2.0))
    wanted, found = one_by_one(experiment, monkeypatch), told_of(monkeypatch)
    assert lines(experiment) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert any(run is not None and run.is_held for run in found)


def test_batch_norm_mixes_examples_and_goes_layer_by_layer(monkeypatch):
    experiment, found = (
        deep(depth=12, width=32, activation="relu", skip=Residual(), normalisation="batch"),
        told_of(monkeypatch),
    )
    assert not predict(experiment).reason
    assert set(found) == {None}


@pytest.mark.parametrize("rounding", [-1e-16, 1e-16])
def test_a_part_whose_own_is_rounding_scatters_nothing_whichever_sign_that_has(rounding):
    wholes = np.array([[[rounding, 0.4], [0.4, 0.0]]])
    assert not part_scatter(wholes, np.eye(2)[None], np.eye(2)[None]).any()


def test_half_of_a_symmetric_square_is_all_of_it():
    rows = np.arange(12.0).reshape(4, 3)
    square, half = rows @ rows.T, half_of(4)
    assert np.array_equal(half.whole(half.of(square)), square)
    assert np.array_equal(half.of(square)[half.own], square.diagonal())


def test_the_other_half_is_that_of_the_transposed_square():
    square, half = np.arange(16.0).reshape(4, 4), half_of(4)
    assert np.array_equal(half.of(square, is_mirrored=True), half.of(square.T))


def test_products_of_two_are_held_at_the_root_of_their_own():
    half = half_of(2)
    assert half.whole(half.between(half.of(np.array([[4.0, 7.0], [7.0, 9.0]])))).tolist() == [[4.0, 6.0], [6.0, 9.0]]
