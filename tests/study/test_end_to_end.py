"""The Jacobian of a whole network where its states leave the range of float64."""

import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.records.parameters import Parameters
from vgdesk.study.end_to_end import end_to_end


def test_a_bias_behind_layers_whose_state_is_below_every_number_is_the_state():
    experiment = network_experiment([2, 2, 2, 2, 2], ["relu"] * 3 + ["identity"], [[1.0, 2.0]], [[0.0, 0.0]])
    sizes, biases = (1e-200, 1e-200, 1.0, 1.0), (0.0, 0.0, 0.1, 0.0)
    parameters = Parameters(
        weights=tuple(size * np.eye(2) for size in sizes), biases=tuple(np.full(2, bias) for bias in biases)
    )
    J, log10 = end_to_end(experiment, parameters, np.array([[1.0, 2.0]]))
    np.testing.assert_allclose(J, np.eye(2))
    assert log10 == pytest.approx(-400.0)


def test_a_negative_bias_silences_what_comes_from_below_every_number():
    experiment = network_experiment([1, 1, 1, 1], ["relu"] * 2 + ["identity"], [[1.0]], [[0.0]])
    weights = tuple(np.array([[size]]) for size in (1e-200, 1e-200, 1.0))
    biases = (np.zeros(1), np.array([-0.1]), np.zeros(1))
    J, _ = end_to_end(experiment, Parameters(weights=weights, biases=biases), np.array([[1.0]]))
    assert J.tolist() == [[0.0]]
