"""The moments of a highway's gate beside integrals of their own, of gates that are open or shut to many digits, too."""

import numpy as np
import pytest

from vgdesk.theory.sigmoid_gate import gate_moments

Q = 0.3


def gate_at(bias):
    """Returns T, 1 - T and T' (z - b) at normal z, and their weights."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    away = np.sqrt(Q) * nodes
    opened, shut = 1.0 / (1.0 + np.exp(-bias - away)), 1.0 / (1.0 + np.exp(bias + away))
    return opened, shut, opened * shut * away, weights / weights.sum()


@pytest.mark.parametrize("bias", [-30.0, -2.0, 0.5, 5.0, 30.0, 90.0])
def test_a_gate_has_the_moments_of_its_integrals_to_their_own_digits(bias):
    found = gate_moments(bias, np.full((1, 1), Q))
    T, C, D, weights = gate_at(bias)
    wanted = {
        "mean": T @ weights,
        "opened": (T * T) @ weights,
        "closed": (C * C) @ weights,
        "both": (T * C) @ weights,
        "slopes": (T * C) ** 2 @ weights,
        "turned": D @ weights,
        "turned_open": (D * T) @ weights,
        "turned_square": (D * D) @ weights,
        "fourths": [(T**j * C ** (4 - j)) @ weights for j in range(5)],
    }
    for name, value in wanted.items():
        assert np.ravel(getattr(found, name)) == pytest.approx(np.ravel(value), rel=1e-8, abs=0), name
