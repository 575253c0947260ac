"""Recurrent kernels against published numbers and closed forms (`values` of `data/recurrent.json`).

`roelants.*`: P. Roelants, "How to implement a simple RNN", part 1: 20 binary sequences of 10 numbers (NumPy's seed 1),
s_k = w_rec s_{k-1} + w_x x_k, the target is the sum of x, the loss the mean squared error. His gradient of an example
is 2 (y - t), without the mean over examples; "mean |gradient| over time" is therefore our sum of |dL/ds_k|.
`rnn.linear.*`: dL/dh_0 = w^T. `lstm.*`: gates that nothing but their bias moves.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.recurrent.trainer import RecurrentTrainer, differentiate

DATA = json.loads((Path(__file__).parent / "data" / "recurrent.json").read_text())
VALUES = {entry["name"]: entry for entry in DATA["values"]}


def named(start):
    """Returns the values whose name begins so."""
    return [name for name in VALUES if name.startswith(start)]


def scalar(w_x, w_rec, b=0.0):
    """Returns the parameters of one unit that is its own output."""
    one, zero = np.ones((1, 1)), np.zeros(1)
    return {"W_ih": w_x * one, "W_hh": w_rec * one, "b": zero + b, "W_out": one, "b_out": zero}


def binary_sequences():
    """Returns 20 sequences of 10 numbers 0 or 1, and how many ones each has."""
    source = np.random.RandomState(1)
    inputs = np.array([np.around(source.rand(10)) for _ in range(20)])
    return inputs[:, :, None], inputs.sum(axis=1)[:, None, None]


def counter(name):
    """Differentiates the network that counts ones, at the weights its name tells."""
    w_x, w_rec = (float(part) for part in name.removeprefix("roelants.rnn.grad.wx").split(".wr"))
    network = RecurrentNetwork("rnn", 1, 1, 1, 10, "mse", activation="identity")
    return w_rec, differentiate(network, scalar(w_x, w_rec), *binary_sequences())


@pytest.mark.parametrize("name", named("roelants"))
def test_the_network_that_counts_ones_has_the_published_loss_and_gradient(name):
    expected, (_, found) = VALUES[name]["value"], counter(name)
    assert found.loss == pytest.approx(expected["loss"], rel=1e-12)
    assert found.parameters["W_ih"].item() == pytest.approx(expected["dwx"], rel=1e-12)
    assert found.parameters["W_hh"].item() == pytest.approx(expected["dwrec"], rel=1e-12)


@pytest.mark.parametrize("name", named("roelants"))
def test_its_gradient_over_time_explodes_and_vanishes_as_published(name):
    expected = VALUES[name]["value"]["mean_abs_grad_over_time"]
    w_rec, found = counter(name)
    ours = np.abs(found.d_states).sum(axis=(1, 2))
    np.testing.assert_allclose(ours, expected[1:], rtol=1e-12)
    assert abs(w_rec) * ours[0] == pytest.approx(expected[0], rel=1e-12, abs=0)  # dL/ds_0 = w_rec dL/ds_1


@pytest.mark.parametrize("name", named("rnn.linear"))
def test_the_gradient_of_a_linear_unit_is_the_power_of_its_weight(name):
    w, T = float(VALUES[name]["inputs"]["w"]), VALUES[name]["inputs"]["T"]
    network = RecurrentNetwork("rnn", 1, 1, 1, T, "half-mse-sum", activation="identity")
    found = differentiate(network, scalar(1.0, w), np.zeros((1, T, 1)), np.full((1, 1, 1), -1.0))  # dL/dh_T = 1
    # T products, each rounded
    assert w * found.d_states[0].item() == pytest.approx(VALUES[name]["value"], rel=T * 1e-15, abs=0)


def test_the_states_of_a_tanh_unit_are_exact():
    entry = VALUES["rnn.tanh.scalar.h_t"]
    given, x = entry["inputs"], np.array(entry["inputs"]["x"])
    network = RecurrentNetwork("rnn", 1, 1, 1, len(x), "mse")
    first = np.full((1, 1), given["h0"])
    parameters = scalar(given["u"], given["w"], given["b"])
    found = differentiate(network, parameters, x[None, :, None], np.zeros((1, 1, 1)), initial=(first, 0 * first))
    np.testing.assert_allclose(found.states.ravel(), entry["value"], rtol=1e-15 * len(x))


def lstm_without_weights(forget_bias, T):
    """Measures a step of an LSTM whose gates are moved by their biases alone."""
    network = RecurrentNetwork("lstm", 1, 1, 1, T, "mse")
    parameters = {
        "W_ih": np.zeros((4, 1)),
        "W_hh": np.zeros((4, 1)),
        "b": np.array([0.3, forget_bias, 0.7, -0.2]),
        "W_out": np.ones((1, 1)),
        "b_out": np.zeros(1),
    }
    trainer = RecurrentTrainer(network, parameters, np.ones((1, T, 1)), np.ones((1, 1, 1)), rate=0.0, batch=1)
    return trainer.measure_step(np.zeros(1, int))


@pytest.mark.parametrize("name", named("lstm.forget"))
def test_a_forget_gate_without_weights_is_the_sigmoid_of_its_bias(name):
    _, found = lstm_without_weights(float(VALUES[name]["inputs"]["b_f"]), 3)
    np.testing.assert_allclose(found["forget-gate"], VALUES[name]["value"], rtol=1e-15)


@pytest.mark.parametrize("name", named("lstm.cellgrad"))
def test_the_cells_gradient_and_the_direct_path_are_powers_of_the_forget_gate(name):
    given = VALUES[name]["inputs"]
    row, found = lstm_without_weights(float(given["b_f"]), given["T"] + 1)
    log10_value = np.log10(VALUES[name]["value"])
    assert found["cell-path"][0] == pytest.approx(log10_value, rel=1e-13, abs=1e-13)
    norms = row.log10_cell_norm[0]
    assert norms[0] - norms[-1] == pytest.approx(log10_value, rel=1e-12, abs=1e-12)
