"""Recurrent spectra: Jacobians against back-propagation, the bound, cell paths, the counterexample."""

import math

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment, reader
from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import Orthogonal, ScaledGaussian
from vgdesk.spec.library import find_experiment
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem
from vgdesk.study.end_to_end import end_to_end
from vgdesk.study.predict import first_examples
from vgdesk.study.recurrent_spectrum import gates_and_states, jacobians_back, lag_below, recurrent_spectrum
from vgdesk.theory.eigenvalue_rule import BIAS, STATE, W_HH, counterexample
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

CELLS = [
    VanillaCell(),
    VanillaCell(activation="formula: z/(1 + abs(z))"),
    Lstm(forget_bias=1.0),
    Gru(reset="after"),
    Gru(reset="before"),
]


def network(cell, steps=12, width=6, **fields):
    """Returns a network on the adding problem, whose loss is at the last time step alone."""
    rule = ScaledGaussian(sigma_w=1.3, sigma_b=0.4)
    return reader(AddingProblem(length=steps, count=4), cell, width=width, initialisation=rule, **fields)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_product_of_the_step_jacobians_takes_the_gradient_back_as_the_kernels_do(cell):
    experiment = network(cell)
    parameters, data = draw(experiment), first_examples(experiment)
    found = gradient(experiment, parameters, data.inputs[:1], data.targets[:1])
    row = found.states[-1][0]
    if isinstance(cell, Lstm):
        row = np.concatenate([row, np.zeros(6)])
    passed = gates_and_states(experiment, parameters)
    for lag, jacobian in enumerate(jacobians_back(experiment.network, parameters, *passed), 1):
        row = row @ jacobian
        assert row[:6] == pytest.approx(found.states[-1 - lag][0], rel=1e-10, abs=1e-15)


def test_measured_norms_stay_below_the_bound_and_fall_where_it_does():
    experiment = msgspec.structs.replace(network(VanillaCell(), steps=40), initialisation=Orthogonal(gain=0.8))
    found = recurrent_spectrum(experiment)
    assert np.all(found.log10_norm <= found.log10_bound + 1e-12)
    assert "must vanish" in found.verdict
    assert found.fit is not None
    assert 0 < found.fit.half_life < math.log(0.5) / math.log(0.8) + 1e-9


def test_a_gaussian_matrix_has_its_eigenvalues_in_the_circle_of_its_deviation():
    gate = recurrent_spectrum(network(VanillaCell(), width=200)).gates[0]
    # circular law: radius sigma_w; Marchenko-Pastur: largest singular value 2 sigma_w; both to n^(-2/3)
    assert gate.spectral_radius == pytest.approx(1.3, rel=0.1)
    assert gate.largest_singular_value == pytest.approx(2.6, rel=0.05)


@pytest.mark.parametrize("bias", [1.0, 3.0, 5.0])
def test_cell_path_loses_half_where_the_forget_bias_says(bias):
    # tiny weights: the bias alone opens the gate
    cell = Lstm(forget_bias=bias)
    experiment = msgspec.structs.replace(network(cell, steps=30), initialisation=ScaledGaussian(sigma_w=1e-3))
    path = recurrent_spectrum(experiment).cell_path
    for name in ("half", "tenth", "float32"):
        assert getattr(path, name) == pytest.approx(getattr(path, f"predicted_{name}"), rel=2e-3)
    assert path.log10[10] == pytest.approx(-10 * math.log10(1 + math.exp(-bias)), rel=1e-2)


def test_lags_between_and_beyond_the_measured_ones_follow_straight_lines():
    falling = np.array([0.0, -1.0, -3.0])
    assert lag_below(falling, -2.0) == pytest.approx(1.5)
    assert lag_below(falling, -6.0) == pytest.approx(4.0)
    assert lag_below(np.zeros(3), -1.0) == math.inf


def test_the_counterexample_has_no_eigenvalue_but_0_and_doubles_at_every_step():
    found = counterexample()
    assert pytest.approx(np.zeros((2, 2))) == W_HH @ W_HH
    assert np.tanh(W_HH @ STATE + BIAS) == pytest.approx(STATE, abs=1e-14)
    assert found.gates[0].spectral_radius == 0.0
    assert 10 ** np.diff(found.log10_norm[2:]) == pytest.approx(2.0, rel=1e-12)
    assert found.fit is not None
    assert found.fit.half_life == pytest.approx(-1.0)


def test_a_feed_forward_network_is_refused_in_one_sentence():
    with pytest.raises(SpecError, match="needs a recurrent network; 'digits-relu-20' is feed-forward"):
        recurrent_spectrum(find_experiment("digits-relu-20"))


def test_jacobian_of_a_network_is_its_difference_quotient():
    experiment = network_experiment([3, 5, 5, 2], ["tanh", "mish", "identity"], [[0.3, -0.2, 0.9]], [[0.0, 0.0]])
    parameters, x = draw(experiment), np.array([[0.3, -0.2, 0.9]])
    J, log10 = end_to_end(experiment, parameters, x)

    def output(inputs):
        return gradient(experiment, parameters, inputs, np.zeros((1, 2))).activations[-1][0]

    steps = 1e-6 * np.eye(3)
    central = np.array([(output(x + step) - output(x - step)) / 2e-6 for step in steps]).T
    assert J * 10**log10 == pytest.approx(central, rel=1e-7, abs=1e-9)
