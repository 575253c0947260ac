"""Networks whose units each have an activation of their own: every route gives the same gradient."""

import subprocess
import sys

import msgspec
import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.agreement.test_derivation_views import require_agreement as require_paths
from tests.agreement.test_symbolic_networks import composed, layered, numbers_of, require_agreement
from tests.builders import network_experiment
from tests.symbolic.test_live import require_faithful
from vgdesk.spec.activation import ACTIVATIONS, facts_of
from vgdesk.spec.network import FeedForward
from vgdesk.study.derivation_views import gradient_program, matrices
from vgdesk.study.derive import derive
from vgdesk.study.end_to_end import end_to_end
from vgdesk.study.find_state import find_state
from vgdesk.study.verify import verify
from vgdesk.symbolic.network import named
from vgdesk.symbolic.shared import derive_sum, given_numbers, is_plain, unfold
from vgdesk.training.parameters import draw

OWN = "formula: z*tanh(log(1+exp(z)))"
CATALOGUE = (*(name for name in ACTIVATIONS if name != "prelu"), "elu(0.5)", "celu(2)", OWN)
SMOOTH = tuple(name for name in CATALOGUE if not facts_of(name).kinks)
COMPLEX = ("sigmoid", "tanh", "relu", "softplus", "silu", "identity")
"""Those that the twin knows for complex numbers."""
FREE_OUTPUTS = ("mse", "half-mse-sum")


def with_units(draw_from, experiment, names):
    """Gives the units of every layer whose activation is free one of `names` each."""
    network = experiment.network
    layers = []
    for number, layer in enumerate(network.layers, start=1):
        own = tuple(draw_from(st.sampled_from(names)) for _ in range(layer.width))
        is_free = number < network.depth or experiment.loss in FREE_OUTPUTS
        layers.append(msgspec.structs.replace(layer, unit_activations=own) if is_free else layer)
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(network, layers=tuple(layers)))


@st.composite
def mixed(draw_from, names=CATALOGUE, has_options=False):
    """Draws a network of one or two hidden layers, with normalisation, skips, ... or plain."""
    experiment = draw_from(layered())
    # softmax of a single output is 1: its gradients are rounding that two examples can cancel
    assume(experiment.loss != "softmax-cross-entropy" or experiment.network.outputs > 1)
    if not has_options:
        plain = [
            msgspec.structs.replace(layer, normalisation="none", dropout=0.0, skip=None)
            for layer in experiment.network.layers
        ]
        network = FeedForward(inputs=experiment.network.inputs, layers=tuple(plain))
        experiment = msgspec.structs.replace(experiment, network=network)
    return with_units(draw_from, experiment, names)


@settings(max_examples=40, deadline=None)
@given(experiment=mixed(), seed=st.integers(0, 2**20))
def test_plain_networks_of_mixed_units_agree_three_ways(experiment, seed):
    assert is_plain(experiment) or "prelu" in {layer.activation for layer in experiment.network.layers}
    verification = verify(experiment, numbers_of(experiment, seed)[0])
    assert verification.passed, verification.sentence


@settings(max_examples=30, deadline=None)
@given(experiment=mixed(has_options=True), seed=st.integers(0, 2**20))
def test_mixed_units_with_options_around_them_agree_three_ways(experiment, seed):
    verification = verify(experiment, numbers_of(experiment, seed)[0])
    assert verification.passed, verification.sentence


@settings(max_examples=30, deadline=None)
@given(experiment=mixed(COMPLEX, has_options=True), seed=st.integers(0, 1000))
def test_mixed_units_have_the_gradient_of_complex_steps(experiment, seed):
    require_agreement(experiment, seed)


@settings(max_examples=20, deadline=None)
@given(experiment=mixed(), seed=st.integers(0, 2**20), position=st.integers(0, 300))
def test_paths_through_mixed_units_add_up_to_the_kernels_gradient(experiment, seed, position):
    require_paths(experiment, numbers_of(experiment, seed), position)


@settings(max_examples=6, deadline=None)
@given(experiment=mixed(SMOOTH), seed=st.integers(0, 100))
def test_live_numbers_of_mixed_units_are_those_of_a_new_derivation(experiment, seed):
    require_faithful(experiment, "w1", seed)


def small(names=("tanh", "softplus", "gelu"), output=("sigmoid", "identity"), activation="sigmoid"):
    """Returns a 2-3-2 network with these units."""
    experiment = network_experiment([2, 3, 2], [activation, activation], [[0.3, -0.7]], [[0.2, 0.9]])
    hidden, last = experiment.network.layers
    layers = (
        msgspec.structs.replace(hidden, unit_activations=names),
        msgspec.structs.replace(last, unit_activations=output),
    )
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, layers=layers))


def test_the_gradient_is_what_sympy_makes_of_the_composed_expression():
    experiment = small()
    parameters, inputs, targets = numbers_of(experiment, 3)
    loss = composed(unfold(experiment))
    at = {named(n): sp.Float(str(v), 40) for n, v in given_numbers(experiment, parameters, inputs, targets).items()}
    at |= {sp.Symbol(str(name)): value for name, value in at.items()}
    for name in ("w1", "w4", "w6", "b2"):
        value = derive_sum(experiment, name, parameters, inputs, targets).value
        assert float(sp.diff(loss, named(name)).doit().subs(at).evalf(30)) == pytest.approx(value, rel=1e-10)


def test_the_matrix_view_has_a_slope_for_each_unit_and_the_deltas_of_the_derivation():
    state, view = derive(small(), "w1").state, matrices(small(), "w1")
    assert state is not None
    for step in view.steps:
        assert step.delta == pytest.approx(state.deltas[step.layer - 1], rel=1e-14)


@pytest.mark.parametrize("form", ["numpy", "sympy"])
def test_generated_programs_compute_the_gradient_of_mixed_units(form):
    program = gradient_program(small(), "w1", form)
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert float(printed) == pytest.approx(derive(small(), "w1").value, rel=1e-12)


def test_a_state_is_found_whose_factors_come_from_mixed_units():
    found = find_state(small(("tanh", "sigmoid", "softplus")), "w1", {"d2": 0.05})
    assert found.experiment is not None
    assert derive(found.experiment, "w1").factors[1].value == pytest.approx(0.05, rel=1e-9)
    assert verify(found.experiment).passed


def test_the_end_to_end_jacobian_is_the_difference_quotient_of_mixed_layers():
    experiment = small()
    parameters, x = draw(experiment), np.array([[0.3, -0.7]])
    J, log10 = end_to_end(experiment, parameters, x)
    h = [parameters.weights, parameters.biases]

    def outputs(at):
        values = at
        for layer, W, b in zip(experiment.network.layers, *h, strict=True):
            z = W @ values + b
            values = np.array([PHI[name](u) for name, u in zip(layer.unit_activations, z, strict=True)])
        return values

    columns = [(outputs(x[0] + e) - outputs(x[0] - e)) / 2e-6 for e in 1e-6 * np.eye(2)]
    np.testing.assert_allclose(J * 10**log10, np.array(columns).T, rtol=1e-8)


def _gelu(z):
    from scipy.special import ndtr

    return z * ndtr(z)


PHI = {
    "tanh": np.tanh,
    "softplus": lambda z: np.log1p(np.exp(z)),
    "gelu": _gelu,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "identity": lambda z: z,
}
