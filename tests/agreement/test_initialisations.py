"""Drawn weights have the published standard deviations and bounds, over many draws."""

import json
from pathlib import Path

import numpy as np
import pytest

from vgdesk.spec.initialisation import Glorot, He, LeCun, TorchDefault
from vgdesk.training.draws import draw_biases, draw_weights

VALUES = json.loads((Path(__file__).parent / "data" / "initialisations.json").read_text())
DRAWS = 10


def weights(rule, name):
    """Returns many matrices of the published fan_in and fan_out, drawn from one stream."""
    given = VALUES[name]["inputs"]
    mask, generator = np.ones((given.get("fan_out", 100), given["fan_in"]), bool), np.random.default_rng(5)
    return np.stack([draw_weights(rule, mask, generator) for _ in range(DRAWS)])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("init.glorot_uniform.bound", Glorot(distribution="uniform")),
        ("init.he_uniform.bound", He(distribution="uniform")),
        ("init.glorot2010_standard.bound", TorchDefault()),
    ],
)
def test_uniform_weights_fill_the_published_bound(name, rule):
    W, bound = weights(rule, name), VALUES[name]["value"]
    # of 784,000 numbers the largest is within 1e-4 of the bound, with probability 1 - e^-78
    assert bound * (1 - 1e-4) < np.abs(W).max() <= bound * (1 + 1e-15)
    assert W.std() == pytest.approx(bound / np.sqrt(3), rel=0.005)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("init.glorot_normal.std", Glorot(distribution="normal")),
        ("init.he_normal.std", He(distribution="normal")),
        ("init.lecun_normal.std", LeCun(distribution="normal")),
    ],
)
def test_normal_weights_have_the_published_deviation(name, rule):
    # the sample deviation of 784,000 numbers is within 0.08 % of the true one (one sigma)
    assert weights(rule, name).std() == pytest.approx(VALUES[name]["value"], rel=0.005)


def test_normal_weights_are_not_cut_off_at_two_deviations_whose_deviation_would_be_the_published_one():
    W = weights(He(distribution="normal"), "init.he_normal.std") / VALUES["init.he_normal.std"]["value"]
    assert W[np.abs(W) < 2.0].std() == pytest.approx(VALUES["init.truncnorm2.std_factor"]["value"], rel=0.005)
    assert np.mean(np.abs(W) > 2.0) == pytest.approx(0.0455, rel=0.02)


def test_pytorch_default_is_sigma_w_squared_of_a_third():
    W = weights(TorchDefault(), "init.glorot2010_standard.bound")
    published = VALUES["init.torch_linear_default.sigma_w2"]["value"]
    assert W.shape[2] * W.var() == pytest.approx(published, rel=0.005)
    b = draw_biases(TorchDefault(), np.ones((20_000, 784), bool), np.random.default_rng(6))
    assert 784 * b.var() == pytest.approx(published, rel=0.03)
