"""Nielsen, "Neural Networks and Deep Learning", chapter 5: how fast the hidden layers learn at the start.

He draws sigmoid networks 784-30-...-30-10 (W ~ N(0, 1 / fan_in), b ~ N(0, 1)) and stores |dC/db| of each hidden layer,
C the cross-entropy summed over the ten outputs, averaged over the first 1,000 images of MNIST. His seed is unknown, so
each stored number is one draw from a distribution, and that distribution is what is compared.

The images are not MNIST but the bundled digits, 8x8, each pixel three by three times, two pixels of margin: 28x28. This
changes little, and what it changes is known: under random Gaussian weights z^1 is Gaussian with covariance
x . x' / 784 + 1, the images enter through their inner products alone, and the 1 of the biases outweighs them (mean
square 0.1). The images are scaled to MNIST's mean square, the diagonal of that matrix. `nielsen.norms.*.mc` holds
quantiles of 300 draws on real MNIST test images, computed independently; ours are held against them too.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.task import Digits
from vgdesk.training.data import load
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

VALUES = json.loads((Path(__file__).parent / "data" / "nielsen.json").read_text())
MNIST_MEAN_SQUARE = 0.1307**2 + 0.3081**2
"""From the mean and deviation by which MNIST is usually standardised."""
IMAGES, PIXELS, CLASSES, SEEDS = 1000, 784, 10, 100
HIDDEN = (2, 3, 4)


@cache
def images():
    """Returns digits of 28x28, shape (1000, 784), and their classes one-hot."""
    digits, targets = load(Digits(count=IMAGES))
    enlarged = np.kron(digits.reshape(-1, 8, 8), np.ones((1, 3, 3)))
    flat = np.pad(enlarged, ((0, 0), (2, 2), (2, 2))).reshape(IMAGES, PIXELS)
    return flat * np.sqrt(MNIST_MEAN_SQUARE / np.mean(flat**2)), targets


@cache
def speeds(hidden):
    """Returns |dC/db| of the hidden layers at the start of each seed, shape (seeds, hidden)."""
    return np.array([_speeds(hidden, seed) for seed in range(SEEDS)])


def _speeds(hidden, seed):
    experiment = network_experiment(
        [PIXELS, *[30] * hidden, CLASSES],
        ["sigmoid"] * (hidden + 1),
        [[0.0] * PIXELS],
        [[0.0] * CLASSES],
        "bce",
        initialisation=ScaledGaussian(sigma_w=1.0, sigma_b=1.0),
        seed=seed,
    )
    found = gradient(experiment, draw(experiment), *images())
    # our cross-entropy is the mean over the ten outputs, his the sum
    return [CLASSES * np.linalg.norm(b) for b in found.biases[:-1]]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_published_speeds_lie_inside_the_range_of_a_hundred_draws(hidden):
    published, drawn = VALUES[f"nielsen.norms.{hidden}layers.epoch0"]["value"], speeds(hidden)
    assert np.all(drawn.min(axis=0) < published)
    assert np.all(published < drawn.max(axis=0))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_published_ratios_of_neighbouring_layers_lie_inside_the_range_of_a_hundred_draws(hidden):
    published, drawn = np.array(VALUES[f"nielsen.norms.{hidden}layers.epoch0"]["value"]), speeds(hidden)
    ratio, ratios = published[1:] / published[:-1], drawn[:, 1:] / drawn[:, :-1]
    assert np.all((ratios.min(axis=0) < ratio) & (ratio < ratios.max(axis=0)))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_later_hidden_layers_always_learn_faster(hidden):
    assert np.all(np.diff(speeds(hidden), axis=1) > 0)
    assert VALUES[f"nielsen.norms.{hidden}layers.mc"]["value"]["fraction_monotone"] == 1.0


@pytest.mark.parametrize("hidden", HIDDEN)
def test_median_speeds_and_ratios_are_those_of_mnist(hidden):
    reference, drawn = VALUES[f"nielsen.norms.{hidden}layers.mc"]["value"], speeds(hidden)
    ratios = drawn[:, 1:] / drawn[:, :-1]
    # medians of draws that scatter by 24 %: a standard error of 3 % for 100 of them, of 2 % for the 300; three of both
    np.testing.assert_allclose(np.median(drawn, axis=0), reference["median"], rtol=0.11)
    np.testing.assert_allclose(np.median(ratios, axis=0), reference["ratio_median"], rtol=0.11)
