"""What a measured recurrent step tells beside its row, against the same numbers counted in NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.recurrent.cases import KINDS, cases, random_case
from tests.reference.recurrent import measures
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.step_measures import Bins

few = settings(max_examples=40, deadline=None)
PRECISIONS = ("float32", "float64")
LOGARITHMS = ("lag", "cell-path")


@given(cases())
@few
def test_every_quantity_of_the_time_steps_is_the_twins(case):
    _, found = case.trainer().measure_step(case.whole[0])
    twin = case.twin()
    expected = measures(case.network, twin)
    if np.abs(np.abs(twin.over_time("slope")) - 0.01).min() < 1e-9:  # rounding decides who is saturated
        del expected["saturated"]
    for name, values in expected.items():
        ours = 10 ** found[name] if name in LOGARITHMS else found[name]
        np.testing.assert_allclose(ours, values, rtol=1e-9, atol=1e-9 * np.abs(values).max(initial=1e-30), err_msg=name)


@given(cases(kinds=KINDS[:1]) | cases(kinds=KINDS[1:]))
@few
def test_there_is_exactly_what_the_cell_has(case):
    _, found = case.trainer().measure_step(case.whole[0])
    gates = {
        "rnn": set(),
        "lstm": {"input-gate", "forget-gate", "output-gate", "cell-path"},
        "gru": {"reset-gate", "update-gate", "cell-path"},
    }
    timed = {"lag", "saturated", "dead", "activation-mean", "activation-variance"} | gates[case.network.cell]
    weights = {"weight-norm", "weight-change", "update", "float32-lost", "float16-lost"}
    assert {name: len(values) for name, values in found.items()} == {
        **dict.fromkeys(timed, case.network.steps),
        **dict.fromkeys(weights, 3),
    }


@given(cases())
@few
def test_the_shares_of_all_time_steps_sum_to_the_gradient(case):
    found, twin = case.differentiate(), case.twin()
    np.testing.assert_allclose(
        np.linalg.norm(sum(moment.shares for moment in twin.moments)), 10 ** found.log10_weight_norm[1], rtol=1e-8
    )
    _, measured = case.trainer().measure_step(case.whole[0])
    # the triangle inequality; the first share is exactly zero because h_0 is
    assert 10 ** found.log10_weight_norm[1] <= (10 ** measured["lag"]).sum() * (1 + 1e-9)
    assert measured["lag"][0] == -np.inf


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_one_share_alone_is_the_whole_gradient(kind):
    network = RecurrentNetwork(kind[0], 2, 5, 1, 2, "mse", reset=kind[1])
    case = random_case(network, 3, np.random.default_rng(1))
    row, measured = case.trainer().measure_step(case.whole[0])
    assert measured["lag"][1] == pytest.approx(row.log10_weight_norm[0, 1], abs=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_a_share_whose_square_leaves_float64_has_a_number(kind):
    network = RecurrentNetwork(kind[0], 2, 5, 1, 2, "mse", reset=kind[1], activation="identity")
    case = random_case(network, 3, np.random.default_rng(1))
    tiny = {name: array if name == "b_out" else 1e-200 * array for name, array in case.parameters.items()}
    row, measured = type(case)(network, tiny, case.inputs, case.targets).trainer().measure_step(case.whole[0])
    assert row.log10_weight_norm[0, 1] < -390
    assert measured["lag"][1] == pytest.approx(row.log10_weight_norm[0, 1], abs=1e-10)


@pytest.mark.parametrize(("cell", "reset"), KINDS)
def test_float32_tells_the_shares_of_200_time_steps(cell, reset):
    network = RecurrentNetwork(cell, 3, 16, 2, 200, "mse", reset=reset)
    case = random_case(network, 4, np.random.default_rng(0), gain=0.6)
    single, double = (case.trainer(precision=name).measure_step(case.whole[0])[1]["lag"] for name in PRECISIONS)
    assert double[1] < -15
    # rounding of 200 time steps, and of sums of terms of both signs
    np.testing.assert_allclose(10 ** (single[1:] - double[1:]), 1.0, atol=1e-4)


@given(cases(), st.floats(1e-3, 0.1))
@few
def test_weights_their_change_and_their_update_are_measured(case, rate):
    trainer = case.trainer(rate=rate)
    trainer.run(case.whole)
    before = trainer.parameters()
    _, found = trainer.measure_step(case.whole[0])
    after = trainer.parameters()
    zero = dict.fromkeys(before, 0.0)
    for key, ours, theirs in (
        ("weight-norm", before, zero),
        ("weight-change", before, case.parameters),
        ("update", after, before),
    ):
        expected = [np.linalg.norm(ours[name] - theirs[name]) for name in ("W_ih", "W_hh", "W_out")]
        np.testing.assert_allclose(10 ** found[key], expected, rtol=1e-9, err_msg=key)


@given(cases(), st.integers(1, 30), st.floats(-3, 0), st.floats(0.1, 3))
@few
def test_histograms_hold_all_z(case, count, low, high):
    _, found = case.trainer().measure_step(case.whole[0], bins=Bins(count, low, high))
    for shares, z in zip(found["histogram"], case.twin().over_time("z"), strict=True):
        inside, _ = np.histogram(z[(z >= low) & (z < high)], np.linspace(low, high, count + 1))
        expected = np.array([np.sum(z < low), *inside, np.sum(z >= high)]) / z.size
        assert shares.sum() == pytest.approx(1, abs=1e-12)
        # a z on an edge may fall to either side
        assert np.abs(shares - expected).sum() <= 2.1 / z.size


@given(cases(), st.sampled_from(["float32", "float64"]))
@few
def test_a_measured_step_is_the_step(case, precision):
    one, other = case.trainer(precision=precision), case.trainer(precision=precision)
    measured, made = one.measure_step(case.whole[0], 0.02)[0], other.run(case.whole, np.array([0.02]))
    np.testing.assert_array_equal(measured.log10_delta_norm, made.log10_delta_norm)
    for name, values in other.parameters().items():
        np.testing.assert_array_equal(one.parameters()[name], values)


@given(cases(), st.floats(-55, -5))
@few
def test_lost_shares_are_those_of_the_rounded_gradient(case, decades):
    parameters = case.parameters | {"W_out": case.parameters["W_out"] * 10**decades}
    small = type(case)(case.network, parameters, case.inputs, case.targets)
    gradient = small.differentiate().parameters
    _, found = small.trainer().measure_step(case.whole[0])
    for place, name in enumerate(("W_ih", "W_hh", "W_out")):
        given_ = gradient[name][gradient[name] != 0]
        for quantity, smallest in (("float16-lost", 2.0**-25), ("float32-lost", 2.0**-150)):
            expected = np.mean(np.abs(given_) <= smallest) if given_.size else 0.0
            assert found[quantity][place] == pytest.approx(expected, abs=1e-12)


def test_saturation_that_answers_is_not_silence():
    network = RecurrentNetwork("rnn", 1, 3, 1, 2, "mse", activation="hard-tanh")
    case = random_case(network, 2, np.random.default_rng(0))
    for bias, answer, dead in ((5.0, 1.0, 0.0), (-5.0, -1.0, 0.0)):
        pushed = type(case)(network, case.parameters | {"b": np.full(3, bias)}, 0 * case.inputs, case.targets)
        _, found = pushed.trainer().measure_step(case.whole[0])
        assert found["activation-mean"][0] == answer
        assert (found["saturated"][0], found["dead"][0]) == (1.0, dead)


def test_a_relu_below_zero_is_dead():
    network = RecurrentNetwork("rnn", 1, 3, 1, 2, "mse", activation="relu")
    case = random_case(network, 2, np.random.default_rng(0))
    pushed = type(case)(network, case.parameters | {"b": np.full(3, -5.0)}, 0 * case.inputs, case.targets)
    row, found = pushed.trainer().measure_step(case.whole[0])
    assert found["dead"].tolist() == [1.0, 1.0]
    assert np.isneginf(row.log10_weight_norm[0, :2]).all()
