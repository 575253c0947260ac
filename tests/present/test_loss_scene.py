"""A loss curve neither dramatises a tiny change nor hides a spike."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.present.loss import loss_scene
from vgdesk.records.evaluation import evaluation_rows
from vgdesk.spec.experiment import LOSSES

LOSS_VALUES = st.lists(st.floats(0, 1e300) | st.sampled_from([math.nan, math.inf]), max_size=300)


@given(LOSS_VALUES)
def test_axis_starts_at_zero_and_holds_every_finite_loss(values: list[float]):
    scene = loss_scene(history(values), "mse", "title", max_points=50)
    low, high = scene.y_range
    assert low == 0.0
    assert high > 0.0
    assert all(value <= high for value in values if math.isfinite(value))


@given(LOSS_VALUES)
def test_shown_points_are_recorded_ones_from_first_to_last(values: list[float]):
    scene = loss_scene(history(values, first_step=5), "mse", "title", max_points=50)
    steps = scene.steps.tolist()
    assert len(steps) <= 50
    assert steps == sorted(set(steps))
    assert not values or (steps[0], steps[-1]) == (5, 4 + len(values))
    expected = [values[step - 5] if math.isfinite(values[step - 5]) else math.nan for step in steps]
    np.testing.assert_array_equal(scene.raw, expected)


@given(st.integers(0, 9999))
def test_thinning_keeps_a_single_spike(place: int):
    loss = np.full(10_000, 2.0)
    loss[place] = 9.0
    scene = loss_scene(history(loss), "mse", "title", max_points=100)
    assert scene.steps[np.argmax(scene.raw)] == place
    assert scene.raw.max() == 9.0


def test_smoothed_line_ignores_a_single_spike():
    loss = np.linspace(2.0, 1.0, 200)
    loss[77] = 1e6
    scene = loss_scene(history(loss), "mse", "title")
    np.testing.assert_allclose(scene.smoothed, np.linspace(2.0, 1.0, 200), atol=0.05)


def test_smoothed_value_is_the_median_of_its_neighbours():
    loss = np.random.default_rng(0).random(100)
    scene = loss_scene(history(loss), "mse", "title")
    assert scene.subtitle == "thin: each step · thick: median of 5 steps"
    assert scene.smoothed[50] == np.median(loss[48:53])
    assert scene.smoothed[0] == np.median(loss[:3])


def test_smoothing_takes_only_the_finite_neighbours_and_stops_where_the_loss_does():
    loss = np.random.default_rng(0).random(100)
    loss[51:] = np.nan
    scene = loss_scene(history(loss), "mse", "title")
    assert scene.smoothed[50] == np.median(loss[48:51])
    assert np.isnan(scene.smoothed[51:]).all()


def test_short_run_is_not_smoothed():
    scene = loss_scene(history([3.0, 1.0, 2.0]), "mse", "title")
    assert scene.smoothed.tolist() == [3.0, 1.0, 2.0]
    assert scene.subtitle == "each step"


def test_note_gives_the_span_of_a_flat_loss():
    scene = loss_scene(history([0.1256, 0.1244]), "mse", "title")
    assert scene.y_range == (0.0, 0.15)
    assert scene.note == "the axis starts at 0; the loss lies between 0.1244 and 0.1256"


def test_note_names_the_first_step_that_is_not_finite():
    note = loss_scene(history([1.0, math.inf, 2.0, math.nan], first_step=40), "mse", "title").note
    assert note.endswith("the loss is first not finite at step 41")


EVALUATED = evaluation_rows([(0, 2.0, 0.25, 0.5), (3, math.inf, 0.5, 0.5), (7, 1.5, 1.0, 0.875), (9, 4.0, 1.0, 1.0)])


def test_held_out_loss_fits_the_axis_and_is_told_in_words():
    scene = loss_scene(history([1.0] * 8, evaluations=EVALUATED), "mse", "title")
    assert scene.evaluations.steps.tolist() == [0, 3, 7], "step 9 has no row yet"
    np.testing.assert_array_equal(scene.evaluations.held_out_loss, [2.0, math.nan, 1.5])
    assert scene.y_range == (0.0, 2.0)
    assert scene.subtitle == "dashed: held-out examples · each step"
    assert scene.note.endswith("; held-out loss 1.5; right: 100.0% of the batch, 87.5% of what is held out")


def test_a_run_without_held_out_examples_tells_only_the_batch():
    evaluated = evaluation_rows([(0, math.nan, 0.25, math.nan)])
    scene = loss_scene(history([1.0], evaluations=evaluated), "mse", "title")
    assert scene.note.endswith("is 1; right: 25.0% of the batch")
    assert "held-out" not in scene.subtitle


@given(st.integers(1, 5000), st.integers(1, 40), st.integers(0, 100))
def test_every_shown_measurement_stands_at_a_shown_step(steps: int, stride: int, first: int):
    evaluated = evaluation_rows([(first + step, 1.0, 1.0, 1.0) for step in range(0, steps, stride)])
    run = history(np.random.default_rng(0).random(steps), first_step=first, evaluations=evaluated)
    scene = loss_scene(run, "mse", "title", max_points=200)
    assert set(scene.evaluations.steps) <= set(scene.steps)
    assert scene.evaluations.steps[-1] == evaluated.steps[-1]
    assert len(scene.steps) <= 200


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_label_in_words(name: str):
    assert loss_scene(history([1.0]), name, "title").y_label != name
