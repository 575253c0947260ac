"""The table of a sweep as a map: means, what is missing, what broke down, and the words of a cell."""

import math

import numpy as np

from vgdesk.present.sweep_map import NO_FIELD, axis_label, cell_words, sweep_map


def row(accuracy: float = 0.5, outcome: str = "completed", **at: object) -> dict[str, object]:
    return {"accuracy": accuracy, "loss": 0.25, "log10_gain": math.nan, "outcome": outcome, **at}


def drawn(rows, fields=("seed", "depth"), values=((0, 1), (2, 4)), limits=()):
    return sweep_map(rows, fields, "accuracy", values, "a title", limits, "5 ξ_c")


def test_a_cell_is_the_mean_over_the_other_axes_and_unknown_cells_are_nan():
    rows = [row(0.2, seed="0", depth="2", width="8"), row(0.6, seed="0", depth="2", width="16")]
    scene = drawn(rows)
    assert scene.values[0, 0] == 0.4
    assert np.isnan(scene.values).sum() == 3
    assert "1 of 4 cells" in scene.subtitle


def test_what_broke_down_is_told_from_what_is_still_to_come():
    scene = drawn([row(math.nan, seed="1", depth="4"), row(0.5, seed="0", depth="2")])
    assert scene.broken is not None
    assert np.argwhere(scene.broken).tolist() == [[1, 1]]


def test_a_sweep_of_one_field_is_a_map_of_one_row():
    scene = drawn([row(0.3, seed="1")], ("seed", NO_FIELD), ((0, 1), ("",)))
    assert scene.values.shape == (1, 2)
    assert scene.values[0, 1] == 0.3
    assert "over seed" in scene.subtitle
    assert " and " not in scene.subtitle


def test_the_line_stands_between_columns_and_rows_and_leaves_the_map_through_its_edge():
    scene = drawn([], limits=((0.0, 3.0), (0.25, math.nan), (0.5, 6.0), (1.0, math.inf)))
    assert scene.line[0] == (0.0, 0.5)
    assert math.isnan(scene.line[1][1])
    assert scene.line[2] == (0.5, 2.0)
    assert scene.line[3][1] > 2.0
    assert scene.has_line


def test_a_line_beyond_all_rows_or_over_columns_in_no_order_is_none():
    assert not drawn([], limits=((0.0, 100.0), (1.0, 200.0))).has_line
    scene = drawn([], values=((0, 2, 1), (2, 4)), limits=((0.0, 3.0), (1.0, 3.0)))
    assert math.isnan(scene.line[0][0])


def test_the_words_of_a_cell_hold_its_numbers_and_what_broke_down():
    point = ("0.123456", "4")
    assert cell_words(("sigma_w", "depth"), point, []) == "σ_w 0.123, depth 4: not trained yet"
    one = cell_words(("sigma_w", "depth"), point, [row(0.5)])
    assert one == "σ_w 0.123, depth 4: accuracy 0.5, loss 0.25"
    two = cell_words(("sigma_w", "depth"), point, [row(0.5), row(math.nan, "non-finite")])
    assert two.endswith("1 of 2 broke down (mean of 2)")


def test_words_along_an_axis_stay_words():
    assert axis_label("tanh") == "tanh"
    assert [axis_label(name) for name in ("relu", "elu(0.5)", "glorot")] == ["ReLU", "ELU (α = 0.5)", "Glorot"]
    assert axis_label("2.38793") == "2.39"
