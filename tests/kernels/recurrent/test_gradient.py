"""Loss and derivatives of recurrent kernels: the twin's, and those of finite differences."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.networks import FIXED
from tests.kernels.recurrent.cases import KINDS, LOSSES, cases, random_case
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.recurrent.room import FEW_INPUTS

few = settings(max_examples=60, deadline=None)
SMOOTH = ("tanh", "sigmoid", "softsign", "erf", "softplus", "silu", "gelu", "gelu-tanh", "mish", "identity")
"""Without a bend: a finite difference across one is no derivative, and float32 may stand on its other side."""
TOLERANCE = {"float64": 1e-9, "float32": 3e-4}
"""Relative to the largest number: rounding of at most 12 time steps of sums of 35 terms, with room."""


def assert_close(ours, theirs, precision):
    """Compares arrays up to rounding relative to the largest number."""
    scale = max(float(np.abs(theirs).max(initial=0.0)), 1e-30)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours / scale, theirs / scale, rtol=0, atol=TOLERANCE[precision])


@given(cases())
@few
def test_loss_and_gradient_are_the_twins(case):
    found, twin = case.differentiate(), case.twin()
    assert found.loss == pytest.approx(twin.loss, rel=1e-10)
    assert found.parameters.keys() == case.parameters.keys()
    for name, expected in twin.gradient.items():
        assert_close(found.parameters[name], expected, "float64")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [7, 8, 19])
@pytest.mark.parametrize("inputs", [FEW_INPUTS, FEW_INPUTS + 1])
def test_the_inputs_part_of_z_is_the_twins_with_that_of_the_states_or_before_it(kind, batch, inputs):
    cell, reset = kind
    network = RecurrentNetwork(cell, inputs, 21, 2, 5, "mse", reset=reset)
    case = random_case(network, batch, np.random.default_rng(batch))
    found, twin = case.differentiate(), case.twin()
    for name, expected in twin.gradient.items():
        assert_close(found.parameters[name], expected, "float64")


def rounding(case, twin):
    """Returns what float32 may leave of the twin's gradient: digits of it, and of the outputs less their targets.

    An output that meets its target by chance leaves a gradient of nothing but rounding; it is as large as that of an
    output that misses by 1, less the digits. Every gradient is linear in the targets, so targets elsewhere tell it.
    """
    elsewhere = case.targets + np.random.default_rng(0).standard_normal(case.targets.shape)
    gradients = twin.gradient, replace(case, targets=elsewhere).twin().gradient
    return 2e-5 * sum(max(np.abs(array).max() for array in gradient.values()) for gradient in gradients)


def require_float32(case):
    found, twin = case.differentiate("float32"), case.twin()
    assert found.loss == pytest.approx(twin.loss, rel=1e-4, abs=1e-6)
    for name, expected in twin.gradient.items():
        np.testing.assert_allclose(found.parameters[name], expected, rtol=0, atol=rounding(case, twin))


@given(cases(activations=SMOOTH))
@few
def test_float32_agrees_with_the_twin_to_its_digits(case):
    require_float32(case)


@given(cases(activations=SMOOTH, losses=LOSSES[:3]), st.floats(-9, -2))
@few
def test_float32_agrees_with_the_twin_where_outputs_all_but_meet_their_targets(case, log10_miss):
    require_float32(replace(case, targets=case.twin().outputs + 10**log10_miss))


@given(cases())
@few
def test_every_signal_of_every_time_step_is_the_twins(case):
    found, twin = case.differentiate(), case.twin()
    pairs = {"states": "h", "preactivations": "z", "deltas": "delta", "d_states": "dh"}
    if case.network.cell == "lstm":
        pairs |= {"cells": "c", "d_cells": "dc"}
    for ours, theirs in pairs.items():
        assert_close(getattr(found, ours), twin.over_time(theirs), "float64")


@pytest.mark.parametrize("name", FIXED)
def test_every_activation_has_its_gradient_in_the_vanilla_cell(name):
    network = RecurrentNetwork("rnn", 3, 5, 2, 4, "mse", activation=name, output_activation=name, output_steps=2)
    case = random_case(network, 3, np.random.default_rng(7))
    found, twin = case.differentiate(), case.twin()
    for key, expected in twin.gradient.items():
        assert_close(found.parameters[key], expected, "float64")


@given(cases())
@few
def test_recorded_norms_are_those_of_the_gradient(case):
    rows, found = case.trainer().run(case.whole), case.differentiate()
    weights = [np.linalg.norm(found.parameters[name]) for name in ("W_ih", "W_hh", "W_out")]
    biases = [np.linalg.norm(found.parameters.get(name, 0)) for name in ("b", "b_hn", "b_out")]
    np.testing.assert_allclose(10 ** rows.log10_weight_norm[0], weights, rtol=1e-9)
    np.testing.assert_allclose(10 ** rows.log10_bias_norm[0], biases, rtol=1e-9)
    np.testing.assert_allclose(10 ** rows.log10_state_norm[0], np.linalg.norm(found.d_states, axis=(1, 2)), rtol=1e-9)
    np.testing.assert_allclose(10 ** rows.log10_delta_norm[0], np.linalg.norm(found.deltas, axis=(1, 2)), rtol=1e-9)
    np.testing.assert_allclose(10 ** rows.log10_total_norm[0], np.linalg.norm([*weights, *biases]), rtol=1e-9)
    if case.network.cell == "lstm":
        np.testing.assert_allclose(10 ** rows.log10_cell_norm[0], np.linalg.norm(found.d_cells, axis=(1, 2)), rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@pytest.mark.parametrize("loss", ["mse", "bce", "softmax-cross-entropy"])
def test_gradient_is_the_slope_along_a_random_direction(kind, loss):
    output = "sigmoid" if loss == "bce" else "identity"
    network = RecurrentNetwork(kind[0], 3, 6, 2, 8, loss, reset=kind[1], output_activation=output, output_steps=3)
    case, generator = random_case(network, 4, np.random.default_rng(3)), np.random.default_rng(4)
    direction = {name: generator.standard_normal(array.shape) for name, array in case.parameters.items()}

    def loss_at(step):
        moved = {name: array + step * direction[name] for name, array in case.parameters.items()}
        return type(case)(network, moved, case.inputs, case.targets).differentiate().loss

    gradient, h = case.differentiate().parameters, 1e-5
    found = sum(np.vdot(gradient[name], direction[name]) for name in direction)
    expected = (loss_at(h) - loss_at(-h)) / (2 * h)
    # error of a central difference: h^2 times a third derivative, plus rounding of the loss over h
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8), f"gradient {found:.12g}, difference {expected:.12g}"
