"""Drawn recurrent networks: their matrices, how their middle is continued, and what they have no answer to."""

import msgspec
import numpy as np
import pytest

from vgdesk.spec.initialisation import Glorot, Identity, Orthogonal, ScaledGaussian, Zeros
from vgdesk.spec.library import example
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem
from vgdesk.study.predict import predict
from vgdesk.theory.drawn_budget import LONGEST, WIDEST
from vgdesk.theory.drawn_sequences import orthogonal_matrices
from vgdesk.theory.lengthened import lengthened
from vgdesk.theory.number_stream import NumberStream


def adding(steps=50, width=16, rule=None, cell=None, initialisation=None):
    """Returns the adding problem for a cell."""
    base = example("adding-rnn-200")
    sizes = {"steps": steps, "width": width, "cell": cell or VanillaCell(), "recurrent_initialisation": rule}
    return msgspec.structs.replace(
        base,
        network=msgspec.structs.replace(base.network, **sizes),
        task=AddingProblem(length=steps, count=64),
        initialisation=initialisation or base.initialisation,
    )


def state_of(experiment):
    return predict(experiment).profile("state")


def test_matrices_in_another_order_keep_lengths_and_differ():
    found = orthogonal_matrices(12, 3, 8, NumberStream())
    assert found.shape == (12, 3, 8, 8)
    assert found @ found.swapaxes(2, 3) == pytest.approx(np.broadcast_to(np.eye(8), found.shape), abs=1e-5)
    assert len({matrix.tobytes() for matrix in found.reshape(36, 8, 8)}) == 36


def test_draws_with_a_pace_of_their_own_go_on_at_it_and_part_like_the_lag():
    paces = np.linspace(-0.2, 0.0, 9)[:, None]
    logs = paces * np.arange(95, -1, -1.0)
    line, variance = lengthened(logs, 904)
    lags = np.arange(999, -1, -1.0)
    assert line == pytest.approx(-0.1 * lags)
    assert variance == pytest.approx(paces.var(ddof=1) * lags**2)


def test_draws_with_steps_by_chance_part_like_the_root_of_the_lag():
    steps = np.random.default_rng(3).standard_normal((20_000, 96))
    logs = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
    _, variance = lengthened(logs, 904)
    # 904^2 times the shared part of the pace, which is measured to 1 / (24 sqrt(20000))
    assert variance[0] == pytest.approx(1000.0, rel=0.5)


def test_a_sequence_that_is_continued_says_which_steps_were_not_run():
    assert predict(adding(LONGEST)).note == ""
    assert "time steps 49 to 52 " in predict(adding(LONGEST + 4)).note


def test_wide_cells_go_on_where_drawn_ones_end():
    # 8 and more draws know the line to a third of the band
    narrow, wide = (state_of(adding(200, width, ScaledGaussian(1.0, 0.0))) for width in (WIDEST, WIDEST + 1))
    assert abs(narrow.log10_norm[0] - wide.log10_norm[0]) < wide.log10_deviation[0]


def test_units_that_have_been_open_ever_since_pass_all_of_their_gradient_on():
    profile = state_of(adding(200, 128, Identity(), VanillaCell("relu"), Glorot()))
    # half of the units are driven below 0 by both inputs or most of the time, so that less than all of it is left
    assert -0.4 < profile.log10_norm[0] - profile.log10_norm[-1] < 0.0


def test_a_gain_below_one_makes_the_gradient_of_open_units_fall_by_it_at_every_step():
    profile = state_of(adding(200, 32, Identity(0.9), VanillaCell("relu"), Glorot()))
    assert profile.log10_norm[0] - profile.log10_norm[100] == pytest.approx(100 * np.log10(0.9), abs=0.1)


def test_where_nothing_is_random_on_the_way_in_there_is_a_reason_and_no_number():
    found = predict(adding(rule=None, initialisation=Identity()))
    assert found.profiles == ()
    assert "W_ih starts as the identity" in found.reason


def test_an_identity_that_grows_beyond_all_bounds_is_a_reason_and_not_a_number():
    found = predict(adding(1000, rule=Identity(1.5), cell=VanillaCell("relu")))
    assert found.profiles == ()
    assert "multiple of the identity" in found.reason
    assert "grows beyond 1e70" in found.reason


def test_an_orthogonal_cell_scatters_less_than_a_random_one():
    deviations = [
        state_of(adding(200, 32, rule)).log10_deviation[0] for rule in (Orthogonal(), ScaledGaussian(1.0, 0.0))
    ]
    assert deviations[0] < 0.7 * deviations[1]


@pytest.mark.parametrize("cell", [VanillaCell(activation="relu"), Lstm()])
@pytest.mark.parametrize("sigma_w", [1e-36, 1e-300])
def test_recurrent_weights_whose_squares_are_hardly_numbers_are_not_taken_for_zero(sigma_w, cell):
    found = predict(adding(20, rule=ScaledGaussian(sigma_w=sigma_w, sigma_b=0.0), cell=cell))
    assert found.profiles == ()
    assert "the weights of W_hh are so small that the variance of their sums is below 1e-70" in found.reason


def test_small_recurrent_weights_take_their_decades_at_every_step():
    smaller, small = (
        state_of(adding(20, rule=ScaledGaussian(sigma_w=sigma_w, sigma_b=0.0), cell=VanillaCell(activation="tanh")))
        for sigma_w in (1e-34, 1e-4)
    )
    # float64 draws are half as many as float32 ones, so the two are sure to a share of the band only
    band = small.log10_deviation[0]
    assert small.log10_norm[0] - smaller.log10_norm[0] == pytest.approx(19 * 30, abs=band / 2)


def test_a_gate_carries_the_gradient_past_recurrent_weights_of_next_to_nothing():
    tiny, zero = (
        state_of(adding(20, rule=rule, cell=Gru())) for rule in (ScaledGaussian(sigma_w=1e-300, sigma_b=0.0), Zeros())
    )
    assert np.all(np.isfinite(tiny.log10_norm))
    assert tiny.log10_norm == pytest.approx(zero.log10_norm, abs=0.2)


def test_draws_hundreds_of_decades_apart_are_no_prediction():
    few, many = (predict(adding(1000, width, ScaledGaussian(sigma_w=1.5, sigma_b=0.0))) for width in (8, 32))
    assert few.profiles == ()
    assert "networks drawn like this lie hundreds of decades apart at the first time step" in few.reason
    assert many.profiles
