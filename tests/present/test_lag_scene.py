"""The lag runs back from the loss, and a geometric decay is found in numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.present.lag import lag_scene
from vgdesk.present.scenes import LagScene
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places


def scene_of(log10: list[float]) -> LagScene:
    run = history([1.0], signals=Places.TIME, quantities={"state": frozen([log10])})
    scene = lag_scene(run, title="title")
    assert scene is not None
    return scene


def test_lag_0_is_the_last_time_step():
    assert scene_of([-3.0, -2.0, -1.0]).lines[0].log10.tolist() == [-1.0, -2.0, -3.0]


@given(st.floats(-5, 5), st.integers(3, 300))
def test_fit_of_a_geometric_decay_is_its_factor(slope: float, steps: int):
    fit = scene_of((slope * np.arange(steps)[::-1] - 2.0).tolist()).fit
    assert fit == pytest.approx((-2.0, slope), abs=1e-9), "rounding of values up to 1500"


def test_the_fit_says_of_which_step_alone_it_is():
    assert "straight fit of step 0 alone: times" in scene_of([-3.0, -2.0, -1.0]).note


def test_half_life_is_told_in_steps():
    assert scene_of((math.log10(0.5) * np.arange(9)[::-1] / 4).tolist()).note.endswith("halved every 4 steps")


@given(st.floats(2.0, 990.0), st.sampled_from([-1, 1]))
def test_the_factor_that_is_told_makes_the_half_life_that_is_told(steps: float, sign: int):
    note = scene_of((sign * math.log10(2.0) / steps * np.arange(9)[::-1]).tolist()).note
    factor, told = float(note.split("times ")[1].split()[0]), float(note.split("every ")[1].split()[0])
    assert factor ** (sign * told) == pytest.approx(2.0, rel=0.1), "both are rounded"


def test_exact_zeros_stay_in_the_line_and_out_of_the_fit():
    scene = scene_of([-math.inf, -3.0, -2.0, -1.0])
    assert scene.lines[0].log10[3] == -math.inf
    assert scene.fit == pytest.approx((-1.0, -1.0))


def test_cell_of_an_lstm_is_a_second_line():
    tables = {"state": frozen([[0.0, 0.0]]), "cell": frozen([[1.0, 1.0]])}
    scene = lag_scene(history([1.0], signals=Places.TIME, quantities=tables))
    assert scene is not None
    assert [line.quantity for line in scene.lines] == ["state", "cell"]


def test_layers_have_no_lag():
    assert lag_scene(history([1.0])) is None
