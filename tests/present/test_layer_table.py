"""The layer table says in words and digits what bars and heat map draw."""

import math

import pytest

from tests.histories import profile, vanishing_history
from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.layer_table import MISSING, LayerTable, layer_table
from vgdesk.present.profile import profile_scene
from vgdesk.present.scenes import ProfileScene


def scene_of(*log10_norm: float) -> ProfileScene:
    return profile_scene(profile(log10_norm), "title", "step 3")


def column(table: LayerTable, name: str) -> list[str]:
    return [row[table.columns.index(name)].shown for row in table.rows]


def test_every_bar_is_a_row_with_its_own_digits():
    scene = scene_of(-14.0, -2.0, 0.5)
    table = layer_table(scene)
    assert [row[1].exact for row in table.rows] == ["1e-14", "0.01", "3.16227766016838"], "as programs read them"
    assert [row[1].told for row in table.rows] == ["1×10⁻¹⁴", "0.01", "3.162 (3.16227766016838)"], "when pointed at"
    assert scene.bars[0].text == "layer 1: 1×10⁻¹⁴", "as people read it"


def test_zero_infinity_and_nan_are_words_and_have_no_ratio():
    table = layer_table(scene_of(-math.inf, math.inf, math.nan, 0.0))
    assert [row[1].shown for row in table.rows] == ["exactly 0", "infinite", "not a number", "1"]
    assert column(table, "Ratio to the last") == [MISSING.shown, MISSING.shown, MISSING.shown, "1"]


def test_ratio_to_the_last_layer_tells_what_vanishes():
    assert column(layer_table(scene_of(-14.0, -2.0, 1.0)), "Ratio to the last") == [
        "10⁻¹⁵".join(("1×", "")),
        "0.001",
        "1",
    ]


def test_ratio_to_the_prediction_is_measured_over_predicted():
    measured, predicted = profile((-3.0, -1.0)), profile((-4.0, -1.0), route="theory")
    predicted = type(predicted)(**{**_fields(predicted), "log10_deviation": predicted.log10_norm * 0 + 0.1})
    table = layer_table(profile_scene(measured, "title", "step 3", predicted))
    assert column(table, "Predicted") == ["0.0001", "0.1"]
    assert column(table, "Ratio to predicted") == ["10", "1"]


def test_columns_of_steps_are_those_of_the_heat_map():
    run = vanishing_history(200, 5)
    scene = profile_scene(run.profile(199), "title", "step")
    heatmap = heatmap_scene(run, "title")
    table = layer_table(scene, heatmap)
    steps = [name for name in table.columns if name.startswith("Step")]
    assert steps[0] == f"Step {heatmap.columns[0]}"
    assert steps[-1] == f"Step {heatmap.columns[-1]}"
    assert [row[-1].exact for row in table.rows] == [row[1].exact for row in table.rows]


def test_copied_table_can_be_read_by_a_spreadsheet():
    rows = [line.split("\t") for line in layer_table(scene_of(-14.0, -2.0)).as_text().splitlines()]
    assert len({len(row) for row in rows}) == 1
    assert float(rows[1][1]) == pytest.approx(1e-14, abs=0)


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}  # pyright: ignore[reportAttributeAccessIssue]
