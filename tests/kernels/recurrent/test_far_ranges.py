"""Recurrent gradients where floats end: vanishing over hundreds of time steps, exploding, exactly zero, saturated."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.recurrent.cases import KINDS, random_case
from vgdesk.kernels.recurrent.network import RecurrentNetwork

PRECISIONS = ("float32", "float64")
NORMS = ("log10_state_norm", "log10_cell_norm", "log10_delta_norm", "log10_weight_norm", "log10_bias_norm")


def long_case(cell, T=200, width=16, batch=4, seed=0, reset="after", **changes):
    """Returns a network over many time steps; changes replace parameters."""
    network = RecurrentNetwork(cell, 3, width, 2, T, "mse", reset=reset)
    case = random_case(network, batch, np.random.default_rng(seed))
    return replace(case, parameters=case.parameters | changes)


def orthogonal(width, seed=1):
    """Returns a random orthogonal matrix."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((width, width)))[0]


def recorded(case, precision):
    """Returns the row of one step."""
    return case.trainer(precision=precision).run(case.whole)


def all_norms(rows):
    """Returns every recorded norm of a row, end to end."""
    return np.concatenate([getattr(rows, name).ravel() for name in (*NORMS, "log10_total_norm")])


@pytest.mark.parametrize("forget_bias", [-2.0, -1.0, 0.0])
def test_float32_holds_the_vanishing_gradient_of_an_lstm_over_200_time_steps(forget_bias):
    case = long_case("lstm", width=20, batch=8)
    b = np.where(np.arange(80) // 20 == 1, forget_bias, case.parameters["b"])
    case = replace(case, parameters=case.parameters | {"b": b, "W_hh": 0.3 * case.parameters["W_hh"]})
    single, double = (recorded(case, precision) for precision in PRECISIONS)
    assert double.log10_state_norm.min() < -50  # far below the smallest float32, 1e-45
    for name in ("log10_state_norm", "log10_cell_norm", "log10_delta_norm"):
        # 200 time steps, each with a rounding of 6e-8, add up to 1e-5 where they all lean to one side
        np.testing.assert_allclose(10 ** (getattr(single, name) - getattr(double, name)), 1.0, atol=1e-5, err_msg=name)


@pytest.mark.parametrize(("cell", "reset"), KINDS)
def test_float32_holds_a_gradient_that_vanishes_beyond_1e_60(cell, reset):
    case = long_case(cell, reset=reset)
    kept = {"rnn": [0.0], "lstm": [0.0, -2.0, 0.0, 0.0], "gru": [0.0, -3.0, 0.0]}[cell]  # f and z keep little
    changes = {"b": np.repeat(kept, 16), "W_hh": 0.1 * case.parameters["W_hh"]}
    case = replace(case, parameters=case.parameters | changes)
    single, double = (recorded(case, precision).log10_state_norm[0] for precision in PRECISIONS)
    assert double[0] < -60
    within = double > -60
    np.testing.assert_allclose(10 ** (single - double)[within], 1.0, atol=1e-5)
    assert np.isfinite(single).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_exploding_linear_network_grows_by_its_factor_each_time_step(precision):
    case = long_case("rnn", W_hh=3 * orthogonal(16), b=np.zeros(16))
    case = replace(case, network=replace(case.network, activation="identity"), inputs=0 * case.inputs)
    rows = recorded(case, precision)
    assert rows.finite
    assert rows.log10_state_norm[0, 0] > 90  # far above the largest float32, 3e38
    # 3 Q is orthogonal times 3 up to the format's rounding of its entries
    np.testing.assert_allclose(np.diff(rows.log10_state_norm[0]), -np.log10(3), atol=1e-6)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_exploding_tanh_network_has_a_record_without_nan(precision):
    rows = recorded(long_case("rnn", W_hh=3 * orthogonal(16)), precision)
    assert rows.finite
    assert rows.log10_state_norm[0, 0] > rows.log10_state_norm[0, -1] + 5
    assert np.isfinite(rows.log10_weight_norm).all()
    assert not np.isnan(all_norms(rows)).any()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_forward_explosion_beyond_the_format_is_said_and_ends_the_run(precision):
    case = long_case("rnn", T=800, W_hh=3 * orthogonal(16))
    case = replace(case, network=replace(case.network, activation="identity"))
    trainer = case.trainer(precision=precision)
    rows = trainer.run(np.tile(case.whole, (3, 1)))
    assert (len(rows.loss), rows.finite) == (1, False)
    assert np.isnan(rows.log10_state_norm).all()
    time_step, operation = trainer.breakdown() or (0, "")
    # 3^t leaves float32 near t = 38 / log10(3) = 80, float64 near 645
    assert abs(time_step - {"float32": 80, "float64": 645}[precision]) < 10
    assert operation == "preactivation"


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("cell", "reset"), KINDS)
def test_a_perfect_answer_has_an_exactly_zero_gradient(cell, reset, precision):
    case = long_case(cell, T=9, reset=reset)
    case = replace(case, parameters=case.parameters | {"W_out": np.zeros((2, 16)), "b_out": np.full(2, 0.5)})
    rows = recorded(replace(case, targets=np.full_like(case.targets, 0.5)), precision)
    assert rows.finite
    assert np.isneginf(all_norms(rows)).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_what_no_weight_carries_back_is_exactly_zero(precision):
    rows = recorded(long_case("rnn", T=9, W_hh=np.zeros((16, 16))), precision)
    assert np.isneginf(rows.log10_state_norm[0, :-1]).all()
    assert np.isfinite(rows.log10_state_norm[0, -1])
    assert np.isfinite(rows.log10_weight_norm).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("cell", "reset"), KINDS)
@pytest.mark.parametrize("bias", [-60.0, 60.0])
def test_saturated_gates_leave_numbers(cell, reset, bias, precision):
    case = long_case(cell, T=30, reset=reset)
    case = replace(case, parameters=case.parameters | {"b": case.parameters["b"] + bias})
    rows = recorded(case, precision)
    assert rows.finite
    assert not np.isnan(all_norms(rows)).any()
    assert np.isfinite([rows.log10_state_norm[0, -1], rows.log10_bias_norm[0, 2]]).all()


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1), st.floats(1, 20))
@settings(max_examples=30, deadline=None)
def test_gates_pushed_far_either_way_have_the_twins_norms(kind, seed, push):
    case = long_case(kind[0], T=6, width=5, seed=seed, reset=kind[1])
    b = push * np.random.default_rng(seed).standard_normal(case.parameters["b"].shape)
    case = replace(case, parameters=case.parameters | {"b": b})
    rows, twin = recorded(case, "float64"), case.twin()
    # 1 - z of a gate near 1 has lost digits in kernel and twin alike: 1.03e-9 was met with a push of 20
    weights = [np.linalg.norm(twin.gradient[name]) for name in ("W_ih", "W_hh", "W_out")]
    np.testing.assert_allclose(10 ** rows.log10_weight_norm[0], weights, rtol=1e-8)
    for ours, theirs in (("log10_state_norm", "dh"), ("log10_delta_norm", "delta")):
        norms = np.linalg.norm(twin.over_time(theirs), axis=(1, 2))
        np.testing.assert_allclose(10 ** getattr(rows, ours)[0], norms, rtol=1e-8)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("reset", ["after", "before"])
@pytest.mark.parametrize("bias", [8.0, 16.0, 24.0, 40.0])
def test_an_almost_open_update_gate_still_lets_the_candidate_learn(bias, reset, precision):
    case = long_case("gru", T=10, reset=reset, b=np.repeat([0.0, bias, 0.0], 16))
    rows, twin = recorded(case, precision), case.twin()
    # 1 - z is about e^-bias, in the end far below the spacing of floats at 1
    assert 0 < np.linalg.norm(twin.gradient["W_ih"][32:]) < 50 * np.exp(-bias)
    tolerance = {"float32": 1e-4, "float64": 1e-9}[precision]
    weights = [np.linalg.norm(twin.gradient[name]) for name in ("W_ih", "W_hh", "W_out")]
    np.testing.assert_allclose(10 ** rows.log10_weight_norm[0], weights, rtol=tolerance)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_open_update_gate_carries_the_gradient_unchanged(precision):
    case = long_case("gru", b=np.repeat([0.0, 60.0, 0.0], 16))
    rows = recorded(case, precision)
    # z = 1: h_t = h_{t-1}, and so does the gradient
    np.testing.assert_allclose(rows.log10_state_norm[0], rows.log10_state_norm[0, -1], atol=1e-5)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_targets_near_the_end_of_the_range_keep_an_exact_norm(precision):
    near = {"float32": 1e17, "float64": 1e150}[precision]
    case = long_case("rnn", T=5)
    small, large = (recorded(replace(case, targets=case.targets * scale), precision) for scale in (1e8, near))
    grown = (large.log10_state_norm - small.log10_state_norm)[0]
    np.testing.assert_allclose(grown, np.log10(near) - 8, atol=1e-6)


def test_a_gradient_beyond_float64_has_a_norm():
    case = long_case("rnn", T=5, W_ih=np.zeros((16, 3)))
    rows = recorded(replace(case, inputs=np.full_like(case.inputs, 1.5e308), targets=1e5 + case.targets), "float64")
    # all inputs are equal: dW_ih has three columns, each 1.5e308 times db
    expected = rows.log10_bias_norm[0, 0] + np.log10(1.5e308) + np.log10(3) / 2
    assert rows.log10_weight_norm[0, 0] == pytest.approx(expected, rel=1e-13)
    assert expected > 309


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_thousand_time_steps_agree_with_the_twin(precision):
    case = long_case("rnn", T=1000, width=8, W_hh=orthogonal(8))
    case = replace(case, network=replace(case.network, activation="identity", output_steps=3))
    case = replace(case, targets=np.zeros((4, 3, 2)), inputs=1e-3 * case.inputs)
    rows, twin = recorded(case, precision), case.twin()
    norms = np.linalg.norm(twin.over_time("dh"), axis=(1, 2))
    # rounding of a random walk of 1000 time steps
    np.testing.assert_allclose(
        10 ** rows.log10_state_norm[0], norms, rtol={"float32": 1e-3, "float64": 1e-10}[precision]
    )


def test_a_thousand_and_twenty_four_units_agree_with_the_twin():
    case = long_case("gru", T=3, width=1024, batch=2)
    found, twin = case.differentiate(), case.twin()
    for name, expected in twin.gradient.items():
        scale = np.abs(expected).max()
        np.testing.assert_allclose(found.parameters[name] / scale, expected / scale, rtol=0, atol=1e-11)


def test_the_mean_of_states_that_explode_beyond_every_number_is_none_and_no_warning():
    network = RecurrentNetwork("rnn", 3, 16, 2, 1000, "mse", activation="relu")
    case = random_case(network, 4, np.random.default_rng(0))
    case = replace(case, parameters=case.parameters | {"W_hh": 2.0 * np.eye(16) + 0.5})
    measured = case.trainer().measure_step(case.whole[0])[1]
    assert not np.isfinite(measured["activation-variance"][-1])
    assert np.isfinite(measured["activation-mean"][0])
