"""Recurrent kernels against independently computed numbers (`data/recurrent.json`).

`layers`: cells of PyTorch 2.13 in float64, loss = sum(cotangent * h_T), from a given first state. `traces`: losses and
gradient norms while training, full batch; they do not say the learning rates, those below reproduce step 1. The
`values` of the file are in `test_recurrent_values`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.det import det
from tests.agreement.lcg import symmetric, uniforms
from vgdesk.kernels.recurrent.network import GATES, RecurrentNetwork, has_second_bias
from vgdesk.kernels.recurrent.trainer import RecurrentTrainer, differentiate
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.optimiser import Adam, Sgd
from vgdesk.training.rule import kernel_cap, kernel_rule

DATA = json.loads((Path(__file__).parent / "data" / "recurrent.json").read_text())
TRACES = DATA["traces"]
CELLS = {
    "rnn_tanh": ("rnn", "after"),
    "lstm": ("lstm", "after"),
    "gru_reset_after": ("gru", "after"),
    "gru_reset_before": ("gru", "before"),
}
RULES = {"sgd": Sgd(learning_rate=0.1), "adam": Adam(learning_rate=0.01)}


def cell_gradient(name):
    """Differentiates a cell fixture: its loss is linear in h_T, ours becomes so by choosing the targets."""
    cell, reset = CELLS[name]
    rows, network = GATES[cell] * 4, RecurrentNetwork(cell, 3, 4, 4, 6, "half-mse-sum", reset=reset)
    biases = det((rows,), 0.3, 0.9, 0.3), det((rows,), 0.6, 0.8, 0.3)
    parameters = {
        "W_ih": det((rows, 3), 0.1, 1.1, 0.6),
        "W_hh": det((rows, 4), 0.2, 1.7, 0.6),
        "b": biases[0] + biases[1],
        "W_out": np.eye(4),
        "b_out": np.zeros(4),
    }
    if has_second_bias(network):
        parameters["b"], parameters["b_hn"] = biases[0] + np.where(np.arange(rows) < 8, biases[1], 0), biases[1][8:]
    inputs = det((6, 2, 3), 0.3, 0.7).transpose(1, 0, 2)
    initial = det((2, 4), 0.9, 0.31, 0.5), det((2, 4), 0.4, 0.23, 0.5)
    last = differentiate(network, parameters, inputs, np.zeros((2, 1, 4)), initial=initial).states[-1]
    targets = (last - 2 * det((2, 4), 0.5, 0.37))[:, None]  # (y - t) / batch is the cotangent
    return parameters, differentiate(network, parameters, inputs, targets, initial=initial)


@pytest.mark.parametrize("name", CELLS)
def test_cells_have_the_states_and_gradients_of_the_fixtures(name):
    expected = DATA["layers"][name]["out"]
    _, found = cell_gradient(name)
    np.testing.assert_allclose(found.states[-1], expected["h_T"], rtol=1e-12)
    for key in ("W_ih", "W_hh"):
        np.testing.assert_allclose(found.parameters[key], expected[f"d{key}"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.parameters["b"], expected.get("db", expected.get("db_ih")), rtol=1e-12)
    norms = np.linalg.norm(found.d_states, axis=(1, 2))
    np.testing.assert_allclose(norms, expected["norm_dL_dh_t"][-6:], rtol=1e-12)
    np.testing.assert_allclose(10**found.log10_state_norm, norms, rtol=1e-12)


def test_the_second_bias_of_the_gru_has_the_fixtures_gradient():
    _, found = cell_gradient("gru_reset_after")
    expected = np.array(DATA["layers"]["gru_reset_after"]["out"]["db_hh"])
    np.testing.assert_allclose(found.parameters["b_hn"], expected[8:], rtol=1e-12)


def test_the_cells_of_the_lstm_have_the_fixtures_gradients():
    expected = DATA["layers"]["lstm"]["out"]
    _, found = cell_gradient("lstm")
    np.testing.assert_allclose(found.cells[-1], expected["c_T"], rtol=1e-12)
    norms = np.linalg.norm(found.d_cells, axis=(1, 2))
    np.testing.assert_allclose(norms, expected["norm_dL_dc_t"][-6:], rtol=1e-12)


@pytest.mark.parametrize("name", ["rnn_tanh", "lstm"])
def test_the_first_state_gets_the_fixtures_gradient_through_the_first_delta(name):
    parameters, found = cell_gradient(name)
    expected = DATA["layers"][name]["out"]["dh0"]
    np.testing.assert_allclose(found.deltas[0] @ parameters["W_hh"], expected, rtol=1e-12)


def trace_trainer(trace):
    """Builds the network and the data of a trace, each from its own stream."""
    cell, T, H, N = trace["cell"], trace["T"], trace["H"], trace["N"]
    stream, rows = uniforms(trace["data_seed"]), GATES[cell] * H
    inputs, targets = symmetric(stream, T, N, trace["I"]), symmetric(stream, N, trace["K"])
    stream = uniforms(trace["seed"])
    W_ih = np.sqrt(3 / trace["I"]) * symmetric(stream, rows, trace["I"])
    W_hh = np.sqrt(3 / H) * trace["sigma_w"] * symmetric(stream, rows, H)
    W_out = np.sqrt(3 / H) * symmetric(stream, trace["K"], H)
    bias = np.zeros(rows)
    if cell == "lstm":
        bias[H : 2 * H] = trace["forget_bias"]
    parameters = {"W_ih": W_ih, "W_hh": W_hh, "b": bias, "W_out": W_out, "b_out": np.zeros(trace["K"])}
    if cell == "gru":
        parameters = parameters | {"b_hn": np.zeros(H)}
        parameters = {key: parameters[key] for key in ("W_ih", "W_hh", "b", "b_hn", "W_out", "b_out")}
    rule = RULES[trace["opt"]]
    trainer = RecurrentTrainer(
        RecurrentNetwork(cell, trace["I"], H, trace["K"], T, "mse"),
        parameters,
        inputs.transpose(1, 0, 2),
        targets[:, None],
        rate=rule.learning_rate,
        batch=N,
        rule=kernel_rule(rule),
    )
    if trace["clip"]:
        trainer.cap = kernel_cap(ClipByNorm(maximum=trace["clip"]))
    return trainer


@pytest.mark.parametrize("name", TRACES)
def test_training_follows_the_trace(name):
    trace = TRACES[name]
    rows = trace_trainer(trace).run(np.tile(np.arange(trace["N"]), (21, 1)))
    for entry in trace["trace"]:
        step = entry["step"]
        # a trace carries how much rounding grows in it until that step
        tolerance = max(1e-10, 20 * trace["rounding_sensitivity"][str(step)])
        assert rows.loss[step] == pytest.approx(entry["loss"], rel=tolerance, abs=0)
        norms = 10 ** rows.log10_weight_norm[step]
        assert norms[:2] == pytest.approx([entry["gWi"], entry["gWh"]], rel=tolerance)
        assert 10 ** rows.log10_state_norm[step] == pytest.approx(entry["gh"], rel=tolerance, abs=0)
        if entry["gc"]:
            assert 10 ** rows.log10_cell_norm[step] == pytest.approx(entry["gc"], rel=tolerance, abs=0)
        if "total_norm" in entry:
            assert 10 ** rows.log10_total_norm[step] == pytest.approx(entry["total_norm"], rel=tolerance)
