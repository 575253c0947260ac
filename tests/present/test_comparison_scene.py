"""Runs side by side: common axes, one range of colours, names that say what differs, looks that need no colour."""

import itertools

import msgspec
import numpy as np
import pytest

from tests.histories import history, vanishing_history
from vgdesk.diagnosis.kept import kept_run
from vgdesk.errors import SpecError
from vgdesk.present.comparison import comparison_scene, run_names
from vgdesk.present.run_look import look_of
from vgdesk.present.scenes import Mark
from vgdesk.records.comparison import MOST_RUNS, KeptRun, check_count, thinned
from vgdesk.records.places import Places
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied

A = example("digits-sigmoid-20")


def run(record=None, **changes) -> KeptRun:
    experiment = A
    for field, value in changes.items():
        experiment = varied(experiment, field, value)
    return kept_run(experiment, record or vanishing_history(30, 5))


def test_all_profiles_share_one_log_axis_that_holds_every_value():
    scene = comparison_scene([run(), run(history([1.0], [[-40.0, -20.0, 3.0]]), activation="tanh")]).profiles
    low, high = scene.y_range
    values = np.concatenate([line.y for line in scene.lines])
    assert low <= values.min()
    assert high >= values.max()
    assert scene.x_range == (0.5, 5.5)


def test_all_heat_maps_share_one_range_of_colours_and_the_rows_of_the_deepest():
    scene = comparison_scene([run(), run(vanishing_history(10, 9), depth=9)]).heatmaps
    assert scene.maps[0].colour_range == scene.maps[1].colour_range
    assert scene.places == 9
    assert np.nanmin(scene.maps[1].values) >= scene.maps[0].colour_range[0]


def test_a_run_is_named_by_what_differs_from_the_first():
    assert run_names([run(), run(activation="tanh"), run()]) == (
        "A · Sigmoid, 20 layers × 16, on digits",
        "B · activation sigmoid → tanh in layers 1–19",
        "C · the same again",
    )


def titled(title: str) -> KeptRun:
    """Returns a run that differs in so much that its title must name it."""
    found = run(activation="tanh", learning_rate=0.3, depth=7)
    return msgspec.structs.replace(found, experiment=msgspec.structs.replace(found.experiment, title=title))


def test_a_treated_run_is_named_by_its_remedy_however_long_the_title_before_it():
    words = "+ batch normalisation and residual connections"
    other = "A network of somebody else with a name of many letters"
    found = run_names([run(), titled(f"{A.title} {words}"), titled(f"{other} {words[:30]}"), titled(other)])
    assert found[1:] == (f"B · A {words}", f"C · A network of som… {words[:30]}", f"D · {other[:47]}…")


def test_the_table_has_of_two_layers_the_factor_that_the_verdict_judges():
    norms = np.tile([-1.9, 0.0], (30, 1))
    table = comparison_scene([run(), run(history([1.0] * 30, norms, quantities={"state": norms}))]).table
    row = dict(zip(table.head, table.rows[1], strict=True))
    assert (row["γ"], row["γᴸ"], row["verdict"]) == ("0.013", "0.013", "healthy")


def test_no_two_runs_look_alike_without_colour():
    looks = [look_of(place) for place in range(MOST_RUNS)]
    told = [(look.dash, look.marker, look.is_hollow) for look in looks]
    assert len(set(told)) == MOST_RUNS
    for one, other in itertools.pairwise(looks):
        assert one.tone is not other.tone


def test_a_loss_that_explodes_does_not_press_the_others_flat():
    exploding = history([2.0, 2.0, 2.0, 1e9, 1e9, 1e9])
    scene = comparison_scene([run(history([2.0] * 6)), run(exploding, seed=1)]).losses
    assert scene.y_range == (0.0, 6.0)
    assert scene.note == "B leaves the axis at step 3"


def test_a_loss_that_is_not_finite_is_said_with_its_step():
    scene = comparison_scene([run(), run(history([2.0, np.nan, np.nan]), seed=1)]).losses
    assert "the loss of B is first not finite at step 1" in scene.note


def test_losses_of_different_kinds_carry_a_warning():
    other = kept_run(example("insurance"), history([0.1, 0.1]))
    assert comparison_scene([run(), other]).losses.note.startswith("the losses are of different kinds")


def test_an_exact_zero_is_a_mark_and_no_small_number():
    line = comparison_scene([run(history([1.0], [[-np.inf, -3.0, 0.0]]))]).profiles.lines[0]
    assert line.marks == ((1.0, Mark.ZERO),)
    assert np.isnan(line.y[0])
    assert line.texts[0] == "layer 1: exactly 0"


def test_the_profiles_of_a_step_are_those_of_the_last_recorded_one_before_it():
    thin = history([1.0, 1.0], [[-1.0] * 3, [-5.0] * 3], step_numbers=np.array([0, 10]))
    scene = comparison_scene([run(thin), run(seed=1)], step=9)
    assert scene.profiles.lines[0].y.tolist() == [-1.0] * 3
    assert scene.profiles.subtitle == "A: step 0, B: step 9"


def test_runs_through_time_are_compared_by_what_reaches_the_states():
    states = {"state": np.zeros((2, 4))}
    through_time = kept_run(example("copy-gru"), history([1.0, 1.0], quantities=states, signals=Places.TIME))
    scene = comparison_scene([through_time, through_time])
    assert "∂L/∂h" in scene.profiles.y_label
    assert scene.profiles.x_label == Places.TIME.axis_title


def test_a_run_without_the_quantity_is_named_and_left_out():
    other = history([1.0], quantities={"state": np.zeros((1, 3))})
    scene = comparison_scene([run(), run(other, seed=1)], "weight")
    assert [line.look for line in scene.profiles.lines] == [0]
    assert scene.profiles.note == scene.heatmaps.note == "not recorded by B"
    assert scene.table.rows[1][-3:-1] == ("–", "–")


def test_a_quantity_that_no_run_recorded_is_refused_with_those_there_are():
    with pytest.raises(SpecError, match=r"quantity must be one that a run recorded \(weight, delta\), got 'cell'"):
        comparison_scene([run()], "cell")


def test_one_run_is_no_comparison_and_nine_are_too_many():
    for count in (1, MOST_RUNS + 1):
        with pytest.raises(SpecError, match=f"runs to compare must be 2 to 8, got {count}"):
            check_count(count)


def test_a_thinned_run_keeps_its_first_steps_and_its_last_one():
    long = thinned(vanishing_history(10_000, 3), most=100)
    assert long.rows == 100
    assert long.step_numbers[:50].tolist() == list(range(50))
    assert long.step_numbers[-1] == 9_999
    assert np.all(np.diff(long.step_numbers) > 0)
    assert long.quantities["weight"].shape == (100, 3)
