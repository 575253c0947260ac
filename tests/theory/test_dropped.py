"""Dropout: what its masks add to the scatter, beside first steps of training, which draw them."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_predict import deep
from vgdesk.study.predict import predict
from vgdesk.theory.dropped import masked
from vgdesk.theory.moments import Moments, moments
from vgdesk.training.loop import Trainer


def first_steps(experiment, seeds, quantity="delta"):
    """Returns log10 of the norms of the first step with every seed's own weights and masks, shape (seeds, layers)."""
    once = msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, steps=1))
    runs = (Trainer(msgspec.structs.replace(once, seed=seed)).advance(1) for seed in range(seeds))
    return np.array([run.quantities[quantity][0] for run in runs])


@pytest.mark.parametrize("quantity", ["weight", "delta", "state"])
def test_training_with_masks_lies_where_the_prediction_does_and_scatters_as_much(quantity):
    experiment = deep("relu", depth=10, sigma_w=2**0.5, width=32, dropout=0.3)
    measured, told = first_steps(experiment, 40, quantity), predict(experiment).profile(quantity)
    off = np.median(measured, axis=0) - told.log10_norm
    assert np.all(np.abs(off) < told.log10_deviation)
    assert np.std(measured, axis=0) == pytest.approx(told.log10_deviation, rel=0.45)


def test_masks_widen_the_band_at_the_top_where_signals_have_met_them_all():
    with_masks, without = (
        predict(deep("relu", sigma_w=2**0.5, dropout=share)).profile("weight").log10_deviation for share in (0.5, 0.0)
    )
    assert with_masks[-1] > 0.8 * without[-1]


def test_moments_with_masks_are_those_of_drawn_products():
    dropout, rng = 0.4, np.random.default_rng(3)
    m, z = (rng.random(2_000_000) >= dropout) / (1.0 - dropout), rng.standard_normal(2_000_000)
    found = masked(moments("tanh", 1.0), np.array([dropout]))
    h, slope = m * np.tanh(z), m / np.cosh(z) ** 2
    drawn = {"square": h**2, "slope_square": slope**2, "mean": h}
    fourths = {"square_fourth": h**4, "slope_fourth": slope**4, "mixed": (h * slope) ** 2}
    for name in Moments._fields:
        if name in drawn:
            assert getattr(found, name)[0] == pytest.approx(drawn[name].mean(), rel=0.01, abs=2e-3)
        if name in fourths:
            assert getattr(found, name)[0] / (1.0 - dropout) == pytest.approx(fourths[name].mean(), rel=0.02)


def test_dropout_in_narrow_deep_networks_is_told_to_be_rough_and_a_few_masks_are_not():
    assert "may be off by more than the band says" in predict(deep("relu", depth=80, width=16, dropout=0.5)).note
    assert predict(deep("relu", depth=30, width=16, dropout=0.5)).note == ""
