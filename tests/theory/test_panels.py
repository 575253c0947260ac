"""Chebyshev panels over ln q: what is read of them is what an integral at the very variance gives."""

import math

import numpy as np
import pytest

from vgdesk.theory import pairs, sigmoid_gate
from vgdesk.theory.moments import moments_at
from vgdesk.theory.panels import panel_at, panel_sums, read
from vgdesk.theory.quadrature import is_smooth

SMOOTH = ("sigmoid", "tanh", "softplus", "log-sigmoid", "silu", "mish", "erf", "gelu")
VARIANCES = (1e-27, 3e-9, 0.013, 0.6, 1.0, math.exp(0.5), 37.0, 2e7)
K = np.array([[1.0, 0.5, -0.3], [0.5, 1.0, 0.2], [-0.3, 0.2, 1.0]])


@pytest.mark.parametrize("q", VARIANCES)
@pytest.mark.parametrize("activation", SMOOTH)
def test_moments_on_a_panel_are_the_integrals(activation, q):
    found, wanted = pairs.pair_series(activation, q, is_one_of_many=True).at, moments_at(activation, q)
    assert found.square == pytest.approx(wanted.square, rel=1e-11, abs=0)
    assert found.slope_square == pytest.approx(wanted.slope_square, rel=1e-11, abs=0)
    assert found.square_fourth == pytest.approx(wanted.square_fourth, rel=1e-11, abs=0)
    assert found.mixed == pytest.approx(wanted.mixed, rel=1e-11, abs=0)


@pytest.mark.parametrize("q", VARIANCES)
@pytest.mark.parametrize("activation", SMOOTH)
def test_pairs_on_a_panel_are_those_of_a_series_of_their_own(activation, q, monkeypatch):
    found = pairs.pair_series(activation, q, is_one_of_many=True).both(q * K)
    with monkeypatch.context() as patched:
        patched.setattr(pairs, "line_at", lambda name, q: None)
        wanted = pairs.pair_series(activation, q).both(q * K)
    assert np.allclose(found, wanted, rtol=1e-10, atol=1e-13 * np.max(np.abs(wanted), axis=(1, 2), keepdims=True))


@pytest.mark.parametrize("bias", [-3.0, -1.0, 0.0, 2.0])
@pytest.mark.parametrize("q", [1e-6, 0.4, 50.0, 1e6])
def test_a_gate_on_a_panel_is_that_of_its_integrals(q, bias):
    found = sigmoid_gate.gate_moments(bias, q * K, is_one_of_many=True)
    wanted = sigmoid_gate.gate_moments(bias, q * K)
    for name in ("mean", "opened", "closed", "both", "slopes", "turned", "turned_open", "turned_square", "fourths"):
        assert getattr(found, name) == pytest.approx(np.array(getattr(wanted, name)), rel=1e-10, abs=1e-14), name


def test_variances_at_either_end_have_no_panel():
    assert panel_at(0.0) is None
    assert panel_at(1e-40) is None
    assert panel_at(1e20) is None


def test_an_exponential_of_ln_q_is_read_to_its_last_digits_up_to_the_edges():
    panel = panel_at(1.0)
    sums = panel_sums(panel, lambda q: np.array([q, math.sqrt(q)]))
    for q in (1.0, 1.2, math.exp(0.4999)):
        assert read(sums, panel, q) == pytest.approx([q, math.sqrt(q)], rel=1e-14, abs=0)


@pytest.mark.parametrize("activation", ["relu", "elu", "hard-tanh", "formula: z**3"])
def test_only_activations_without_a_kink_have_panels(activation):
    assert not is_smooth(activation)
