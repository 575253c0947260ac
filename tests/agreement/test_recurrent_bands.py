"""Bands through time: forty seeds of recurrent networks over 50 steps, and a few over 1000, against the prediction.

A share of 0.68 of forty seeds is measured to 0.07, of all cells together to 0.03. The band is a rough guess and says
so; what is asked of it is that it is neither half nor double of what is right: a Gaussian of half the deviation holds
0.38 of the seeds within one deviation, of twice the deviation 0.95.
"""

from functools import cache

import msgspec
import numpy as np
import pytest

from vgdesk.spec.initialisation import Orthogonal, ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem
from vgdesk.study.predict import first_examples, predict
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

SEEDS, STEPS = 40, 50
GAUSSIAN = ScaledGaussian(sigma_w=1.0, sigma_b=0.0)
CASES = {
    "rnn": (VanillaCell(), GAUSSIAN),
    "rnn, vanishing": (VanillaCell(), ScaledGaussian(sigma_w=0.9, sigma_b=0.1)),
    "rnn, chaotic": (VanillaCell(), ScaledGaussian(sigma_w=1.3, sigma_b=0.0)),
    "rnn, orthogonal": (VanillaCell(), Orthogonal()),
    "lstm": (Lstm(), GAUSSIAN),
    "lstm, orthogonal": (Lstm(), Orthogonal()),
    "gru": (Gru(), GAUSSIAN),
    "gru, orthogonal": (Gru(), Orthogonal()),
}


def adding(cell, rule, width, steps=STEPS):
    """Returns the adding problem for a cell; eight sequences per batch."""
    base = example("adding-rnn-200")
    sizes = {"steps": steps, "width": width, "cell": cell, "recurrent_initialisation": rule}
    return msgspec.structs.replace(
        base,
        network=msgspec.structs.replace(base.network, **sizes),
        task=AddingProblem(length=steps, count=64),
        training=msgspec.structs.replace(base.training, batch_size=8),
    )


def away(experiment, seeds):
    """Returns (log10 - predicted) / deviation of |dL/dh_t|, shape (seeds, time steps)."""
    data, profile = first_examples(experiment), predict(experiment).profile("state")
    drawn = (draw(msgspec.structs.replace(experiment, seed=seed)) for seed in range(seeds))
    states = [gradient(experiment, each, data.inputs, data.targets).log10_state_norm for each in drawn]
    return (np.array(states) - profile.log10_norm) / profile.log10_deviation


@cache
def of_case(name, width):
    return away(adding(*CASES[name], width), SEEDS)


@pytest.mark.parametrize("width", [16, 32, 64])
def test_bands_of_all_cells_hold_the_share_of_seeds_that_they_promise(width):
    found = np.abs(np.concatenate([of_case(name, width) for name in CASES]))
    assert 0.55 < np.mean(found < 1.0) < 0.80
    assert 0.90 < np.mean(found < 2.0) < 0.99


@pytest.mark.parametrize("width", [16, 32, 64])
@pytest.mark.parametrize("name", CASES)
def test_no_cell_has_a_band_of_half_or_double_the_width(name, width):
    found = of_case(name, width)
    assert 0.45 < np.mean(np.abs(found) < 1.0) < 0.9
    assert np.mean(np.abs(found) < 2.0) > 0.75
    assert np.abs(np.median(found, axis=0)).max() < 1.2


@pytest.mark.parametrize("name", ["rnn", "rnn, vanishing"])
def test_a_thousand_steps_scatter_over_tens_of_decades_and_the_band_says_so(name):
    experiment = adding(*CASES[name], 32, steps=1000)
    found = away(experiment, SEEDS)[:, :900]
    assert predict(experiment).profile("state").log10_deviation[0] > 20.0
    # the deviation of forty seeds is known to 11 %
    assert np.all((found.std(axis=0) > 0.7) & (found.std(axis=0) < 1.2))
    assert np.abs(np.median(found, axis=0)).max() < 1.0


@pytest.mark.parametrize(("width", "steps"), [(16, 200), (32, 200), (128, 200), (16, 1000), (32, 1000), (128, 1000)])
@pytest.mark.parametrize("name", ["rnn", "rnn, vanishing", "rnn, chaotic"])
def test_long_bands_hold_the_share_of_seeds_that_they_promise(name, width, steps):
    found = away(adding(*CASES[name], width, steps=steps), SEEDS)[:, : steps * 9 // 10]
    # many modes that grow make chaos, whose measured rate is lower by a few thousandths per step than theory's
    least = 0.35 if (name, width, steps) == ("rnn, chaotic", 128, 1000) else 0.5
    assert least < np.mean(np.abs(found) < 1.0) < 0.9


def test_one_matrix_at_every_step_makes_the_scatter_grow_like_the_lag_and_not_like_its_root():
    deviation = predict(adding(*CASES["rnn"], 32, steps=1000)).profile("state").log10_deviation
    assert deviation[0] / deviation[500] == pytest.approx(2.0, abs=0.05)
