"""Outputs under the binary cross-entropy: |dL/dy| grows like e^|z|, and a typical draw is far below the mean."""

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.spec.initialisation import He
from vgdesk.study.predict import predict
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


def yes_or_no(scale=1.0, outputs=1):
    """Returns 3 ReLU layers of 16 units on 16 examples of 8 inputs of this size."""
    rng = np.random.default_rng(4)
    rows, answers = scale * rng.standard_normal((16, 8)), rng.random((16, outputs)) > 0.5
    return network_experiment(
        [8, 16, 16, 16, outputs],
        ["relu"] * 3 + ["sigmoid"],
        rows.tolist(),
        answers.astype(float).tolist(),
        loss="bce",
        initialisation=He(),
    )


def drawn(experiment, seeds=60):
    data = load_parts(experiment).training
    seeded = (msgspec.structs.replace(experiment, seed=seed) for seed in range(seeds))
    return np.array([gradient(one, draw(one), *data).log10_state_norm[-1] for one in seeded])


@pytest.mark.parametrize("scale", [1.0, 3.0, 300.0])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_gradient_at_the_output_is_the_median_over_seeds_however_large_it_grows(scale, outputs):
    experiment = yes_or_no(scale, outputs)
    measured, told = drawn(experiment), predict(experiment).profile("state")
    error = 1.2533 * np.std(measured) / np.sqrt(len(measured))
    assert abs(np.median(measured) - told.log10_norm[-1]) < 0.5 * told.log10_deviation[-1] + 2 * error
    assert 0.5 < np.std(measured) / told.log10_deviation[-1] < 1.6


def test_outputs_beyond_all_numbers_do_not_change_the_gradients_below():
    near, far = (predict(yes_or_no(scale)).profile("delta") for scale in (30.0, 3000.0))
    # outputs that are sure of either answer are wrong by 0 or 1, however sure
    assert far.log10_norm == pytest.approx(near.log10_norm, abs=0.1)
