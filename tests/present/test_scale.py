"""Every scale has an axis that holds its values, and words for what has no place on it."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.profile import profile_scene
from vgdesk.present.scale import axis_range, axis_ticks, mark_of, value_text
from vgdesk.present.scenes import Mark
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places

RUN = history(
    [1.0],
    signals=Places.TIME,
    quantities={"weight": frozen([[-9.0, -1.0, -1.0]]), "forget-gate": frozen([[0.25, math.nan]])},
)


@example([5e-324])
@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=20))
def test_axis_of_plain_numbers_holds_them_and_zero(values: list[float]):
    low, high = axis_range(np.array(values), "number")
    assert all(low <= value <= high for value in [0.0, *values] if math.isfinite(value))
    assert low < high
    slack = 1e-9 * (high - low)  # ticks are multiples of a rounded unit
    assert all(low - slack <= tick <= high + slack for tick in axis_ticks(low, high, "number"))


def test_shares_stand_between_0_and_1_on_bars_from_0():
    scene = profile_scene(RUN.profile(quantity="forget-gate"), "title", "subtitle")
    assert (scene.y_range, scene.baseline, scene.scale) == ((0.0, 1.0), 0.0, "share")
    assert [bar.text for bar in scene.bars] == ["time step 1: 0.25", "time step 2: not a number"]


def test_weight_matrices_are_called_by_name_and_have_no_output_layer_to_compare_with():
    scene = profile_scene(RUN.profile(), "title", "subtitle")
    assert [bar.text.split(":")[0] for bar in scene.bars] == ["W_ih", "W_hh", "W_out"]
    assert scene.guide is None


def test_heat_map_tells_its_places_and_scale():
    scene = heatmap_scene(RUN, "title", "forget-gate")
    assert (scene.places, scene.scale, scene.colour_range) == (Places.TIME, "share", (0.0, 1.0))


@pytest.mark.parametrize(
    ("value", "scale", "mark"),
    [
        (-math.inf, "log10", Mark.ZERO),
        (0.0, "share", None),
        (-math.inf, "number", Mark.INFINITE),
        (math.nan, "share", Mark.NAN),
    ],
)
def test_only_a_log_axis_has_no_place_for_zero(value: float, scale: str, mark: Mark | None):
    assert mark_of(value, scale) is mark
    assert value_text(value, scale)
