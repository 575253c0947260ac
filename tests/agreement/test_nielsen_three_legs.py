"""Nielsen's initialisation on all three routes: theory says 4.88 per layer, a hundred draws agree, symbols are exact.

His sigmoid networks have W ~ N(0, 1 / fan_in) and b ~ N(0, 1): sigma_w = sigma_b = 1. Gradients fall by
1 / sqrt(chi_1) per layer ("Neural Networks and Deep Learning", chapter 5: each earlier layer learns several times
slower).
"""

import numpy as np
import pytest

from tests.agreement.test_nielsen import HIDDEN, speeds
from tests.builders import network_experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.study.derive import symbolic_profile
from vgdesk.study.verify import verify
from vgdesk.theory.mean_field import mean_field
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


def factor():
    """Returns by how much a gradient falls per layer, as theory has it."""
    return mean_field("sigmoid", 1.0, 1.0).reached.chi_1 ** -0.5


def test_theory_predicts_4_88_per_layer():
    assert factor() == pytest.approx(4.8818, abs=1e-4)


def test_the_median_of_a_hundred_draws_lies_around_the_prediction():
    deepest = speeds(max(HIDDEN))
    ratios = deepest[:, 1:] / deepest[:, :-1]
    assert 4.4 < np.median(ratios) < 5.5


def narrow():
    """Returns the same network with two units per layer."""
    return network_experiment(
        [2, 2, 2, 2],
        ["sigmoid"] * 3,
        [[0.3, -0.8], [0.9, 0.1]],
        [[1.0, 0.0], [0.0, 1.0]],
        "bce",
        initialisation=ScaledGaussian(sigma_w=1.0, sigma_b=1.0),
        seed=3,
    )


def test_an_instance_of_width_two_is_equal_symbolically():
    experiment = narrow()
    measured = gradient(experiment, draw(experiment)).log10_weight_norm
    assert symbolic_profile(experiment).log10_norm == pytest.approx(measured, abs=1e-12)
    assert verify(experiment).passed
