"""A profile becomes one bar per layer; only ratios between layers decide what is told apart."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import profile
from vgdesk.present.profile import profile_scene
from vgdesk.present.scenes import Mark, ProfileScene, Tone

MAGNITUDES = st.lists(st.floats(-400, 400) | st.sampled_from([-math.inf, math.inf, math.nan]), min_size=1, max_size=120)


def scene_of(*log10_norm: float, route: str = "training") -> ProfileScene:
    return profile_scene(profile(log10_norm, route), "title", "subtitle")


@given(MAGNITUDES)
def test_every_layer_appears_once_in_order(values: list[float]):
    assert [bar.layer for bar in scene_of(*values).bars] == list(range(1, len(values) + 1))


@given(MAGNITUDES)
def test_every_bar_has_either_a_number_or_a_mark(values: list[float]):
    assert all((bar.log10 is None) != (bar.mark is None) for bar in scene_of(*values).bars)


@given(MAGNITUDES)
def test_axis_holds_all_bars_ticks_and_the_guide(values: list[float]):
    scene = scene_of(*values)
    low, high = scene.y_range
    shown = [bar.log10 for bar in scene.bars if bar.log10 is not None] + list(scene.y_ticks)
    assert all(low <= value <= high for value in shown)
    assert scene.guide is None or low <= scene.guide <= high


@given(st.lists(st.integers(-400, 400), min_size=1, max_size=40), st.sampled_from([-9, 9]))
def test_scaling_the_loss_changes_no_tone(values: list[int], decades: int):
    before, after = scene_of(*values), scene_of(*(value + decades for value in values))
    assert [bar.tone for bar in before.bars] == [bar.tone for bar in after.bars]
    assert (before.guide is None) == (after.guide is None)


def test_bars_far_below_the_output_layer_are_told_apart_by_a_guide():
    scene = scene_of(-12.0, -9.1, -8.9, -2.0)
    assert [bar.tone for bar in scene.bars] == [Tone.ALERT, Tone.ALERT, Tone.MEASURED, Tone.MEASURED]
    assert scene.guide == -9.0
    assert scene.guide_label == "10⁻⁷ of the output layer"


def test_flat_profile_has_no_guide_and_no_alert():
    scene = scene_of(-24.0, -24.1, -24.0)
    assert scene.guide is None
    assert scene.guide_label == ""
    assert {bar.tone for bar in scene.bars} == {Tone.MEASURED}


def test_zero_nan_and_infinity_become_marks():
    bars = scene_of(-math.inf, math.nan, math.inf, -1.0).bars
    assert [bar.mark for bar in bars] == [Mark.ZERO, Mark.NAN, Mark.INFINITE, None]
    assert [bar.text for bar in bars[:3]] == ["layer 1: exactly 0", "layer 2: not a number", "layer 3: infinite"]
    assert [bar.tone for bar in bars] == [Tone.ALERT, Tone.ALERT, Tone.ALERT, Tone.MEASURED]


def test_network_without_any_gradient_alerts_nobody():
    scene = scene_of(-math.inf, -math.inf)
    assert {bar.tone for bar in scene.bars} == {Tone.MEASURED}
    assert scene.guide is None


@pytest.mark.parametrize(("route", "tone"), [("symbolic", Tone.SYMBOLIC), ("theory", Tone.THEORY)])
def test_other_routes_keep_their_own_tone(route: str, tone: Tone):
    assert {bar.tone for bar in scene_of(-40.0, -1.0, route=route).bars} == {tone}


def test_the_one_number_that_is_pointed_at_is_readable_and_has_all_its_digits_behind_it():
    assert scene_of(math.log10(1.44123456789e-14)).bars[0].text == "layer 1: 1.441×10⁻¹⁴ (1.44123456789e-14)"
    assert scene_of(math.log10(0.02)).bars[0].text == "layer 1: 0.02", "there are no more"


def test_huge_span_keeps_few_ticks():
    scene = scene_of(-120.0, 60.0)
    assert scene.y_range == (-128.0, 61.0)
    assert scene.y_ticks == (-100.0, -50.0, 0.0, 50.0)


def test_scene_says_what_it_shows():
    scene = profile_scene(profile([-1.0], quantity="delta"), "title", "subtitle")
    assert (scene.title, scene.subtitle, scene.step, scene.quantity) == ("title", "subtitle", 7, "delta")
    assert scene.y_label == "gradient norm |∂L/∂z|"


def test_a_prediction_lies_over_the_bars_and_the_axis_holds_it():
    measured = profile([-2.0, -1.0])
    predicted = msgspec.structs.replace(
        measured, route="theory", log10_norm=np.array([-9.0, -1.0]), log10_deviation=np.array([0.5, 0.1])
    )
    scene = profile_scene(measured, "title", "step 0", predicted)
    assert scene.theory is not None
    assert scene.theory.log10 == (-9.0, -1.0)
    assert scene.theory.label.endswith("measured/predicted 3.16×10³")
    assert scene.y_range[0] <= -9.0
    near = profile_scene(
        measured, "title", "step 0", msgspec.structs.replace(predicted, log10_norm=measured.log10_norm)
    )
    assert near.theory is not None
    assert near.theory.label.endswith("measured/predicted 1")


def test_a_prediction_of_another_quantity_is_not_drawn():
    measured = profile([-2.0, -1.0])
    other = msgspec.structs.replace(measured, route="theory", quantity="state", log10_deviation=np.array([0.5, 0.1]))
    assert profile_scene(measured, "title", "step 0", other).theory is None
