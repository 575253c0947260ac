"""A heat map shows recorded steps, never means, and all of the early ones."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history, vanishing_history
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.sampling import spread_rows


@given(st.integers(1, 2_000_000), st.integers(2, 500))
def test_chosen_rows_increase_from_the_first_to_the_last(count: int, most: int):
    rows = spread_rows(count, most)
    assert rows[0] == 0
    assert rows[-1] == count - 1
    assert len(rows) == min(count, most)
    assert (np.diff(rows) > 0).all()


@given(st.integers(1000, 2_000_000))
def test_gaps_never_shrink_by_more_than_rounding(count: int):
    gaps = np.diff(spread_rows(count, 400))
    assert (gaps[1:-1] - gaps[:-2] >= -1).all()


def test_growing_run_changes_its_columns_only_gradually():
    before, after = spread_rows(400, 400), spread_rows(410, 400)
    assert np.abs(after - before).max() <= 10
    assert np.array_equal(after[:150], before[:150])


def test_every_column_is_a_recorded_step():
    run = vanishing_history(5000, 12)
    scene = heatmap_scene(run, "title")
    assert 300 < scene.values.shape[1] <= 400
    assert np.array_equal(scene.values, run.log10_norm("weight")[scene.columns].T)


def test_columns_count_from_the_first_recorded_step():
    scene = heatmap_scene(history([1.0, 1.0], first_step=30), "title")
    assert scene.columns.tolist() == [30, 31]


def test_quantity_chooses_the_rows():
    run = history([1.0], [[-1.0, -2.0]], [[-3.0, -4.0]])
    assert heatmap_scene(run, "title", "delta").values.tolist() == [[-3.0], [-4.0]]
    assert heatmap_scene(run, "title", "delta").colour_label == "gradient norm |∂L/∂z|"


def test_cells_without_a_number_are_blank_and_said_so():
    scene = heatmap_scene(history([1.0], [[-math.inf, math.inf, math.nan, -2.0]]), "title")
    assert np.isnan(scene.values[:, 0]).tolist() == [True, True, True, False]
    assert scene.subtitle == "1 step · blank: exactly 0 or not finite"


def test_subtitle_tells_how_a_long_run_was_thinned():
    subtitle = heatmap_scene(vanishing_history(10_000, 2), "title").subtitle
    assert subtitle == "395 of 10,000 steps drawn: each of the first 37, then at most 51 apart"


def test_colours_span_whole_decades_of_what_is_shown():
    scene = heatmap_scene(history([1.0], [[-13.2, -1.7]]), "title")
    assert scene.colour_range == (-14.0, -1.0)
    assert all(-14 <= tick <= -1 for tick in scene.colour_ticks)


def test_run_without_steps_is_an_empty_picture():
    scene = heatmap_scene(history([]), "title")
    assert scene.values.shape == (3, 0)
    assert scene.subtitle == "0 steps"
