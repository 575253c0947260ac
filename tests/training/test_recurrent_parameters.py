"""The seeded draw of recurrent networks and of what layers learn besides weights: gate by gate, names in place."""

from typing import Any

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment, reader
from vgdesk.records.parameters import Parameters, named_arrays, other_names, parameter_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import He, Identity, LeCun, Orthogonal, ScaledGaussian, TorchDefault
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Cell, Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import CopyMemory
from vgdesk.training.parameters import draw

WIDTH = 100
CELLS = (VanillaCell(), Lstm(), Gru(), Gru(reset="before"))


def recurrent(cell: Cell, initialisation: Any, recurrent_initialisation: Any = None) -> Experiment:
    """Returns a network of 102 inputs, 100 units and 100 outputs."""
    task = CopyMemory(symbols=100, delay=1, length=1, count=1)
    experiment = reader(task, cell, width=WIDTH, initialisation=initialisation)
    network = msgspec.structs.replace(experiment.network, recurrent_initialisation=recurrent_initialisation)
    return msgspec.structs.replace(experiment, network=network)


def with_layers(*hidden: DenseLayer, **fields: Any) -> Experiment:
    network = FeedForward(inputs=30, layers=(*hidden, DenseLayer(width=1)))
    return network_experiment([30, 1], ["tanh"], [[0.0] * 30], [[0.0]], **{"network": network, **fields})


def blocks(W: np.ndarray) -> np.ndarray:
    """Returns the gates of a matrix one by one."""
    return W.reshape(-1, WIDTH, W.shape[1])


def assert_same(ours: Parameters, theirs: Parameters, experiment: Experiment) -> None:
    second = named_arrays(experiment.network, theirs)
    for name, array in named_arrays(experiment.network, ours).items():
        np.testing.assert_array_equal(array, second[name])


@pytest.mark.parametrize("cell", CELLS)
def test_every_array_has_its_shape_and_the_same_bits_twice(cell: Cell):
    experiment = recurrent(cell, TorchDefault())
    drawn = named_arrays(experiment.network, draw(experiment))
    assert {name: array.shape for name, array in drawn.items()} == parameter_names(experiment.network)
    assert not any(array.flags.writeable for array in drawn.values())
    assert_same(draw(experiment), draw(experiment), experiment)


@pytest.mark.parametrize("cell", CELLS)
def test_every_gate_is_drawn_like_a_layer_of_its_own(cell: Cell):
    W_ih, W_hh, W_out = draw(recurrent(cell, LeCun())).weights
    for W, fan_in in ((W_ih, WIDTH + 2), (W_hh, WIDTH), (W_out, WIDTH)):
        for gate in blocks(W):
            # 10,000 draws: the sample deviation is within 0.7 % of the true one (one sigma)
            assert gate.std() == pytest.approx(1 / np.sqrt(fan_in), rel=0.035)


@pytest.mark.parametrize("cell", CELLS)
def test_recurrent_weights_follow_their_own_rule_gate_by_gate(cell: Cell):
    for gate in blocks(draw(recurrent(cell, He(), Orthogonal(gain=2.0))).weights[1]):
        # 1e-13: a product of 100 terms near 1
        np.testing.assert_allclose(gate @ gate.T, 4 * np.eye(WIDTH), atol=1e-13 * 4)
    for gate in blocks(draw(recurrent(cell, He(), Identity())).weights[1]):
        np.testing.assert_array_equal(gate, np.eye(WIDTH))


def test_gates_differ_from_each_other():
    gates = blocks(draw(recurrent(Lstm(), He(), Orthogonal())).weights[1])
    assert len({gate.tobytes() for gate in gates}) == 4


@pytest.mark.parametrize("rule", [He(), TorchDefault()])
def test_forget_gate_starts_at_its_bias_and_the_other_gates_by_the_rule(rule: Any):
    b = draw(recurrent(Lstm(forget_bias=3.0), rule)).biases[0].reshape(4, WIDTH)
    np.testing.assert_array_equal(b[1], 3.0)
    assert b[[0, 2, 3]].any() == isinstance(rule, TorchDefault)


def test_second_bias_of_a_gru_is_zero_unless_a_rule_draws_it():
    assert not draw(recurrent(Gru(), He())).others["b_hn"].any()
    drawn = draw(recurrent(Gru(), He(), ScaledGaussian(sigma_b=0.5))).others["b_hn"]
    # 100 draws: one sigma of the sample deviation is 7 %
    assert drawn.std() == pytest.approx(0.5, rel=0.3)
    assert not draw(recurrent(Gru(reset="before"), He())).others


def test_layers_start_where_their_options_do_nothing():
    layer = DenseLayer(width=30, normalisation="layer", activation="prelu", skip=Highway(gate_bias=-2.0))
    experiment = with_layers(layer)
    others = draw(experiment).others
    assert {name: array.shape for name, array in others.items()} == other_names(experiment.network)
    for name, value in (("gamma1", 1.0), ("beta1", 0.0), ("slope1", 0.25), ("gate_b1", -2.0)):
        np.testing.assert_array_equal(others[name], value)


def test_gate_of_a_highway_follows_the_rule_of_its_layer():
    gate = draw(with_layers(DenseLayer(width=30, skip=Highway(), initialisation=Orthogonal()))).others["gate_W1"]
    # 1e-13: a product of 30 terms near 1
    np.testing.assert_allclose(gate @ gate.T, np.eye(30), atol=1e-13)


def test_options_that_learn_nothing_leave_the_draw_as_it_is():
    plain = with_layers(DenseLayer(width=30), DenseLayer(width=30))
    options = with_layers(DenseLayer(width=30, skip=Residual(), dropout=0.5), DenseLayer(width=30))
    assert_same(draw(plain), draw(options), plain)
